# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Which class a word belongs to, and its value. One table; a word has one class.

Classes in capitals carry a value that rules receive; the others are little words.
"""

from collections.abc import Iterable

from service.parsing.zones import US_ZONES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_WEEKDAY_FORMS = (
    "mon mons monday mondays", "tue tues tu tuesday tuesdays",
    "wed weds wednesday wednesdays wednes",
    "thu thur thurs th thursday thursdays", "fri fris friday fridays",
    "sat sats saturday saturdays", "sun suns sunday sundays",
)  # fmt: skip
_MONTH_FORMS = (
    "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
    "aug august", "sep sept september", "oct october", "nov november", "dec december",
)  # fmt: skip
_UNITS = {
    "second": "sec secs seconds",
    "minute": "m min mins minute minutes minuets mintues minuts mnts",
    "hour": "h hr hrs hour hours hous",
    "day": "d day days dy dys",
    "workday": "workday workdays",
    "week": "w wk wks week weeks",
    "fortnight": "fortnight fortnights",
    "month": "mo mos mth mths month months",
    "quarter": "qtr qtrs quarters",
    "year": "y yr yrs year years",
    "decade": "decade decades",
    "century": "century centuries",
    "weekend": "weekend",
    "workweek": "workweek workweeks",
    "night": "nights",
}
_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = ["twentieth", "thirtieth"]
_PARTS = {
    "morning": "morning mornin morn",
    "afternoon": "afternoon arvo aft",
    "evening": "evening eve",
    "night": "night nite overnight nighttime",
    "lunchtime": "lunchtime",
    "breakfasttime": "breakfasttime",
    "dinnertime": "dinnertime suppertime",
    "daytime": "daytime",
    "teatime": "teatime",
    "bedtime": "bedtime",
    "dawn": "dawn sunrise daybreak",
    "dusk": "dusk sunset",
}
_LITTLE: dict[str, str] = {
    "a": "a an", "the": "the", "of": "of o'", "on": "on", "at": "at @", "in": "in", "for": "for",
    "from": "from", "starting": "starting starts begins commencing", "since": "since",
    "eod": "eod eob cob",
    "start": "start beginning", "to": "to",
    "until": "until til till 'til thru through untill", "ending": "ending ends finishing finishes",
    "arriving": "arriving arrives arr returns returning", "and": "and & n", "or": "or",
    "between": "between b/w btw betwixt", "after": "after", "before": "before b4", "by": "by",
    "ago": "ago", "earlier": "earlier", "back": "back", "every": "every each evry", "per": "per",
    "past": "past",
    "now": "now", "hence": "hence", "within": "within", "during": "during",
    "other": "other alternate alternating",
    "around": "around about abt approximately approx roughly circa near say", "ish": "ish",
    "half": "half", "quarter": "quarter quater", "oh": "o oh", "clock": "clock",
    "doors": "doors curtain",
    "instead": "instead",
    "kickoff": "ko",
    "yes": "yes yep yeah ok okay sure",
    "oclock": "o'clock oclock", "couple": "couple",
    "few": "few several", "times": "times x occurrences occurences occasions repetitions sessions",
    "once": "once", "twice": "twice", "thrice": "thrice",
    "end": "end", "middle": "middle mid", "early": "early", "late": "late",
    "later": "later", "rest": "rest remaining remainder", "sharp": "sharp exactly", "dot": "dot",
    "except": "except excluding unless but", "not": "not", "is": "is was will are be",
    "inclusive": "inclusive incl",
    "my": "my our your his her their",
    "weekday": "weekday", "weekdays": "weekdays", "everyday": "everyday", "as": "as",
    "hundred": "hundred",
    "thousand": "thousand", "bi": "bi", "semi": "semi", "single": "single", "weekends": "weekends",
    "q": "q", "order": "instance", "whole": "whole entire full", "all": "all", "time": "time",
    "wc": "wc",
    "ordnoun": (
        "floor street st ave avenue road rd blvd boulevard lane grade place item items "
        "team graders division row edition "
        "reich base opinion things attempt draft page chapter version round class gear"
    ),
    "money": (
        "dollars dollar bucks usd eur euros euro pounds gbp cents percent people persons "
        "guests peeps items tickets miles km kilometers pages points degrees books cups cup "
        "tablespoon tablespoons teaspoon teaspoons spoon spoons tsp tbsp kg lb lbs oz inch "
        "inches eggs"
    ),
    "over": "over", "lasting": "runs goes continues extends stretches", "thing": "thing",
    "less": "less", "more": "more", "than": "than", "straight": "consecutive straight",
}  # fmt: skip
_POINTING = {
    "THIS": ("this current", 0),
    "NEXT": ("next nxt", 1),
    "LAST": ("last previous prior final", -1),
    "COMING": ("coming upcoming", 1.0),
    "FOLLOWING": ("following", 1),
}
_FREQUENCIES = {
    "hourly": "HOURLY", "daily": "DAILY", "weekly": "WEEKLY",
    "monthly": "MONTHLY", "yearly": "YEARLY", "annually": "YEARLY", "annual": "YEARLY",
}  # fmt: skip
_LONG_FREQUENCIES = {
    "biweekly": ("WEEKLY", 2), "fortnightly": ("WEEKLY", 2), "bimonthly": ("MONTHLY", 2),
    "quarterly": ("MONTHLY", 3), "semiannually": ("MONTHLY", 6), "semiannual": ("MONTHLY", 6),
    "biannual": ("MONTHLY", 6), "biannually": ("MONTHLY", 6),
    "biyearly": ("YEARLY", 2), "biennially": ("YEARLY", 2),
}  # fmt: skip
_SEASONS = {
    "spring": "spring",
    "summer": "summer",
    "autumn": "autumn",
    "fall": "autumn",
    "winter": "winter",
}
_MEALS = {"lunchtime": "lunch", "dinnertime": "dinner supper", "breakfasttime": "breakfast"}
_DAYS = {"today": 0, "tomorrow": 1, "tom": 1, "yesterday": -1, "overmorrow": 2}

_DAY_LETTERS = {
    "mwf": (0, 2, 4), "mtwrf": (0, 1, 2, 3, 4), "mtwtf": (0, 1, 2, 3, 4), "tth": (1, 3),
    "tuth": (1, 3), "mtwth": (0, 1, 2, 3), "mtw": (0, 1, 2), "mf": (0, 4),
}  # fmt: skip

Entry = tuple[str, object]


def _spread(name: str, forms: Iterable[tuple[object, str]]) -> dict[str, Entry]:
    return {word: (name, value) for value, words in forms for word in words.split()}


def _weekdays() -> dict[str, Entry]:
    plurals = ("mons", "fris", "suns", "sats")
    return {
        word: ("PLURALDAY" if word.endswith("days") or word in plurals else "WEEKDAY", number)
        for number, words in enumerate(_WEEKDAY_FORMS)
        for word in words.split()
    }


def _numbers() -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    for number, word in enumerate(_CARDINALS):
        table[word] = ("SMALL" if number < 10 else "TEEN", number)
    table |= {word: ("TENS", number * 10) for number, word in enumerate(_TENS, 2)}
    table |= {word: ("ORD", number) for number, word in enumerate(_ORDINALS, 1)}
    table |= {word: ("ORD", number * 10) for number, word in enumerate(_TENTHS, 2)}
    table["second"] = ("SECOND", 2)
    return table


def _rare() -> dict[str, Entry]:
    """Return what has a class of its own: zones after a time, decades, ends of periods, nights."""
    table: dict[str, Entry] = {word: ("USZONE", zone) for word, zone in US_ZONES.items()}
    decades = "twenties thirties forties fifties sixties seventies eighties nineties"
    table |= {word: ("DECADE", 1900 + 10 * n) for n, word in enumerate(decades.split(), 2)}
    table |= {
        "eom": ("PERIODEND", "month"),
        "eoy": ("PERIODEND", "year"),
        "eow": ("PERIODEND", "week"),
        "eoq": ("PERIODEND", "quarter"),
    }
    table |= {"yearend": ("PERIODEND", "year"), "penultimate": ("LAST", -2)}
    table |= {"nightly": ("NIGHTS", 7), "weeknights": ("NIGHTS", 5), "weeknight": ("NIGHTS", 5)}
    return table


def _table() -> dict[str, Entry]:
    table: dict[str, Entry] = {
        word: (name, name) for name, words in _LITTLE.items() for word in words.split()
    }
    table |= _weekdays()
    table |= _spread("MONTH", enumerate(_MONTH_FORMS, 1)) | _spread("UNIT", _UNITS.items())
    table |= _spread("PART", _PARTS.items()) | _numbers()
    for name, (words, shift) in _POINTING.items():
        table |= dict.fromkeys(words.split(), (name, shift))
    table |= {word: ("DAY", days) for word, days in _DAYS.items()}
    table |= dict.fromkeys(["tonight", "tonite", "tonigt", "2nite"], ("TONIGHT", 0))
    table |= {word: ("SEASON", name) for word, name in _SEASONS.items()}
    table |= {word: ("FREQ", (freq, 1)) for word, freq in _FREQUENCIES.items()}
    table |= {word: ("FREQ", pair) for word, pair in _LONG_FREQUENCIES.items()}
    table |= dict.fromkeys(["noon", "midday", "noontime", "noonish", "noontide"], ("NOON", 12))
    table |= _spread("MEAL", _MEALS.items())
    table |= {word + "s": ("PARTS", word) for word in ("morning", "afternoon", "evening")}
    table |= {word: ("DAYLIST", numbers) for word, numbers in _DAY_LETTERS.items()}
    table |= _rare()
    table["midnight"] = ("NOON", 0)
    table |= dict.fromkeys(["through", "thru"], ("until", "through"))
    return table


TABLE = _table()
# Words that are only sometimes a weekday or a month; tokens.py looks at their neighbours.
DOUBTFUL = frozenset(
    (
        "am",
        "mon",
        "sat",
        "sun",
        "wed",
        "mar",
        "may",
        "march",
        "suns",
        "sats",
        "mons",
        "dec",
        "jan",
        "april",
        "june",
        "august",
        "nights",
        "tom",
        "tu",
        "th",
        "w",
        "y",
    )
)
