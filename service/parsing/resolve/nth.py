# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""The nth day, weekday, week, month or hour of a longer stretch; negative n counts from its end."""

from datetime import datetime, timedelta

from service.parsing.resolve.arith import DAY, ImpossibleError, Range, add_months, day, week_of


def nth_in(n: int, unit: str | int, inside: Range) -> Range:
    """Return the nth unit or weekday inside a range; ImpossibleError when there is none."""
    if unit in ("week", "workweek"):
        first = week_of(inside.start + 3 * DAY)  # ISO: a week belongs where its Thursday is
        last = week_of(inside.end - 4 * DAY)
        start = first + timedelta(days=7 * (n - 1)) if n > 0 else last + timedelta(days=7 * (n + 1))
        return Range(start, start + 7 * DAY, "week")
    if isinstance(unit, int) or unit in ("weekend", "workday"):
        found = _nth_weekday(n, 5 if unit == "weekend" else unit, inside)
        return Range(found, found + 2 * DAY, "weekend") if unit == "weekend" else day(found)
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}.get(unit)
    if seconds:
        step = timedelta(seconds=seconds)
        start = inside.start + (n - 1) * step if n > 0 else inside.end + n * step
        found_range = Range(start, start + step, unit)
    else:
        months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
        start = (
            add_months(inside.start, months * (n - 1))
            if n > 0
            else add_months(inside.end, months * n)
        )
        found_range = Range(start, add_months(start, months), unit)
    if not inside.start <= start < inside.end:
        raise ImpossibleError(f"there is no {unit} number {n} in that period")
    return found_range


def _nth_weekday(n: int, unit: int | str, inside: Range) -> datetime:
    if unit == "workday":
        days = [inside.start + k * DAY for k in range(min((inside.end - inside.start).days, 400))]
        working = [d for d in days if d.weekday() < 5]
        if abs(n) <= len(working):
            return working[n - 1 if n > 0 else n]
    elif n > 0:
        found = inside.start + ((int(unit) - inside.start.weekday()) % 7 + 7 * (n - 1)) * DAY
        if found < inside.end:
            return found
    else:
        last = inside.end - DAY
        found = last - ((last.weekday() - int(unit)) % 7 + 7 * (-n - 1)) * DAY
        if found >= inside.start:
            return found
    raise ImpossibleError(f"there is no such weekday number {n} in that period")
