# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""Which class a German word belongs to, and its value; the classes are those of every grammar."""

from collections.abc import Iterable
from itertools import product

from service.parsing.patterns import later
from service.parsing.values import Holiday, Length

Entry = tuple[str, object]

_WEEKDAYS = (
    "montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr",
    "samstag sonnabend sa", "sonntag so",
)  # fmt: skip
_MONTHS = (
    "januar jänner jan", "februar feb", "märz maerz mär mrz", "april apr", "mai", "juni jun",
    "juli jul", "august aug", "september sep sept", "oktober okt", "november nov", "dezember dez",
)  # fmt: skip
_UNITS = {
    "second": "sekunde sekunden sek",
    "minute": "minute minuten min",
    "hour": "stunde stunden std h",
    "day": "tag tage tagen tages",
    "workday": "werktag werktage werktagen arbeitstag arbeitstage arbeitstagen",
    "week": "woche wochen",
    "month": "monat monate monaten monats",
    "quarter": "quartal quartals quartale",
    "year": "jahr jahre jahren jahres",
    "weekend": "wochenende wochenenden wochenendes",
    "night": "nächte nächten",
}
_LITTLE = {
    "the": "der die das dem den des", "a": "ein eine einen einem einer eines", "on": "am an",
    "arriving": "ankunft abreise rückkehr rückgabe",
    "at": "um", "in": "in im", "for": "für fuer", "from": "von vom", "starting": "ab",
    "to": "zu zum zur", "until": "bis", "between": "zwischen", "and": "und &", "or": "oder",
    "after": "nach", "before": "vor", "every": "jeden jede jedes jeder jedem", "all": "alle allen",
    "half": "halb halbe halben halbes", "quarter": "viertel", "three": "dreiviertel",
    "now": "jetzt",
    "around": "gegen ca circa etwa ungefähr", "oclock": "uhr", "during": "während", "not": "nicht",
    "except": "außer ausser", "times": "mal", "per": "pro", "end": "ende", "start": "anfang beginn",
    "middle": "mitte", "late": "spät später", "wc": "kw kalenderwoche", "again": "lang",
    "is": "ist war sind",
}  # fmt: skip
_PARTS = {
    "morning": "vormittag vormittags morgens früh frueh",
    "lunchtime": "mittag mittags",
    "afternoon": "nachmittag nachmittags",
    "evening": "abend abends",
    "night": "nacht nachts",
}
_POINTING = {
    "THIS": ("diese diesen dieser dieses diesem", 0),
    "NEXT": ("nächste nächsten nächster nächstes nächstem naechste naechsten", 1),
    "COMING": ("kommende kommenden kommender kommendes kommendem", 1),
    "FOLLOWING": ("übernächste übernächsten übernächster übernächstes übernächstem", 2),
    "LAST": ("letzte letzten letzter letztes letztem vergangene vergangenen vergangenes", -1),
}
_DAYS = {
    "heute": 0, "morgen": 1, "übermorgen": 2, "uebermorgen": 2, "gestern": -1, "vorgestern": -2,
}  # fmt: skip
_FREQUENCIES = {
    "stündlich": ("HOURLY", 1), "täglich": ("DAILY", 1), "wöchentlich": ("WEEKLY", 1),
    "zweiwöchentlich": ("WEEKLY", 2), "vierzehntägig": ("WEEKLY", 2), "monatlich": ("MONTHLY", 1),
    "vierteljährlich": ("MONTHLY", 3), "quartalsweise": ("MONTHLY", 3),
    "halbjährlich": ("MONTHLY", 6), "jährlich": ("YEARLY", 1),
}  # fmt: skip
_HOLIDAYS = {
    "weihnachten": "christmas", "heiligabend": "christmas eve", "silvester": "new years eve",
    "neujahr": "new year", "ostern": "easter", "ostersonntag": "easter",
    "ostermontag": "easter monday", "karfreitag": "good friday",
    "karsamstag": "holy saturday", "ostersamstag": "holy saturday",
    "gründonnerstag": "maundy thursday", "pfingsten": "pentecost", "pfingstsonntag": "pentecost",
    "pfingstmontag": "whit monday", "himmelfahrt": "ascension day",
    "fronleichnam": "corpus christi",
    "nikolaus": "st nicholas", "valentinstag": "valentine", "muttertag": "mothers day",
    "allerheiligen": "all saints day", "aschermittwoch": "ash wednesday",
    "palmsonntag": "palm sunday",
}  # fmt: skip
_MEALS = {"breakfasttime": "frühstück", "lunchtime": "mittagessen", "dinnertime": "abendessen"}
_ONES = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_TEENS = "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
_ORDINALS = "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft".split()
_TIMES = {"einmal": 1, "zweimal": 2, "dreimal": 3, "viermal": 4, "fünfmal": 5, "sechsmal": 6,
          "achtmal": 8, "zehnmal": 10, "zwölfmal": 12}  # fmt: skip
_LENGTHS = {
    "viertelstunde": Length(seconds=900), "dreiviertelstunde": Length(seconds=2700),
    "halbstunde": Length(seconds=1800),
}  # fmt: skip
_AND_A_HALF = {"anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "dreieinhalb": "3.5"}
_DAYTIMES = {
    "morgen": "morning", "vormittag": "morning", "mittag": "lunchtime", "nachmittag": "afternoon",
    "abend": "evening", "nacht": "night",
}  # fmt: skip


# What is to be done by a day: "bis 31. Juli abgeben".
_DUTIES = (
    "abgeben einreichen zahlen bezahlen überweisen erledigen fertigstellen beantragen kündigen "
    "anmelden melden abschicken zurückgeben zurückschicken einzahlen begleichen verlängern fertig "
    "abgabe fällig besorgen kaufen schicken abholen klären vorbereiten schreiben"
)


def _spread(name: str, forms: Iterable[tuple[object, str]]) -> dict[str, Entry]:
    return {word: (name, value) for value, words in forms for word in words.split()}


def _numbers() -> dict[str, Entry]:
    """Return the numbers in words up to 99, and the ordinals up to 31st."""
    said = dict(enumerate((*_ONES, *_TEENS)))
    said |= {ten * 10: word for ten, word in enumerate(_TENS, 2)}
    for (ten, tens), (one, ones) in product(enumerate(_TENS, 2), enumerate(_ONES[1:10], 1)):
        said[ten * 10 + one] = f"{'ein' if one == 1 else ones}und{tens}"
    table: dict[str, Entry] = {word: ("NUM", number) for number, word in said.items()}
    stems = dict(enumerate(_ORDINALS, 1))
    stems |= {n: f"{said[n]}t" for n in range(13, 20)} | {n: f"{said[n]}st" for n in range(20, 32)}
    for number, stem in stems.items():
        table |= {stem + ending: ("ORD", number) for ending in ("e", "en", "er", "es", "em")}
    table["siebente"] = table["siebenten"] = ("ORD", 7)
    return table


def _weekdays() -> dict[str, Entry]:
    """Return "montag", "montags" and "montagabend"."""
    table = _spread("WEEKDAY", enumerate(_WEEKDAYS))
    for number, words in enumerate(_WEEKDAYS):
        for word in words.split():
            if word.endswith(("tag", "woch", "abend")):
                table[f"{word}s"] = ("PLURALDAY", number)
                table |= {
                    word + daytime: ("DAYTIME", (number, part))
                    for daytime, part in _DAYTIMES.items()
                }
    return table


def _table() -> dict[str, Entry]:
    table: dict[str, Entry] = {
        word: (name, name) for name, words in _LITTLE.items() for word in words.split()
    }
    table |= _spread("MONTH", enumerate(_MONTHS, 1)) | _spread("UNIT", _UNITS.items())
    table |= _spread("PART", _PARTS.items()) | _spread("MEAL", _MEALS.items())
    for name, (words, shift) in _POINTING.items():
        table |= dict.fromkeys(words.split(), (name, shift))
    table |= {word: ("DAY", days) for word, days in _DAYS.items()}
    table |= {word: ("FREQ", pair) for word, pair in _FREQUENCIES.items()}
    table |= {word: ("HOLIDAY", Holiday(name)) for word, name in _HOLIDAYS.items()}
    table |= _numbers() | _weekdays()
    table |= {word: ("TIMESOF", number) for word, number in _TIMES.items()}
    table |= {word: ("LENGTH", length) for word, length in _LENGTHS.items()}
    table |= {word: ("DECIMAL", text) for word, text in _AND_A_HALF.items()}
    table |= dict.fromkeys(_DUTIES.split(), ("due", "due"))
    table |= {"mitternacht": ("NOON", 0), "werktags": ("weekdays", "weekdays")}
    table |= {word.replace("ß", "ss"): entry for word, entry in table.items() if "ß" in word}
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        more = {w.replace(umlaut, letters): entry for w, entry in table.items() if umlaut in w}
        table |= {word: entry for word, entry in more.items() if word not in table}
    return table


TABLE: dict[str, Entry] = _table()
# Short names of weekdays that are words as well: "so", "do".
DOUBTFUL = frozenset(("mo", "di", "mi", "do", "fr", "sa", "so", "mal", "lang"))
# What English and names have too, and therefore tells nothing.
_SHARED = frozenset(
    (
        "am an in im um so do mi di mo fr sa die den des das dem was war is all min mal h ab vor "
        "april august september november jan feb apr jun jul aug sep sept nov ende per & end "
        "again lang dez okt mai std sek start beginn circa ca von zum zur to late half drei "
        "acht neun elf null quartal minute minuten"
    ).split()
)
TELLTALE = (frozenset(word for word in TABLE if word not in _SHARED)) | frozenset(
    (
        "mit bei beim für und oder nicht ich wir mir mich uns bitte ist sind habe haben kannst "
        "könntest möchte muss termin treffen besprechung zahnarzt arzt erinnere eintragen trage "
        "plane verschiebe lösche absagen geburtstag im vom um bis auf"
    ).split()
)
# How long words end that only German has: "Arzttermin", "Elternabend".
ENDINGS = (
    "termin", "besprechung", "sitzung", "abend", "prüfung", "untersuchung", "treffen", "geburtstag",
    "urlaub", "feier", "stunde", "versammlung", "kurs", "gespräch", "führung", "wanderung",
)  # fmt: skip
# "am 5." and "am Do" lead to a day; "9 am 5.", "am 7.30" and "I am 5." do not.
AM_DAY = later(
    r"(?<![\d.])\d{1,2}\. ?mai\b|\b(?:di|mi|fr)\.?,? \d{1,2}(?:[-:.]| uhr|h\b|$)"
    r"|am (?<![^ ]am )(?<!\bi am )"
    r"(?:(?<!\d am )\d{1,2}\.(?!\d\d(?![\d.]))|(?:mo|di|mi|do|fr|sa)(?![\w'-]))"
)
