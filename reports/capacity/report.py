"""What is safe, when traffic gets there, and what helps: one frozen value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from kit.pure.answers import Answer, digest
from kit.pure.moments import local
from kit.pure.query import Query, at
from reports.capacity.growth import FEWEST_DAYS, Ahead, Day, Growth, growth, reached
from reports.capacity.observed import HOUR_S, busiest_of, days_of, newest_climb, processor
from reports.period import questions
from reports.period.evidence import Json, Record
from reports.run.load_words import knee_words
from slo.project.project import Project
from slo.verdict import Verdict

SCHEMA: Final = "calendar-sre/capacity-report/v1"
WEEKS_BACK: Final = 13
HEADROOM: Final = 0.7
"""Replicas are planned so that the busiest hour uses this share of the safe rate."""
SOON: Final = timedelta(days=28)
_AHEAD_DAYS: Final = (28, 91, 182, 364)


@dataclass(frozen=True, slots=True)
class Needed:
    """How many replicas a day ahead needs, by the forecast and by its upper bound."""

    day: date
    per_s: float
    high_per_s: float
    replicas: int | None
    replicas_high: int | None


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """Rates are requests per second; `safe_per_s` is that of one replica, from the climb `run`.

    `reached_*` is when the busiest hour gets to the safe rate of all replicas: by the forecast, by
    its upper bound (earliest) and its lower one (latest); None is not within a year.
    `cpu_s_per_request` says what vertical scaling can buy: one core serves at most its inverse.
    """

    schema: str
    id: str
    at: datetime
    zone: str
    verdict: Verdict
    headline: str
    run: str | None
    run_at: datetime | None
    safe_per_s: float | None
    peak_per_s: Mapping[str, float | None] | None
    knee: str | None
    contention: float | None
    coherency: float | None
    steps: tuple[Json, ...]
    replicas: int | None
    busiest_per_s: float | None
    used: float | None
    days: tuple[Day, ...]
    growth_per_week: tuple[float, float, float] | None
    ahead: tuple[Ahead, ...]
    reached: date | None
    reached_earliest: date | None
    reached_latest: date | None
    needed: tuple[Needed, ...]
    cpu_s_per_request: float | None
    most_per_core_per_s: float | None
    cores_at_busiest: float | None
    problems: tuple[str, ...]
    input_hash: str


def queries(end: datetime, project: Project) -> tuple[Query, ...]:
    """Return what is asked: hours of thirteen weeks, and who is there now."""
    return tuple(_queries(end, project))


def _queries(end: datetime, project: Project) -> Iterator[Query]:
    end_s = int(end.timestamp()) // HOUR_S * HOUR_S
    start_s = end_s - WEEKS_BACK * 7 * 86_400 + HOUR_S
    if one := project.roles.requests:
        counter = f"{one.counter}{{{project.users(one.route)}}}"
        yield Query("requests", f"sum(increase({counter}[1h]))", start_s, end_s, HOUR_S)
    if questions.has_processor(project):
        used = f"{questions.PROCESSOR}{{{project.target}}}"
        yield Query("cpu", f"sum(rate({used}[1h]))", start_s, end_s, HOUR_S)
    yield at("replicas", f"count(up{{{project.target}}} == 1)", end_s)


def capacity_report(
    answers: Mapping[str, Answer],
    loads: Sequence[Record],
    *,
    end: datetime,
    zone: ZoneInfo,
    troubles: Sequence[str] = (),
) -> CapacityReport:
    """Return the report; `loads` are load runs, of which the newest climb counts."""
    climb, left_out = newest_climb(loads, end)
    found: Json = climb.data["capacity"] if climb else {}
    days, today = days_of(answers.get("requests"), zone), local(end, zone).date()
    forecast = growth(days)
    replicas = _whole(answers.get("replicas"))
    safe = found.get("safe_per_s")
    limit = None if safe is None or not replicas else float(safe) * replicas
    busiest = busiest_of(days, today)
    dates = [
        None if forecast is None or limit is None else reached(forecast, limit, which)
        for which in ("per_s", "high", "low")
    ]
    cost, cores = processor(answers)
    verdict = _verdict(limit, busiest, dates, today, has_forecast=forecast is not None)
    problems = [f"{name}: {a.trouble}" for name, a in sorted(answers.items()) if a.trouble]
    problems += left_out
    return CapacityReport(
        schema=SCHEMA,
        id=f"capacity-{local(end, zone):%F}",
        at=end,
        zone=zone.key,
        verdict=verdict,
        headline=_headline(safe, replicas, busiest, dates, forecast),
        run=climb.id if climb else None,
        run_at=climb.at if climb else None,
        safe_per_s=safe,
        peak_per_s=found.get("peak_per_s"),
        knee=knee_words(found) if found else None,
        contention=_value(found.get("contention")),
        coherency=_value(found.get("coherency")),
        steps=tuple(found.get("steps", ())),
        replicas=replicas,
        busiest_per_s=busiest,
        used=None if limit is None or busiest is None else busiest / limit,
        days=days,
        growth_per_week=None
        if forecast is None
        else (forecast.per_week, forecast.per_week_low, forecast.per_week_high),
        ahead=() if forecast is None else forecast.ahead,
        reached=dates[0],
        reached_earliest=dates[1],
        reached_latest=dates[2],
        needed=_needed(forecast, safe),
        cpu_s_per_request=cost,
        most_per_core_per_s=1 / cost if cost else None,
        cores_at_busiest=cores,
        problems=(*troubles, *problems),
        input_hash=digest(answers),
    )


def _whole(answer: Answer | None) -> int | None:
    return None if answer is None or answer.value is None else round(answer.value)


def _value(estimate: Json | None) -> float | None:
    return None if estimate is None else estimate.get("value")


def _needed(forecast: Growth | None, safe: float | None) -> tuple[Needed, ...]:
    if forecast is None:
        return ()
    rows = []
    for ahead in _AHEAD_DAYS:
        week = forecast.ahead[max(ahead - 7, 0) : ahead]
        if not week:
            continue
        middle, high = max(d.per_s for d in week), max(d.high for d in week)
        replicas = [None if not safe else ceil(v / (safe * HEADROOM)) for v in (middle, high)]
        rows.append(Needed(week[-1].day, middle, high, *replicas))
    return tuple(rows)


def _verdict(
    limit: float | None,
    busiest: float | None,
    dates: Sequence[date | None],
    today: date,
    *,
    has_forecast: bool,
) -> Verdict:
    """Return FAIL when the safe rate is, or is forecast to be, reached within four weeks.

    Without a forecast only what is already too much can be said.
    """
    if limit is None or busiest is None:
        return Verdict.NO_DATA
    likely, earliest, _ = dates
    if busiest >= limit or (likely is not None and likely - today < SOON):
        return Verdict.FAIL
    if not has_forecast:
        return Verdict.NO_DATA
    if earliest is not None and earliest - today < SOON:
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def _headline(
    safe: float | None,
    replicas: int | None,
    busiest: float | None,
    dates: Sequence[date | None],
    forecast: Growth | None,
) -> str:
    if safe is None:
        return "No whole climb has shown a safe rate: run sre load run stress."
    if not replicas or busiest is None:
        return f"One replica is safe up to {safe:g}/s; the traffic of now was not measured."
    now = f"The busiest hour uses {busiest / (safe * replicas) * 100:.0f} % of what is safe"
    if forecast is None:
        return f"{now}; there is too little history for a forecast: {FEWEST_DAYS} days are needed."
    likely, earliest, latest = dates
    if likely is None:
        return f"{now}, and the safe rate is not reached within a year."
    bounds = f"{earliest:%d %b %Y} at the earliest" if earliest else ""
    late = f"{latest:%d %b %Y} at the latest" if latest else "perhaps not within a year"
    return f"{now}; the safe rate is reached on {likely:%d %b %Y} ({bounds}, {late})."
