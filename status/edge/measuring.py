"""Ask Prometheus how each component was: now, on every day, and minute by minute of late."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from math import isfinite
from typing import Final

from kit.edge.prometheus import QueryRefusedError
from kit.pure.answers import Series
from kit.pure.errors import UnreachableError
from slo.edge.counting import Server
from slo.maintenance import Maintenance
from slo.objective import Objective
from slo.promql import bad_of, bad_share_of, total_of
from slo.windows import PAGES, bad_share
from status.components import Component
from status.measured import DAYS, Day, Kept, Measured, State, Stretch, stretches_of, worst
from status.page import touches

_DAY: Final = timedelta(days=1)
_LATELY: Final = timedelta(days=7)
_STEP: Final = timedelta(minutes=1)
_NOW: Final = timedelta(minutes=5)
_FRESH: Final = "2m"
_BROKEN: Final = 0.5
"""From such a share of bad events a component does not work at this moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where is asked, at which moment, and which windows of maintenance are left out."""

    server: Server
    now: datetime
    windows: tuple[Maintenance, ...] = ()

    @property
    def midnight(self) -> datetime:
        """Return the beginning of today (UTC)."""
        return datetime.combine(self.now.date(), time(), UTC)


def measure(
    server: Server, components: Sequence[Component], now: datetime, windows: Sequence[Maintenance]
) -> dict[str, Measured]:
    """Return what was measured of each component, by its id.

    What Prometheus refuses is not measured, and the component's `problem` says so. Once it does not
    answer at all, it is not asked about the others: each would wait as long.
    """
    whole = now.astimezone(UTC).replace(microsecond=0)
    found: dict[str, Measured] = {}
    for each in components:
        touching = tuple(one for one in windows if touches(one, each))
        try:
            found[each.id] = _component(each, Asked(server, whole, touching))
        except UnreachableError as err:
            rest = [one for one in components if one.id not in found]
            return found | unmeasured(rest, whole, str(err))
    return found


def unmeasured(components: Iterable[Component], now: datetime, problem: str) -> dict[str, Measured]:
    """Return that nothing was measured, and why."""
    days = tuple(Day(day, 0.0, 0.0, None, missed=False) for day in _dates(now))
    return {each.id: Measured(State.UNKNOWN, days, (), problem) for each in components}


def _component(component: Component, asked: Asked) -> Measured:
    try:
        state, days = _now(component, asked), _days(component, asked)
        return Measured(state, days, _stretches(component, asked))
    except QueryRefusedError as err:
        return unmeasured([component], asked.now, str(err))[component.id]


def _walked(component: Component) -> str | None:
    """Return in PromQL whether every journey succeeds, from wherever it is walked."""
    if not component.journeys:
        return None
    return f"min(max by (journey) ({component.walks} >= 0))"


def _now(component: Component, asked: Asked) -> State:
    at_s, states = asked.now.timestamp(), []
    if walked := _walked(component):
        up = _only(asked.server.instant(f"max_over_time({walked}[{_FRESH}:30s])", at_s))
        states.append(State.UNKNOWN if up is None else State.WORKS if up else State.OUTAGE)
    for objective in component.objectives:
        share = _only(asked.server.instant(bad_share_of(objective.indicator, _NOW), at_s))
        states.append(_state_of(share, objective))
    if all(each is State.UNKNOWN for each in states):
        return State.UNKNOWN
    return worst(*(each for each in states if each is not State.UNKNOWN))


def _state_of(share: float | None, objective: Objective) -> State:
    """Judge a moment by the share above which people are paged for the objective."""
    if share is None:
        return State.UNKNOWN
    if share >= _BROKEN:
        return State.OUTAGE
    return State.DEGRADED if share > bad_share(PAGES[0], objective) else State.WORKS


def _days(component: Component, asked: Asked) -> tuple[Day, ...]:
    walked = _walked(component)
    lost = partial(_minutes, "sum", f"1 - {walked}")
    there = partial(_minutes, "count", walked or "")
    days = _daily(asked, partial(_samples, component)) if walked else {}
    down, seen = (_each(asked, each, days) for each in (lost, there))
    out = _parts(asked)
    for day, parts in out.items() if walked else ():
        for end, length in parts:
            gone = _only(asked.server.instant(lost(length), end.timestamp())) or 0.0
            down[day] = max(0.0, down.get(day, 0.0) - gone)
    kept = {each.name: _kept(each, asked, out) for each in component.objectives}
    return tuple(_day(number, component, asked, down, seen, out, kept) for number in range(DAYS))


def _samples(component: Component, length: timedelta) -> str:
    """Return in PromQL how often the journeys were scraped: 0 or nothing is a day to leave out."""
    return f"sum(count_over_time({component.walks}[{_span(length)}]))"


def _each(asked: Asked, ask: Callable[[timedelta], str], days: Iterable[int]) -> dict[int, float]:
    """Return a figure of some days, each in a question of its own.

    Looking at every minute of ninety days at once takes longer than Prometheus allows.
    """
    found = {}
    for ago in days:
        end = asked.now if ago == 0 else asked.midnight - (ago - 1) * _DAY
        value = _only(asked.server.instant(ask(_length(asked, ago)), end.timestamp()))
        if value is not None:
            found[ago] = value
    return found


def _minutes(how: str, expression: str, length: timedelta) -> str:
    """Return in PromQL the sum, or the count, of what an expression is in every minute."""
    return f"{how}_over_time(({expression})[{_span(length)}:1m])"


def _day(
    number: int,
    component: Component,
    asked: Asked,
    down: Mapping[int, float],
    seen: Mapping[int, float],
    out: Mapping[int, list[tuple[datetime, timedelta]]],
    kept: Mapping[str, Mapping[int, Kept]],
) -> Day:
    ago = DAYS - 1 - number
    date = (asked.midnight - ago * _DAY).date()
    passed = 1440.0 if ago else max(1.0, (asked.now - asked.midnight).total_seconds() / 60)
    found = [one for each in component.objectives if (one := kept[each.name].get(ago))]
    shares = [(one.share, one.budget) for one in found if one.share is not None]
    watched = min(1.0, seen.get(ago, 0.0) / passed) if component.journeys else float(bool(shares))
    return Day(
        date,
        min(down.get(ago, 0.0), passed),
        watched,
        max((share for share, _ in shares), default=None),
        missed=any(share > budget + 1e-12 for share, budget in shares),
        maintenance_min=sum(length.total_seconds() / 60 for _, length in out.get(ago, ())),
        length_min=passed,
    )


def _kept(
    objective: Objective, asked: Asked, out: Mapping[int, list[tuple[datetime, timedelta]]]
) -> dict[int, Kept]:
    """Return the events of each day: how many days ago, and what was counted."""
    indicator = objective.indicator

    def sides(length: timedelta) -> tuple[str, str]:
        return bad_of(indicator, length, none_is_zero=True), total_of(indicator, length)

    bad = _daily(asked, lambda length: sides(length)[0])
    total = _daily(asked, lambda length: sides(length)[1])
    found = {}
    for ago, all_of_it in total.items():
        seconds = _length(asked, ago).total_seconds()
        lost_bad = lost = 0.0
        for end, length in out.get(ago, ()):
            part = [_only(asked.server.instant(q, end.timestamp())) or 0.0 for q in sides(length)]
            lost_bad += part[0] * length.total_seconds()
            lost += part[1] * length.total_seconds()
        left = all_of_it * seconds - lost
        known = bad.get(ago)
        gone = None if known is None else max(0.0, known * seconds - lost_bad)
        found[ago] = Kept(gone, left if left > 1e-9 * seconds else 0.0, objective.budget)
    return found


def _daily(asked: Asked, ask: Callable[[timedelta], str]) -> dict[int, float]:
    """Return a figure of each day by how many days ago it was; of today so far, 0."""
    last = asked.midnight.timestamp()
    first = (asked.midnight - (DAYS - 2) * _DAY).timestamp()
    found = {}
    for series in asked.server.range(ask(_DAY), first, last, _DAY.total_seconds()):
        for at, value in zip(series.times, series.values, strict=True):
            if isfinite(value):
                found[1 + round((last - float(at)) / 86400)] = float(value)
    today = asked.server.instant(ask(_length(asked, 0)), asked.now.timestamp())
    if (value := _only(today)) is not None:
        found[0] = value
    return found


def _length(asked: Asked, ago: int) -> timedelta:
    return _DAY if ago else max(timedelta(minutes=2), asked.now - asked.midnight)


def _parts(asked: Asked) -> dict[int, list[tuple[datetime, timedelta]]]:
    """Return what of each day was maintenance: (end, length), by how many days ago."""
    found: dict[int, list[tuple[datetime, timedelta]]] = {}
    for ago in range(DAYS):
        begin = asked.midnight - ago * _DAY
        stop, done = min(begin + _DAY, asked.now), begin
        for window in sorted(asked.windows, key=lambda each: each.start):
            start, end = max(window.start, done), min(window.end, stop)
            if end - start >= _STEP:
                found.setdefault(ago, []).append((end, end - start))
                done = end
    return found


def _stretches(component: Component, asked: Asked) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    if walked := _walked(component):
        found += _looked(asked, f"{walked} == bool 0", State.OUTAGE, _STEP)
    for objective in component.objectives:
        share, limit = bad_share_of(objective.indicator, _NOW), bad_share(PAGES[0], objective)
        found += _looked(asked, f"({share}) > bool {limit:.10g}", State.DEGRADED, _NOW)
    return _merged(
        each
        for each in found
        if not any(
            w.start <= each.start and (each.end or asked.now) <= w.end for w in asked.windows
        )
    )


def _looked(asked: Asked, expression: str, state: State, step: timedelta) -> tuple[Stretch, ...]:
    start = asked.now - _LATELY
    series = asked.server.range(
        expression, start.timestamp(), asked.now.timestamp(), step.total_seconds()
    )
    if not series:
        return ()
    flags = zip(series[0].times, series[0].values, strict=True)
    known = tuple((float(at), bool(value)) for at, value in flags if isfinite(value))
    return stretches_of(known, step, asked.now, state)


def _merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the stretches in order of time; those that overlap are one, as bad as the worst."""
    found: list[Stretch] = []
    for each in sorted(stretches, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is not None and (last.end is None or each.start <= last.end):
            open_one = last.end is None or each.end is None
            end = None if open_one else max(last.end or each.start, each.end or each.start)
            found[-1] = Stretch(last.start, end, worst(last.state, each.state))
        else:
            found.append(each)
    return tuple(found)


def _dates(now: datetime) -> list[date]:
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]


def _span(length: timedelta) -> str:
    return f"{max(1, round(length.total_seconds()))}s"


def _only(found: tuple[Series, ...]) -> float | None:
    return found[0].last if len(found) == 1 else None
