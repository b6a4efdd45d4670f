"""Each clause of an alert alone and exactly at its limit, from recorded series that are given.

Recorded series are written down here instead of being made of raw ones: that puts every clause at
its limit to the last digit while all others hold, which no world of requests does. What makes
the recorded series is shown by `records.py`, and both together by the other cases.
"""

from collections.abc import Mapping, Sequence

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.worlds import known
from alerts.names import (
    ACCURACY_VERY_LOW,
    BAD,
    DATABASE_LOST,
    MANY_FAIL,
    OVER_1S,
    ROUTE_BAD,
    ROUTE_TOTAL,
    SPARSE_FAIL,
    TIER_HITS,
    TIER_MISSES,
    TOTAL,
    USUAL,
)

Given = Mapping[str, Sequence[Segment]]
ERRORS, LATENCY, ACCURACY = ('{slo="errors"}', '{slo="latency"}', '{slo="accuracy"}')
_ROUTE = '{slo="%s",route="/calendar.ics"}'


def given(name: str, series: Given, *, fires: bool, more: Mapping[str, str] | None = None) -> Case:
    """Return a case in which series have these values from minute to minute."""
    written = {key: _exact(story) for key, story in series.items()}
    return Case(name, {**written, **(more or {})}, max(map(length, series.values())), fires)


def _exact(story: Sequence[Segment]) -> str:
    """Return samples to the last digit, so that ten in a window times the window are ten."""
    return " ".join(f"{float(value)!r}x{minutes - 1}" for value, minutes in story)


def ratio(window: str, slo: str = ERRORS) -> str:
    """Return the series of the share of bad events."""
    return f"slo:bad_ratio:{window}{slo}"


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {**_errors(), **_routes(), **_slow(), **_traffic(), **_parts(), **_quality()}


def _errors() -> dict[str, list[Case]]:
    # A label more than the rules have, lest they make the share of what is given here.
    bad, total = BAD + ERRORS, TOTAL + '{slo="errors",given="1"}'
    at_night, limit = 19.9 / 120, 20 / 120  # requests a second: fewer than twenty in two minutes

    def told(window: str, share: float, count: float, span: int, *, over: int, fires: bool,
             asked: float = 9.0) -> Case:  # fmt: skip
        name = f"given: {share:g} of {window}, {count:g} failures, {120 * asked:g} requests"
        story = {ratio(window): [(share, span)], bad: [(count / over, span)]}
        return given(name, story | {total: [(asked, span)]}, fires=fires)

    def forgotten(window: str, per_s: float, minutes: int, rest: int, asked: float = 9.0) -> Case:
        span = minutes + rest
        story = {ratio(window): [(0.9, span)], bad: [(per_s, minutes), (0, rest)]}
        return given("given: failures are forgotten in time", story | {total: [(asked, span)]},
                     fires=True)  # fmt: skip

    def stays(name: str, share: float, *asked: Segment, first: int = 5) -> Case:
        story: Given = {
            ratio("2m"): [(0.9, first), (0.3, 45 - first)],
            ratio("15m"): [(share, 45)],
            bad: [(1, 45)],
            total: asked,
        }
        return given(f"given: at night, {name}", story, fires=True)

    return {
        "ManyRequestsFail": [
            told("2m", 0.375, 60, 4, over=120, fires=False),
            told("2m", 0.38, 5, 4, over=120, fires=True),
            told("2m", 0.38, 4.9, 4, over=120, fires=False),
            stays("a fifth of fifteen minutes", 0.2, (at_night, 45)),
            stays("more than a fifth", 0.21, (at_night, 45)),
            stays("just enough requests", 0.9, (limit, 45)),
            stays("few for fifteen minutes when it would end", 0.9, (1, 10), (0.12, 35),
                  first=22),
            stays("not yet few for fifteen minutes", 0.9, (1, 10), (0.12, 35), first=18),
            given("given: at night, the same was told more slowly",
                  {ratio("2m"): [(0.9, 20)], bad: [(1, 20)], total: [(1, 10), (at_night, 10)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 20)])),
            given("given: enough requests, the same was told more slowly",
                  {ratio("2m"): [(0.9, 20)], bad: [(1, 20)], total: [(limit, 20)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 20)])),
            given("given: few requests now, enough before, told more slowly",
                  {ratio("2m"): [(0.9, 40)], bad: [(1, 40)], total: [(1, 10), (0.12, 30)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 40)])),
        ],
        "ErrorRateVeryHigh": [
            told("2m", 0.1, 60, 8, over=300, fires=False),
            told("2m", 0.101, 5, 12, over=300, fires=True),
            told("2m", 0.101, 4.9, 12, over=300, fires=False),
            told("2m", 0.9, 60, 12, over=300, fires=True, asked=limit),
            told("2m", 0.9, 60, 12, over=300, fires=False, asked=at_night),
            given("given: fifteen minutes count for the requests",
                  {ratio("2m"): [(0.9, 50)], bad: [(1, 50)], total: [(1, 20), (0.12, 30)]},
                  fires=True),
            forgotten("2m", 30 / 300, 10, 15),
        ],
        "ErrorRateHigh": [
            told("2m", 0.05, 60, 8, over=300, fires=False),
            told("2m", 0.051, 5, 12, over=300, fires=True),
            told("2m", 0.051, 4.9, 12, over=300, fires=False),
            told("2m", 0.9, 60, 12, over=300, fires=True, asked=limit),
            told("2m", 0.9, 60, 12, over=300, fires=False, asked=at_night),
            given("given: fifteen minutes count for the requests",
                  {ratio("2m"): [(0.9, 50)], bad: [(1, 50)], total: [(1, 20), (0.12, 30)]},
                  fires=True),
            forgotten("2m", 30 / 300, 10, 20),
        ],
        "SparseRequestsFail": [
            told("15m", 0.25, 60, 4, over=3600, fires=False, asked=at_night),
            told("15m", 0.26, 5, 4, over=3600, fires=True, asked=at_night),
            told("15m", 0.26, 4.9, 4, over=3600, fires=False, asked=at_night),
            told("15m", 0.9, 60, 4, over=3600, fires=False, asked=limit),
            forgotten("15m", 30 / 3600, 20, 120, asked=at_night),
            given("given: fifteen minutes count for the requests",
                  {ratio("15m"): [(0.9, 50)], bad: [(1, 50)], total: [(1, 10), (0.12, 40)]},
                  fires=True),
            given("given: half an hour after a page on the same",
                  {ratio("15m"): [(0.9, 90)], bad: [(0.1, 90)], total: [(at_night, 90)]},
                  fires=True, more=known(MANY_FAIL, [(1, 5), (STALE, 85)])),
            given("given: half an hour after its cause",
                  {ratio("15m"): [(0.9, 90)], bad: [(0.1, 90)], total: [(at_night, 90)]},
                  fires=True, more=known(DATABASE_LOST, [(1, 5), (STALE, 85)])),
        ],
    }  # fmt: skip


def _routes() -> dict[str, list[Case]]:
    failed, asked = ROUTE_BAD + _ROUTE % "errors", ROUTE_TOTAL + _ROUTE % "errors"
    late, of = ROUTE_BAD + _ROUTE % "latency", ROUTE_TOTAL + _ROUTE % "latency"

    def steady(name: str, series: tuple[str, str], bad: float, total: float, span: int,
               *, fires: bool) -> Case:  # fmt: skip
        story = {series[0]: [(bad, span)], series[1]: [(total, span)]}
        return given(f"given: {name}", story, fires=fires)

    def together(name: str, well: float, second: float = 2.0, *, fires: bool) -> Case:
        other, third = (
            (failed.replace("calendar.ics", route), asked.replace("calendar.ics", route))
            for route in ("slots", "events")
        )
        values = {failed: 2.0, asked: 2.0, other[0]: second, other[1]: 2.0,
                  third[0]: 0.0, third[1]: well}  # fmt: skip
        steps = {series: [(value, 4)] for series, value in values.items()}
        return given(f"given: {name}", steps, fires=fires)

    errors, slow = (failed, asked), (late, of)
    return {
        "RouteFailing": [
            steady("exactly half", errors, 1, 2, 4, fires=False),
            steady("just enough", errors, 10 / 120, 0.1, 4, fires=True),
            steady("a little too few", errors, 9.9 / 120, 0.1, 4, fires=False),
            together("two routes fail and a tenth of all", 36, fires=True),
            together("two routes fail and over a tenth of all", 35.6, fires=False),
            together("another route fails by exactly half", 20, 1.0, fires=True),
            together("another route fails by a little over half", 20, 1.02, fires=False),
            together("another route fails by a little less", 20, 0.98, fires=True),
        ],
        "RouteErrors": [
            steady("exactly one in twenty", errors, 1, 20, 12, fires=False),
            given("given: bad before, exactly one in twenty now",
                  {failed: [(5, 8), (1, 40)], asked: [(20, 48)]}, fires=True),
            given("given: exactly one in twenty for a moment, then more",
                  {failed: [(0, 19), (1, 15)], asked: [(1, 34)]}, fires=True),
            steady("just enough", errors, 10 / 1800, 0.01, 12, fires=True),
            steady("a little too few", errors, 9.9 / 1800, 0.01, 12, fires=False),
            given("given: half an hour counts for the share",
                  {failed: [(10, 10), (1.01, 80)], asked: [(20, 90)]}, fires=True),
            given("given: half an hour counts for the failures",
                  {failed: [(0.05, 10), (0.001, 80)], asked: [(0.1, 10), (0.002, 80)]},
                  fires=True),
            given("given: half an hour counts for the requests",
                  {failed: [(1.05, 90)], asked: [(200, 20), (20, 70)]}, fires=True),
        ],
        "RouteSlow": [
            steady("exactly a quarter", slow, 1, 4, 12, fires=False),
            steady("just enough", slow, 10 / 600, 0.02, 12, fires=True),
            steady("a little too few", slow, 9.9 / 600, 0.02, 12, fires=False),
            given("given: ten minutes count for the share",
                  {late: [(20, 10), (0, 40)], of: [(20, 50)]}, fires=True),
            given("given: ten minutes count for the slow",
                  {late: [(0.05, 10), (0.005, 50)], of: [(0.1, 10), (0.01, 50)]}, fires=True),
            given("given: ten minutes count for the requests",
                  {late: [(6, 50)], of: [(200, 15), (20, 35)]}, fires=True),
        ],
    }  # fmt: skip


def _slow() -> dict[str, list[Case]]:
    bad, total = BAD + LATENCY, TOTAL + LATENCY

    def told(name: str, window: str, share: Sequence[Segment], count: float, over: int,
             *, fires: bool) -> Case:  # fmt: skip
        story = {ratio(window, LATENCY): share, bad: [(count / over, length(share))]}
        return given(f"given: {name}", story, fires=fires)

    def sluggish(name: str, over: Sequence[Segment], all_: Sequence[Segment], *,
                 fires: bool) -> Case:  # fmt: skip
        return given(f"given: {name}", {OVER_1S: over, total: all_}, fires=fires)

    return {
        "ManyRequestsSlow": [
            told("exactly half for two minutes", "2m", [(0, 5), (0.5, 2), (0, 6)], 90, 120,
                 fires=False),
            told("exactly a quarter", "2m", [(0.25, 8)], 90, 120, fires=False),
            told("just enough", "2m", [(0.6, 4)], 5, 120, fires=True),
            told("a little too few", "2m", [(0.6, 4)], 4.9, 120, fires=False),
        ],
        "ResponseTimeVeryHigh": [
            told("exactly one in twenty", "5m", [(0.05, 12)], 90, 300, fires=False),
            told("just enough", "5m", [(0.06, 12)], 5, 300, fires=True),
            told("a little too few", "5m", [(0.06, 12)], 4.9, 300, fires=False),
            given("given: five minutes count",
                  {ratio("5m", LATENCY): [(0.9, 45)], bad: [(0.1, 15), (0, 30)]}, fires=True),
        ],
        "ResponseTimeHigh": [
            sluggish("exactly one in twenty", [(1, 20)], [(20, 20)], fires=False),
            sluggish("just enough", [(5 / 300, 20)], [(0.1, 20)], fires=True),
            sluggish("a little too few", [(4.9 / 300, 20)], [(0.1, 20)], fires=False),
            sluggish("five minutes count for the share", [(10, 20), (0.2, 40)], [(20, 60)],
                     fires=True),
            sluggish("five minutes count for the slow", [(0.2, 20), (0.01, 40)],
                     [(1, 20), (0.05, 40)], fires=True),
            sluggish("five minutes count for the requests", [(1.2, 60)], [(100, 20), (20, 40)],
                     fires=True),
        ],
    }  # fmt: skip


def _traffic() -> dict[str, list[Case]]:
    up = {'up{job="calendar-api",instance="a"}': gauge((1, 5))}

    def told(name: str, now: float, usual: float, *, fires: bool) -> Case:
        story = {TOTAL + ERRORS: [(now, 5)], USUAL: [(usual, 5)]}
        return given(f"given: {name}", story, fires=fires, more=up)

    return {
        "TrafficVanished": [
            told("exactly a twentieth", 1, 20, fires=False),
            told("a little less than a twentieth", 0.99, 20, fires=True),
            told("exactly as little as may be usual", 0, 0.2, fires=False),
            told("a little more than may be usual", 0, 0.21, fires=True),
        ],
        "BudgetNearlyExhausted": [
            given(f"given: {share:g} of the budget", {f"slo:budget_spent:30d{ERRORS}":
                  [(0.5, 5), (share, 25), (0.5, 80)]}, fires=share > 0.9)  # noqa: PLR2004
            for share in (0.9, 0.91)
        ],
    }  # fmt: skip


def _parts() -> dict[str, list[Case]]:
    all_ = TOTAL + ERRORS
    refused = 'auth_failures_total{job="calendar-api",instance="a",reason="wrong"}'
    labels = 'job="calendar-api",instance="a",component="llm",reason="timeout"'
    failures = f"component_failures_total{{{labels}}}"

    def counted(series: str, per_minute: float, requests_per_s: float, *, fires: bool) -> Case:
        name = f"given: {per_minute:g} a minute of {requests_per_s:g} a second"
        more = {series: f"0+{per_minute:g}x25"}
        return given(name, {all_: [(requests_per_s, 26)]}, fires=fires, more=more)

    def lookups(hits: float, misses: float, *, fires: bool) -> Case:
        story = {f'{TIER_HITS}{{tier="memory"}}': [(hits, 25)],
                 f'{TIER_MISSES}{{tier="memory"}}': [(misses, 25)]}  # fmt: skip
        return given(f"given: {hits:g} found, {misses:g} not", story, fires=fires)

    return {
        "AuthFailuresHigh": [
            counted(refused, 60, 1000, fires=False),
            counted(refused, 61, 1000, fires=True),
            counted(refused, 12, 1, fires=False),
            counted(refused, 6, 0.01, fires=True),
        ],
        "ComponentFailing": [
            counted(failures, 120, 10, fires=False),
            counted(failures, 6, 0.01, fires=True),
        ],
        "CacheHitRateLow": [
            lookups(0.7, 0.3, fires=False),
            lookups(0.5 / 6, 0.5 / 6, fires=True),
        ],
    }


def _quality() -> dict[str, list[Case]]:
    def told(window: str, bad: float, span: int, *, fires: bool) -> Case:
        name = f"given: {bad:g} of {window} wrong"
        return given(name, {ratio(window, ACCURACY): [(bad, span)]}, fires=fires)

    return {
        "AccuracyVeryLow": [told("5m", 0.3, 6, fires=False), told("5m", 0.301, 6, fires=True)],
        "AccuracyBelowObjective": [
            told("30m", 0.15, 12, fires=False),
            told("30m", 0.151, 12, fires=True),
            given("given: an hour after a page on the same",
                  {ratio("30m", ACCURACY): [(0.2, 150)]}, fires=True,
                  more=known(ACCURACY_VERY_LOW, [(1, 5), (STALE, 145)])),
        ],
    }  # fmt: skip
