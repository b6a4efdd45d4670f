# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
# ruff: noqa: PLW0108  # every row of the table is written alike
"""Rules that repeat: "every other Friday", "the 2nd and last Monday of each month", "weekdays"."""

from service.parsing.engine import Rule, Stage
from service.parsing.grammar.anniversaries import yearly, yearly_on
from service.parsing.grammar.repeats import (
    CODES,
    SEASONS,
    WORKDAYS,
    days,
    first_of,
    freq_days,
    last_of,
    month_days,
    n_unit_days,
    n_units,
    nth_days,
    of_frequency,
    of_items,
    of_unit,
    ordinal_days,
    other_unit,
    set_positions,
    several_a,
    unit_days,
    weekdays_away,
    weekdays_between,
    without,
)  # fmt: skip
from service.parsing.values import Fields, Part, Period, Repeat

_DAY = "(WEEKDAY|PLURALDAY)"
_DAYS = f"{_DAY} (((comma? (and|or)?)|slash|comma) {_DAY})*"
_NTH = "(ORD|SECOND|LAST)"
_FREE = "(?<!NEXT|THIS|COMING|LAST|FOLLOWING)"  # "next Friday every 2 weeks" begins on a date
_NTHS = f"{_NTH} ((comma? and|comma) {_NTH})*"
_NUMBER = "(NUM|ORD|SECOND)"
_EACH = "(every|per|a|the|FOLLOWING)"


_TAIL = "(of|in) (every|per|a)+ (other|NUM|ORD|SECOND)? (UNIT|quarter)"
_TAIL_THE = f"(of|in) {_EACH}* (other|NUM)? (UNIT|quarter)"
RECURRENCES = Stage(
    "recurrences",
    [
        Rule("n-weekdays-from-now", "NUM PLURALDAY (from|after) now", "DATE", lambda n, w: weekdays_away(n, w, 1)),
        Rule("in-n-weekdays", "in NUM PLURALDAY", "DATE", lambda n, w: weekdays_away(n, w, 1)),
        Rule("n-weekdays-ago", "NUM PLURALDAY ago", "DATE", lambda n, w: weekdays_away(n, w, -1)),
        Rule("weekends-ago", "NUM weekends ago", "DATE", lambda n: Period("weekend", -n) if n < 100 else None),
        Rule("in-n-weekends", "(in NUM weekends|NUM weekends from now)", "DATE", lambda n: Period("weekend", n) if n < 100 else None),
        Rule("all-days", "all PLURALDAY", "REPEAT", lambda d: days([d])),
        Rule("day-list", f"(on|the)? {_DAY} ((comma|slash|comma and|and)* {_DAY}) ((comma|slash|comma and|and)* {_DAY})+", "REPEAT", lambda *d: days(d) if len(set(d)) > 2 else None),
        Rule("slashed-days", f"on? {_DAY} slash {_DAY}", "REPEAT", lambda *d: days(d)),
        Rule("every-nth-of-month", f"every the? {_NTHS} (?!WORD|UNIT|WEEKDAY|PLURALDAY|comma|and|MONTH|of|weekday|quarter|half|HOLIDAY)", "REPEAT*", of_items),
        Rule("every-unit", "(every|per) UNIT", "REPEAT", of_unit),
        Rule("every-quarter", "every quarter", "REPEAT", lambda: Repeat("MONTHLY", 3)),
        Rule("every-week-day", "every UNIT UNIT", "REPEAT", lambda a, b: days(range(5)) if (a, b) == ("week", "day") else None),
        Rule("every-single-unit", "every (single|and every) UNIT", "REPEAT", of_unit),
        Rule("every-half-unit", "every half a? UNIT", "REPEAT", lambda u: {"hour": Repeat("MINUTELY", 30), "year": Repeat("MONTHLY", 6), "day": Repeat("HOURLY", 12), "minute": Repeat("SECONDLY", 30)}.get(u)),
        Rule("every-quarter-hour", "every quarter (of a)? UNIT", "REPEAT", lambda u: Repeat("MINUTELY", 15) if u == "hour" else Repeat("MONTHLY", 3) if u == "year" else None),
        Rule("every-decimal-units", "every DECIMAL UNIT", "REPEAT", lambda n, u: Repeat("MINUTELY", round(float(n) * 60)) if u == "hour" and 0 < float(n) < 100 else None),
        Rule("other-plural-days", "other PLURALDAY", "REPEAT", lambda d: days([d], 2)),
        Rule("day-range-every-week", f"(on|FROM)* {_DAY} TO {_DAY} every UNIT", "REPEAT", lambda a, b, u: weekdays_between(a, b) if u == "week" else None),
        Rule("times-frequency", "(once|twice|thrice) FREQ", "REPEAT", of_frequency),
        Rule("thrice-a-unit", "thrice (a|per|every|in a) UNIT", "REPEAT", lambda unit: several_a(3, unit)),
        Rule("day-number-of-each", "(on|the)* NUM of every (other)? UNIT", "REPEAT*", lambda items: of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])),
        Rule("every-month-on-day-number", "every (other)? UNIT (on|the)* UNIT NUM", "REPEAT*", lambda items: of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])),
        Rule("nth-of-every-month-name", "(on|every)* the? (ORD|SECOND) of every MONTH", "REPEAT*", month_days),
        Rule("every-unit-of-the-unit", "every UNIT of the UNIT", "REPEAT", lambda a, _: of_unit(a)),
        Rule("every-working-day", "every WORD UNIT", "REPEAT", lambda word, u: days(range(5)) if u == "day" and word in ("working", "business", "work", "school") else None),
        Rule("every-months", "every MONTH ((comma|and)* MONTH)+", "REPEAT", lambda *m: Repeat("YEARLY", 1, (("BYMONTH", ",".join(map(str, m))),))),
        Rule("semi-frequency", "semi dash? FREQ", "REPEAT", lambda pair: {"YEARLY": Repeat("MONTHLY", 6), "MONTHLY": Repeat("MONTHLY", 1, (("BYMONTHDAY", "1,15"),)), "WEEKLY": days((0, 3))}.get(pair[0])),
        Rule("every-other-unit", "every other UNIT", "REPEAT", other_unit),
        Rule("every-n-units", "every NUM UNIT", "REPEAT", n_units),
        Rule("every-couple-of-units", "every couple of? UNIT", "REPEAT", other_unit),
        Rule("every-few-units", "every few UNIT", "REPEAT", lambda unit: of_unit(unit, 3)),
        Rule("every-nth-unit", "every (ORD|SECOND) UNIT (?!of)", "REPEAT", n_units),
        Rule("every-nth-week-days", f"every (ORD|SECOND) UNIT (on|every|comma)* {_DAYS}", "REPEAT", n_unit_days),
        Rule("nth-frequency", f"(on|the)* {_NTHS} ({_DAY}|UNIT|weekday)? (of (the|a) UNIT)? FREQ", "REPEAT*", lambda items: of_items(items) if items[-1].value == ("MONTHLY", 1) else None),
        Rule("nth-of-the-month-every-month", f"(on|the)* {_NTHS} ({_DAY}|UNIT|weekday)? ((of|in) (the|a) UNIT)? comma? every (other|NUM)? UNIT", "REPEAT*", of_items),
        Rule("n-days-a-unit", "NUM UNIT (a|per) UNIT", "REPEAT", lambda n, day, unit: several_a(n, unit) if day in ("day", "night") and unit in ("week", "month") else None),
        Rule("letters-of-days", "(every|on)? UNIT slash UNIT slash WORD", "REPEAT", lambda m, w, f: days((0, 2, 4)) if (m, w, f) == ("minute", "week", "f") else None),
        Rule("day-letters", "(every|on)? DAYLIST", "REPEAT", days),
        Rule("m-to-f", "(every|on|FROM)* UNIT dash WORD", "REPEAT", lambda unit, letter: days(range(5)) if (unit, letter) == ("minute", "f") else None),
        Rule("days-in-parts", f"(on|every)* {_DAYS} (in the)? (?=PARTS)", "REPEAT", lambda *d: days(d)),
        Rule("in-the-parts", "(every|in the) (?=PARTS)", "REPEAT", lambda: Repeat("DAILY")),
        Rule("weekday-parts", "(every|on)? (weekday|weekdays) (?=PART|PARTS)", "REPEAT", lambda: days(range(5))),
        Rule("weekend-parts", "(every|on)? (weekends|UNIT) (?=PARTS)", "REPEAT", lambda *u: days((5, 6)) if u in ((), ("weekend",)) else None),
        Rule("everyday", "everyday", "REPEAT", lambda: Repeat("DAILY")),
        Rule("every-part", "every (?=PART)", "REPEAT", lambda: Repeat("DAILY")),
        Rule("every-days", f"on? every (single|and every)? {_DAYS}", "REPEAT", lambda *d: days(d)),
        Rule("every-day-range", f"on? every {_DAY} TO {_DAY}", "REPEAT", weekdays_between),
        Rule("every-other-days", f"every other {_DAYS}", "REPEAT", lambda *d: days(d, 2)),
        Rule("every-nth-days", f"every (SECOND|NUM) {_DAYS}", "REPEAT", nth_days),
        Rule("every-ordinal-days", f"every ORD {_DAYS}", "REPEAT", ordinal_days),
        Rule("every-last-day", f"every LAST {_DAY}", "REPEAT*", of_items),
        Rule("plural-days", f"on? PLURALDAY (((comma? (and|or)?)|comma|slash) {_DAY})* (?!WORD)", "REPEAT", lambda *d: days(d)),
        Rule("days-plural", f"on? {_DAY} ((comma? (and|or)|comma|slash) {_DAY})* (comma? (and|or)|slash) PLURALDAY", "REPEAT", lambda *d: days(d)),
        Rule("plural-range", "on? PLURALDAY (to|until|dash) PLURALDAY", "REPEAT", weekdays_between),
        Rule("weekdays", "(every|on|during)* weekdays|every other? weekday", "REPEAT", lambda: Repeat("WEEKLY", 1, (("BYDAY", WORKDAYS),))),
        Rule("weekends", "on? weekends|(every|on) weekends|(weekday|weekdays) and weekends", "REPEAT", lambda: Repeat("WEEKLY", 1, (("BYDAY", "SA,SU"),))),
        Rule("frequency", "FREQ", "REPEAT", of_frequency),
        Rule("nights", "(on|every|during)* NIGHTS", "DAYPARTS", lambda nights: (Repeat("DAILY") if nights == 7 else days(range(nights)), Part("night"))),
        Rule("parts-every-day", "(?<!WORD|MEAL) (in the|on)? PARTS (?=at|around|from|by|CLOCK|NUM AMPM)", "DAYPARTS", lambda part: (Repeat("DAILY"), Part(part))),
        Rule("weekday-and-number", "every WEEKDAY the? ORD", "REPEAT", lambda w, n: Repeat("MONTHLY", 1, (("BYDAY", CODES[w]), ("BYMONTHDAY", str(n)))) if n <= 31 else None),
        Rule("every-season", "every SEASON", "REPEAT", lambda name: Repeat("YEARLY", 1, (("BYMONTH", str(SEASONS[name])),))),
        Rule("days-alternating-weeks", f"on? (every)? {_DAYS} comma? (on|every)* other UNIT", "REPEAT", lambda *v: days(v[:-1], 2) if v[-1] == "week" else None),
        Rule("other-week-on-weekend", "every other UNIT on the? UNIT", "REPEAT", lambda a, b: of_unit("weekend", 2) if (a, b) == ("week", "weekend") else None),
        Rule("year-on-days-of-month", f"(every UNIT|FREQ) (on|the|comma)* MONTH the? {_NUMBER} ((comma? and|comma) the? {_NUMBER})+", "REPEAT*", lambda items: month_days(items[2:] if items[0].cls == "every" else items[1:]) if items[0].value == ("YEARLY", 1) or items[1].value == "year" else None),
        Rule("numbered-day-of-frequency", "on? UNIT NUM (of every UNIT|FREQ)", "REPEAT*", lambda items: of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items]) if any(i.value == "day" for i in items) and items[-1].value in ("month", ("MONTHLY", 1)) else None),
        Rule("bi-frequency", "bi dash? FREQ", "REPEAT", lambda pair: Repeat(pair[0], 2)),
        Rule("frequency-days", f"FREQ (on|every|comma)* {_DAYS}", "REPEAT", freq_days),
        Rule("frequency-range", f"FREQ on? {_DAY} TO {_DAY}", "REPEAT", lambda _, a, b: weekdays_between(a, b)),
        Rule("bi-frequency-days", f"bi dash? FREQ (on|every)* {_DAYS}", "REPEAT", lambda _, *d: days(d, 2)),
        Rule("every-week-days", f"(every|once a|once every|once per) UNIT (on|every|comma)* {_DAYS}", "REPEAT", unit_days),
        Rule("every-week-range", f"every UNIT (on|FROM)* {_DAY} TO {_DAY}", "REPEAT", lambda u, a, b: weekdays_between(a, b) if u == "week" else None),
        Rule("every-other-week-days", f"every other UNIT (on|every)* {_DAYS}", "REPEAT", lambda u, *d: days(d, 2) if u == "week" else None),
        Rule("every-n-weeks-days", f"every NUM UNIT (on|every|comma)* {_DAYS}", "REPEAT", n_unit_days),
        Rule("days-every-week", f"{_FREE} on? {_DAYS} (of|in)? every UNIT", "REPEAT", lambda *v: days(v[:-1]) if v[-1] == "week" else None),
        Rule("days-every-other-week", f"{_FREE} on? {_DAYS} (of|in)? every other UNIT", "REPEAT", lambda *v: days(v[:-1], 2) if v[-1] == "week" else None),
        Rule("days-every-n-weeks", f"{_FREE} on? {_DAYS} (of|in)? every NUM UNIT", "REPEAT", lambda *v: days(v[:-2], v[-2]) if v[-1] == "week" else None),
        Rule("once-per-unit", "once (a|per|every|in a) UNIT", "REPEAT", of_unit),
        Rule("once-every-n-units", "once (every|in every|in|per) NUM UNIT", "REPEAT", n_units),
        Rule("once-every-other", "once every other UNIT", "REPEAT", other_unit),
        Rule("twice-a-unit", "twice (a|per|every|in a) UNIT", "REPEAT", lambda unit: several_a(2, unit)),
        Rule("n-times-a-unit", "(?<!MONTH|at) NUM (times|time)? (a|per) UNIT|NUM times (every|slash) UNIT", "REPEAT", several_a),
        Rule("every-nth-of-the", f"every {_NTHS} {_TAIL_THE}", "REPEAT*", of_items),
        Rule("nth-of-each", f"(on|every)* the? {_NTHS} {_TAIL}", "REPEAT*", of_items),
        Rule("nth-unit-of-each", f"(on|every)* the? {_NTHS} UNIT (of|in) every (other|NUM)? (UNIT|quarter)", "REPEAT*", of_items),
        Rule("every-nth-unit-of", f"every {_NTHS} (UNIT|weekday) (of|in) {_EACH}* (UNIT|quarter)", "REPEAT*", of_items),
        Rule("nth-days-of-each", f"(on|every)* the? {_NTHS} {_DAY} ((comma? and|comma) the? ({_NTHS})? {_DAY})* (of|in) (every|per|a) (other|NUM)? (UNIT|quarter)", "REPEAT*", of_items),
        Rule("every-nth-days-of-the", f"every {_NTHS} {_DAY} ((comma? and|comma) ({_NTHS})? {_DAY})* (of|in) {_EACH}* (other|NUM)? (UNIT|quarter)", "REPEAT*", of_items),
        Rule("nth-workday-of-each", f"(on|every)* the? {_NTHS} weekday (of|in) (every|per|a)+ (UNIT|quarter)", "REPEAT*", of_items),
        Rule("nth-plural-days", f"(on|every)* the? {_NTH} comma? (and the? {_NTH})+ {_DAY} (of the UNIT)?", "REPEAT*", of_items),
        Rule("every-nth-day-of-month-name", f"every {_NTHS} ({_DAY}|UNIT) (of|in) MONTH", "REPEAT*", of_items),
        Rule("every-month-on-nth", f"every (other|NUM)? UNIT comma? (on|at)? the? {_NTHS} ({_DAY}|UNIT|weekday)? ((comma? and|comma) the? {_NTHS} {_DAY})* (?!MONTH|of MONTH|in MONTH)", "REPEAT*", of_items),
        Rule("frequency-on-nth", f"FREQ (on|comma)* the? {_NTHS}  {_DAY} (of (every|the|a) UNIT)?", "REPEAT*", lambda items: of_items(items) if items[0].value[0] == "MONTHLY" else None),
        Rule("frequency-set-positions", f"FREQ on? the? {_NTHS} order of? {_DAY} ((comma|and)* {_DAY})*", "REPEAT*", set_positions),
        Rule("monthly-on", f"FREQ (on|comma)* the? {_NTH} ((comma? and|comma) the? {_NTH})* (UNIT)? (of (every|the) UNIT)? (?!MONTH|WEEKDAY|of)", "REPEAT*", lambda items: of_items(items) if items[0].value[0] == "MONTHLY" else None),
        Rule("every-month-start", "every UNIT (at|on|in|from)* the start", "REPEAT", first_of),
        Rule("start-of-every-month", "(at|on|in)* the? start of every UNIT", "REPEAT", first_of),
        Rule("every-month-end", "every UNIT (at|on|in|until)* the (end|until|LAST)", "REPEAT", lambda unit, *_: last_of(unit)),
        Rule("end-of-every-month", "(at|on|in)* the? (end|until) of every UNIT", "REPEAT", last_of),
        Rule("every-year-on-nth-day-in", f"(every UNIT|FREQ) on? the? {_NTHS} {_DAY} (of|in) MONTH", "REPEAT*", of_items),
        Rule("every-month-name-on-days", "every MONTH (on|the|UNIT)* (NUM|ORD|SECOND) ((comma? and|comma) the? (NUM|ORD|SECOND))+", "REPEAT*", month_days),
        Rule("every-month-name-on-day", "every MONTH on the? UNIT? (NUM|ORD|SECOND)", "REPEAT*", month_days),
        Rule("every-days-of-month-name", "every (NUM|ORD|SECOND) ((comma? and|comma) the? (NUM|ORD|SECOND))+ of? MONTH", "REPEAT*", month_days),
    ],
)  # fmt: skip


EXCEPTIONS = Stage(
    "exceptions",
    [
        Rule("parts-of-days", "PARTS", "PART", lambda part: part),
        Rule("except-days", f"REPEAT comma? (except|not) (on|for)* {_DAYS}", "REPEAT", without),
        Rule("except-weekends", "REPEAT comma? (except|not) (on|for)* weekends", "REPEAT", lambda r, *_: without(r, 5, 6)),
        Rule("except-repeat", "REPEAT comma? (except|not) (on|for)* REPEAT", "REPEAT", lambda r, x: without(r, *[CODES.index(c) for c in dict(x.by).get("BYDAY", "").split(",") if c in CODES])),
        Rule("day-list-with-repeat", "REPEAT and REPEAT", "REPEAT", lambda a, b: days([CODES.index(c) for r in (a, b) for c in dict(r.by)["BYDAY"].split(",")], a.interval) if a.freq == b.freq == "WEEKLY" and all("BYDAY" in dict(r.by) for r in (a, b)) else None),
    ],
)  # fmt: skip
_HOLIDAYS = frozenset(("holidays", "holiday"))
EXCEPTED = Stage(
    "what a rule leaves out",
    [
        Rule("except-dates", "comma? (except|not) (on|for|in|during|the)* (DATE|SPAN) ((comma|and)* the? DATE)*", "EXCEPT", lambda *dates: dates),
        Rule("except-days-apart", "comma? (except|not) (on|for|the)* REPEAT", "EXCEPT", lambda days: (days,) if dict(days.by).keys() == {"BYDAY"} else None),
        Rule("except-holidays", "(comma|and)* (except|not|and) (on|for|WORD)* WORD", "EXCEPT", lambda *words: ("holidays",) if words[-1] in _HOLIDAYS else None),
    ],
)  # fmt: skip
YEARLY = Stage(
    "yearly",
    [
        Rule("every-date", "every DATE", "REPEAT", yearly),
        Rule("every-of-several-dates", "every DATE ((comma? and|comma) DATE)+", "REPEAT", yearly_on),
        Rule("every-year-on-dates", "REPEAT (on|comma|the|in)* DATE ((comma? and|comma) DATE)+", "REPEAT", lambda r, *dates: yearly_on(*dates) if r == Repeat("YEARLY") else None),
        Rule("date-every-year", "(on|the)? DATE (of)? REPEAT", "REPEAT", lambda d, r: yearly(d) if r == Repeat("YEARLY") or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month) else None),
        Rule("every-year-date", "REPEAT (on|comma|the|in)* DATE", "REPEAT", lambda r, d: yearly(d) if r == Repeat("YEARLY") or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month) else None),
    ],
)  # fmt: skip
