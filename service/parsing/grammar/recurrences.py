"""Rules that repeat: "every other Friday", "the 2nd and last Monday of each month", "weekdays"."""

from collections.abc import Sequence

from service.parsing import feasts
from service.parsing.engine import Item, Rule, Stage
from service.parsing.values import Feast, Fields, Length, NthOf, Numeric, Offset, Repeat, WeekdayRef

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = "MO,TU,WE,TH,FR"
_FREQS = {
    "second": ("SECONDLY", 1), "minute": ("MINUTELY", 1), "hour": ("HOURLY", 1), "day": ("DAILY", 1),
    "night": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1), "decade": ("YEARLY", 10),
}  # fmt: skip
_DAY = "(WEEKDAY|PLURALDAY)"
_DAYS = f"{_DAY} (((comma? (and|or)?)|slash|comma) {_DAY})*"
_NTH = "(ORD|SECOND|LAST)"
_NTHS = f"{_NTH} ((comma? and|comma) {_NTH})*"
_EACH = "(every|per|a|the|FOLLOWING)"


def _unit(unit: str, interval: int = 1) -> Repeat | None:
    if unit == "weekend":
        return Repeat("WEEKLY", interval, (("BYDAY", "SA,SU"),))
    if unit in ("workday", "workweek"):
        return Repeat("WEEKLY", interval, (("BYDAY", WORKDAYS),))
    freq, times = _FREQS.get(unit, ("", 0))
    return Repeat(freq, times * interval) if freq and 0 < interval < 1000 else None


def _other_unit(unit: str) -> Repeat | None:
    return _unit(unit, 2)


def _n_units(n: int, unit: str) -> Repeat | None:
    return _unit(unit, n)


def days(numbers: Sequence[int], interval: int = 1) -> Repeat:
    """Return a weekly rule on these weekdays, in the order of the week."""
    chosen = ",".join(CODES[n] for n in sorted(set(numbers)))
    return Repeat("WEEKLY", interval, (("BYDAY", chosen),))


def weekdays_between(first: int, last: int) -> Repeat:
    """Return the weekly rule from one weekday to another, both included."""
    return days([(first + step) % 7 for step in range((last - first) % 7 + 1)])


def _nth_days(n: int, *weekdays: int) -> Repeat:
    return days(weekdays, n)


def _ordinal_days(n: int, *weekdays: int) -> Repeat | None:
    """ "Every 2nd Friday" skips one; "every 3rd Friday" is the third of the month."""
    if n == 2:
        return days(weekdays, 2)
    return Repeat("MONTHLY", 1, (("BYDAY", ",".join(f"{n}{CODES[day]}" for day in weekdays)),)) if n <= 5 else None


def _weekdays_away(n: int, weekday: int, sign: int) -> Offset | None:
    base = WeekdayRef(weekday, "coming" if sign > 0 else "last")
    return Offset(base, Length(days=7 * (n - 1)), sign) if 0 < n < 500 else None


def _of_items(items: Sequence[Item]) -> Repeat | None:
    """Build "first and third Friday and 2nd Tuesday of every 3 months" from its words."""
    nths: list[int] = []
    chosen: list[str] = []
    months: list[int] = []
    workday, pending, unit, interval = False, False, "month", 1
    before = ""
    for item in items:
        each, before = before == "every" and bool(nths), item.cls
        if each and item.cls in ("ORD", "SECOND"):
            interval = item.value
        elif item.cls in ("ORD", "SECOND", "LAST"):
            nths = [*nths, item.value] if not pending else [item.value]
            pending = False
        elif item.cls in ("WEEKDAY", "PLURALDAY"):
            chosen += [f"{n}{CODES[item.value]}" for n in nths]
            pending = True
        elif item.cls == "weekday":
            workday = True
        elif item.cls == "MONTH":
            months.append(item.value)
        elif item.cls == "UNIT" and item.value == "weekend":
            chosen += [f"{n}SA" for n in nths]
        elif item.cls == "UNIT" and item.value != "day":
            unit = item.value
        elif item.cls == "quarter":
            unit, interval = "month", 3
        elif item.cls == "NUM":
            interval = item.value
        elif item.cls == "other":
            interval = 2
    if not all(-31 <= n <= 31 and n for n in nths):
        return None
    return _nth_rule(nths, chosen, months, unit, interval, workday=workday)


def _nth_rule(
    nths: list[int], chosen: list[str], months: list[int], unit: str, interval: int, *, workday: bool
) -> Repeat | None:
    if months or unit == "year":
        freq = "YEARLY"
    elif unit == "month":
        freq = "MONTHLY"
    else:
        return None
    by: list[tuple[str, str]] = []
    if workday:
        by += [("BYDAY", WORKDAYS), ("BYSETPOS", ",".join(map(str, nths)))]
    elif chosen:
        by.append(("BYDAY", ",".join(dict.fromkeys(chosen))))
    elif freq == "MONTHLY" or months:
        by.append(("BYMONTHDAY", ",".join(map(str, nths))))
    else:
        by.append(("BYYEARDAY", ",".join(map(str, nths))))
    if months:
        by.append(("BYMONTH", ",".join(map(str, months))))
    return Repeat(freq, interval, tuple(by))


def _set_positions(items: Sequence[Item]) -> Repeat:
    """Build "monthly on the first and last instance of Tuesday and Friday"."""
    nths = [str(item.value) for item in items if item.cls in ("ORD", "SECOND", "LAST")]
    weekdays = sorted({item.value for item in items if item.cls in ("WEEKDAY", "PLURALDAY")})
    by = (("BYDAY", ",".join(CODES[n] for n in weekdays)), ("BYSETPOS", ",".join(nths)))
    return Repeat("MONTHLY", 1, by)


def _month_days(items: Sequence[Item]) -> Repeat | None:
    """Build "every Aug on day 20 and 30" or "every 20th and 30th of August"."""
    numbers = [item.value for item in items if item.cls in ("NUM", "ORD", "SECOND")]
    months = [str(item.value) for item in items if item.cls == "MONTH"]
    if not all(1 <= n <= 31 for n in numbers):
        return None
    by = (("BYMONTHDAY", ",".join(map(str, numbers))), ("BYMONTH", ",".join(months)))
    return Repeat("YEARLY", 1, by)


def _freq(pair: tuple[str, int]) -> Repeat:
    return Repeat(*pair)


def _freq_days(pair: tuple[str, int], *weekdays: int) -> Repeat | None:
    return days(weekdays, pair[1]) if pair[0] in ("WEEKLY", "DAILY") else None


def _unit_days(unit: str, *weekdays: int) -> Repeat | None:
    return days(weekdays, 2 if unit == "fortnight" else 1) if unit in ("week", "fortnight") else None


def _n_unit_days(n: int, unit: str, *weekdays: int) -> Repeat | None:
    return days(weekdays, n) if unit == "week" else None


def _first_of(unit: str) -> Repeat | None:
    return {"month": Repeat("MONTHLY", 1, (("BYMONTHDAY", "1"),)), "year": Repeat("YEARLY", 1, (("BYYEARDAY", "1"),))}.get(unit)


def _last_of(unit: str) -> Repeat | None:
    return {"month": Repeat("MONTHLY", 1, (("BYMONTHDAY", "-1"),)), "year": Repeat("YEARLY", 1, (("BYYEARDAY", "-1"),))}.get(unit)


def _monthly_on(pair: tuple[str, int], *numbers: int) -> Repeat | None:
    if pair[0] != "MONTHLY" or not all(1 <= abs(n) <= 31 for n in numbers):
        return None
    return Repeat("MONTHLY", pair[1], (("BYMONTHDAY", ",".join(map(str, numbers))),))


def _several_a(n: int, unit: str) -> Repeat | None:
    """Spread "twice a week" evenly; of other units only the unit is kept."""
    spread = {2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5)}
    if unit == "week" and n in spread:
        return days(spread[n])
    return _unit(unit)


_TAIL = "(of|in) (every|per|a)+ (other|NUM|ORD|SECOND)? (UNIT|quarter)"
_TAIL_THE = f"(of|in) {_EACH}* (other|NUM)? (UNIT|quarter)"
_ON_NTH = f"on? the? {_NTHS} (UNIT|{_DAY}|weekday)"
RECURRENCES = Stage(
    "recurrences",
    [
        Rule("n-weekdays-from-now", "NUM PLURALDAY (from|after) now", "DATE", lambda n, w: _weekdays_away(n, w, 1)),
        Rule("in-n-weekdays", "in NUM PLURALDAY", "DATE", lambda n, w: _weekdays_away(n, w, 1)),
        Rule("n-weekdays-ago", "NUM PLURALDAY ago", "DATE", lambda n, w: _weekdays_away(n, w, -1)),
        Rule("all-days", f"all PLURALDAY", "REPEAT", lambda d: days([d])),
        Rule("day-list", f"(on|the)? {_DAY} ((comma|slash|comma and|and)* {_DAY}) ((comma|slash|comma and|and)* {_DAY})+", "REPEAT", lambda *d: days(d) if len(set(d)) > 2 else None),
        Rule("slashed-days", f"on? {_DAY} slash {_DAY}", "REPEAT", lambda *d: days(d)),
        Rule("every-nth-of-month", f"every the? {_NTHS} (?!WORD|UNIT|WEEKDAY|PLURALDAY|comma|and|MONTH|of|weekday|quarter|half|FEAST)", "REPEAT*", _of_items),
        Rule("every-unit", "(every|per) UNIT", "REPEAT", _unit),
        Rule("every-quarter", "every quarter", "REPEAT", lambda: Repeat("MONTHLY", 3)),
        Rule("every-week-day", "every UNIT UNIT", "REPEAT", lambda a, b: days(range(5)) if (a, b) == ("week", "day") else None),
        Rule("every-single-unit", "every (single|and every) UNIT", "REPEAT", _unit),
        Rule("every-half-unit", "every half a? UNIT", "REPEAT", lambda u: {"hour": Repeat("MINUTELY", 30), "year": Repeat("MONTHLY", 6), "day": Repeat("HOURLY", 12), "minute": Repeat("SECONDLY", 30)}.get(u)),
        Rule("every-quarter-hour", "every quarter (of a)? UNIT", "REPEAT", lambda u: Repeat("MINUTELY", 15) if u == "hour" else Repeat("MONTHLY", 3) if u == "year" else None),
        Rule("every-decimal-units", "every DECIMAL UNIT", "REPEAT", lambda n, u: Repeat("MINUTELY", round(float(n) * 60)) if u == "hour" and 0 < float(n) < 100 else None),
        Rule("other-plural-days", f"other PLURALDAY", "REPEAT", lambda d: days([d], 2)),
        Rule("day-range-every-week", f"(on|FROM)* {_DAY} TO {_DAY} every UNIT", "REPEAT", lambda a, b, u: weekdays_between(a, b) if u == "week" else None),
        Rule("times-frequency", "(once|twice|thrice) FREQ", "REPEAT", _freq),
        Rule("thrice-a-unit", "thrice (a|per|every|in a) UNIT", "REPEAT", lambda unit: _several_a(3, unit)),
        Rule("day-number-of-each", "(on|the)* NUM of every (other)? UNIT", "REPEAT*", lambda items: _of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])),
        Rule("every-month-on-day-number", "every (other)? UNIT (on|the)* UNIT NUM", "REPEAT*", lambda items: _of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])),
        Rule("every-months", "every MONTH ((comma|and)* MONTH)+", "REPEAT", lambda *m: Repeat("YEARLY", 1, (("BYMONTH", ",".join(map(str, m))),))),
        Rule("semi-frequency", "semi dash? FREQ", "REPEAT", lambda pair: {"YEARLY": Repeat("MONTHLY", 6), "MONTHLY": Repeat("MONTHLY", 1, (("BYMONTHDAY", "1,15"),)), "WEEKLY": days((0, 3))}.get(pair[0])),
        Rule("every-other-unit", "every other UNIT", "REPEAT", _other_unit),
        Rule("every-n-units", "every NUM UNIT", "REPEAT", _n_units),
        Rule("every-couple-of-units", "every couple of? UNIT", "REPEAT", _other_unit),
        Rule("every-few-units", "every few UNIT", "REPEAT", lambda unit: _unit(unit, 3)),
        Rule("every-nth-unit", "every (ORD|SECOND) UNIT (?!of)", "REPEAT", _n_units),
        Rule("everyday", "everyday", "REPEAT", lambda: Repeat("DAILY")),
        Rule("every-part", "every (?=PART)", "REPEAT", lambda: Repeat("DAILY")),
        Rule("every-days", f"on? every {_DAYS}", "REPEAT", lambda *d: days(d)),
        Rule("every-day-range", f"on? every {_DAY} TO {_DAY}", "REPEAT", weekdays_between),
        Rule("every-other-days", f"every other {_DAYS}", "REPEAT", lambda *d: days(d, 2)),
        Rule("every-nth-days", f"every (SECOND|NUM) {_DAYS}", "REPEAT", _nth_days),
        Rule("every-ordinal-days", f"every ORD {_DAYS}", "REPEAT", _ordinal_days),
        Rule("every-last-day", f"every LAST {_DAY}", "REPEAT*", _of_items),
        Rule("plural-days", f"on? PLURALDAY (((comma? (and|or)?)|comma|slash) {_DAY})* (?!WORD)", "REPEAT", lambda *d: days(d)),
        Rule("days-plural", f"on? {_DAY} ((comma? (and|or)|comma|slash) {_DAY})* (comma? (and|or)|slash) PLURALDAY", "REPEAT", lambda *d: days(d)),
        Rule("plural-range", "on? PLURALDAY (to|until|dash) PLURALDAY", "REPEAT", weekdays_between),
        Rule("weekdays", "(every|on|during)* weekdays|every other? weekday", "REPEAT", lambda: Repeat("WEEKLY", 1, (("BYDAY", WORKDAYS),))),
        Rule("weekends", "on? weekends|(every|on) weekends|(weekday|weekdays) and weekends", "REPEAT", lambda: Repeat("WEEKLY", 1, (("BYDAY", "SA,SU"),))),
        Rule("frequency", "FREQ", "REPEAT", _freq),
        Rule("bi-frequency", "bi dash? FREQ", "REPEAT", lambda pair: Repeat(pair[0], 2)),
        Rule("frequency-days", f"FREQ (on|every|comma)* {_DAYS}", "REPEAT", _freq_days),
        Rule("frequency-range", f"FREQ on? {_DAY} TO {_DAY}", "REPEAT", lambda _, a, b: weekdays_between(a, b)),
        Rule("bi-frequency-days", f"bi dash? FREQ (on|every)* {_DAYS}", "REPEAT", lambda _, *d: days(d, 2)),
        Rule("every-week-days", f"(every|once a|once every|once per) UNIT (on|every|comma)* {_DAYS}", "REPEAT", _unit_days),
        Rule("every-week-range", f"every UNIT (on|FROM)* {_DAY} TO {_DAY}", "REPEAT", lambda u, a, b: weekdays_between(a, b) if u == "week" else None),
        Rule("every-other-week-days", f"every other UNIT (on|every)* {_DAYS}", "REPEAT", lambda u, *d: days(d, 2) if u == "week" else None),
        Rule("every-n-weeks-days", f"every NUM UNIT on? {_DAYS}", "REPEAT", _n_unit_days),
        Rule("days-every-week", f"on? {_DAYS} (of|in)? every UNIT", "REPEAT", lambda *v: days(v[:-1]) if v[-1] == "week" else None),
        Rule("days-every-other-week", f"on? {_DAYS} (of|in)? every other UNIT", "REPEAT", lambda *v: days(v[:-1], 2) if v[-1] == "week" else None),
        Rule("days-every-n-weeks", f"on? {_DAYS} (of|in)? every NUM UNIT", "REPEAT", lambda *v: days(v[:-2], v[-2]) if v[-1] == "week" else None),
        Rule("once-per-unit", "once (a|per|every|in a) UNIT", "REPEAT", _unit),
        Rule("once-every-n-units", "once (every|in every) NUM UNIT", "REPEAT", _n_units),
        Rule("once-every-other", "once every other UNIT", "REPEAT", _other_unit),
        Rule("twice-a-unit", "twice (a|per|every|in a) UNIT", "REPEAT", lambda unit: _several_a(2, unit)),
        Rule("n-times-a-unit", "NUM times? (a|per|every) UNIT", "REPEAT", _several_a),
        Rule("every-nth-of-the", f"every {_NTHS} {_TAIL_THE}", "REPEAT*", _of_items),
        Rule("nth-of-each", f"(on|every)* the? {_NTHS} {_TAIL}", "REPEAT*", _of_items),
        Rule("nth-unit-of-each", f"(on|every)* the? {_NTHS} UNIT (of|in) every (other|NUM)? (UNIT|quarter)", "REPEAT*", _of_items),
        Rule("every-nth-unit-of", f"every {_NTHS} (UNIT|weekday) (of|in) {_EACH}* (UNIT|quarter)", "REPEAT*", _of_items),
        Rule("nth-days-of-each", f"(on|every)* the? {_NTHS} {_DAY} ((comma? and|comma) the? ({_NTHS})? {_DAY})* (of|in) (every|per|a) (other|NUM)? (UNIT|quarter)", "REPEAT*", _of_items),
        Rule("every-nth-days-of-the", f"every {_NTHS} {_DAY} ((comma? and|comma) ({_NTHS})? {_DAY})* (of|in) {_EACH}* (other|NUM)? (UNIT|quarter)", "REPEAT*", _of_items),
        Rule("nth-workday-of-each", f"(on|every)* the? {_NTHS} weekday (of|in) (every|per|a)+ (UNIT|quarter)", "REPEAT*", _of_items),
        Rule("nth-plural-days", f"(on|every)* the? {_NTH} comma? (and the? {_NTH})+ {_DAY} (of the UNIT)?", "REPEAT*", _of_items),
        Rule("every-nth-day-of-month-name", f"every {_NTHS} ({_DAY}|UNIT) (of|in) MONTH", "REPEAT*", _of_items),
        Rule("every-month-on-nth", f"every (other|NUM)? UNIT comma? (on|at)? the? {_NTHS} ({_DAY}|UNIT|weekday)? (?!MONTH|of MONTH|in MONTH)", "REPEAT*", _of_items),
        Rule("frequency-on-nth", f"FREQ (on|comma)* the? {_NTHS}  {_DAY} (of (every|the|a) UNIT)?", "REPEAT*", lambda items: _of_items(items) if items[0].value[0] == "MONTHLY" else None),
        Rule("frequency-set-positions", f"FREQ on? the? {_NTHS} order of? {_DAY} ((comma|and)* {_DAY})*", "REPEAT*", _set_positions),
        Rule("monthly-on", f"FREQ (on|comma)* the? {_NTH} ((comma? and|comma) the? {_NTH})* (UNIT)? (of (every|the) UNIT)? (?!MONTH|WEEKDAY|of)", "REPEAT*", lambda items: _of_items(items) if items[0].value[0] == "MONTHLY" else None),
        Rule("every-month-start", "every UNIT (at|on|in|from)* the start", "REPEAT", _first_of),
        Rule("start-of-every-month", "(at|on|in)* the? start of every UNIT", "REPEAT", _first_of),
        Rule("every-month-end", "every UNIT (at|on|in|until)* the (end|until|LAST)", "REPEAT", lambda unit, *_: _last_of(unit)),
        Rule("end-of-every-month", "(at|on|in)* the? (end|until) of every UNIT", "REPEAT", _last_of),
        Rule("every-year-on-nth-day-in", f"(every UNIT|FREQ) on? the? {_NTHS} {_DAY} (of|in) MONTH", "REPEAT*", _of_items),
        Rule("every-month-name-on-days", "every MONTH (on|the|UNIT)* (NUM|ORD|SECOND) ((comma? and|comma) the? (NUM|ORD|SECOND))+", "REPEAT*", _month_days),
        Rule("every-month-name-on-day", "every MONTH on the? UNIT? (NUM|ORD|SECOND)", "REPEAT*", _month_days),
        Rule("every-days-of-month-name", "every (NUM|ORD|SECOND) ((comma? and|comma) the? (NUM|ORD|SECOND))+ of? MONTH", "REPEAT*", _month_days),
    ],
)  # fmt: skip


def _yearly(date: object) -> Repeat | None:
    if isinstance(date, Numeric) and not date.year:
        date = Fields(None, *sorted((date.first, date.second)) if date.first > 12 else (date.first, date.second))
    if isinstance(date, Feast) and not date.year:
        by = feasts.yearly(date.name)
        return Repeat("YEARLY", 1, by) if by else None
    if isinstance(date, NthOf) and isinstance(date.unit, int) and isinstance(date.container, Fields) and date.container.month:
        return Repeat("YEARLY", 1, (("BYDAY", f"{date.n}{CODES[date.unit]}"), ("BYMONTH", str(date.container.month))))
    if isinstance(date, Fields) and date.month and date.day and not date.year:
        return Repeat("YEARLY", 1, (("BYMONTH", str(date.month)), ("BYMONTHDAY", str(date.day))))
    if isinstance(date, Fields) and date.day and not date.month and date.weekday is None:
        return Repeat("MONTHLY", 1, (("BYMONTHDAY", str(date.day)),))
    if isinstance(date, Fields) and date.month and not date.year:
        return Repeat("YEARLY", 1, (("BYMONTH", str(date.month)),))
    return None


def _except(repeat: Repeat, *weekdays: int) -> Repeat | None:
    by = dict(repeat.by)
    current = by.get("BYDAY", ",".join(CODES)) if repeat.freq in ("DAILY", "WEEKLY") else ""
    left = [code for code in current.split(",") if code and code not in {CODES[n] for n in weekdays}]
    return Repeat("WEEKLY", repeat.interval, (("BYDAY", ",".join(left)),)) if left else None


EXCEPTIONS = Stage(
    "exceptions",
    [
        Rule("except-days", f"REPEAT comma? (except|not) (on|for)* {_DAYS}", "REPEAT", _except),
        Rule("except-weekends", "REPEAT comma? (except|not) (on|for)* weekends", "REPEAT", lambda r, *_: _except(r, 5, 6)),
        Rule("except-repeat", "REPEAT comma? (except|not) (on|for)* REPEAT", "REPEAT", lambda r, x: _except(r, *[CODES.index(c) for c in dict(x.by).get("BYDAY", "").split(",") if c in CODES])),
        Rule("day-list-with-repeat", "REPEAT and REPEAT", "REPEAT", lambda a, b: days([CODES.index(c) for r in (a, b) for c in dict(r.by)["BYDAY"].split(",")], a.interval) if a.freq == b.freq == "WEEKLY" and all("BYDAY" in dict(r.by) for r in (a, b)) else None),
    ],
)  # fmt: skip
YEARLY = Stage(
    "yearly",
    [
        Rule("every-date", "every DATE", "REPEAT", _yearly),
        Rule("date-every-year", "(on|the)? DATE (of)? REPEAT", "REPEAT", lambda d, r: _yearly(d) if r == Repeat("YEARLY") or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month) else None),
        Rule("every-year-date", "REPEAT (on|comma|the|in)* DATE", "REPEAT", lambda r, d: _yearly(d) if r == Repeat("YEARLY") or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month) else None),
    ],
)

