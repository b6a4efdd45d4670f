"""Each clause of the alerts on failing requests alone and exactly at its limit."""

from alerts.behaviour.case import STALE, Case, Segment
from alerts.behaviour.given import ERRORS, ROUTE, Given, given, ratio
from alerts.behaviour.worlds import known
from alerts.names import (
    BAD,
    MANY_FAIL,
    OWN_CAUSE,
    ROUTE_BAD,
    ROUTE_TOTAL,
    SPARSE_FAIL,
    TOTAL,
)


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {**_errors(), **_routes()}


def _errors() -> dict[str, list[Case]]:
    # A label more than the rules have, lest they make the share of what is given here.
    bad, total = BAD + ERRORS, TOTAL + '{stream="errors",given="1"}'
    at_night, limit = 19.9 / 120, 20 / 120  # requests a second: fewer than twenty in two minutes

    def case(window: str, share: float, count: float, span: int, *, over: int, fires: bool,
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

    by_day = (
        case("2m", 0.9, 60, 12, over=300, fires=True, asked=limit),
        case("2m", 0.9, 60, 12, over=300, fires=False, asked=at_night),
        given("given: fifteen minutes count for the requests",
              {ratio("2m"): [(0.9, 50)], bad: [(1, 50)], total: [(1, 20), (0.12, 30)]},
              fires=True),
    )  # fmt: skip
    return {
        "ManyRequestsFail": [
            case("2m", 0.375, 60, 4, over=120, fires=False),
            case("2m", 0.38, 5, 4, over=120, fires=True),
            case("2m", 0.38, 4.9, 4, over=120, fires=False),
            stays("a fifth of fifteen minutes", 0.2, (at_night, 45)),
            stays("more than a fifth", 0.21, (at_night, 45)),
            stays("just enough requests", 0.9, (limit, 45)),
            stays("few for fifteen minutes when it would end", 0.9, (1, 10), (0.12, 35),
                  first=22),
            stays("not yet few for fifteen minutes", 0.9, (1, 10), (0.12, 35), first=18),
            given("given: at night, a slower alert fires for the same",
                  {ratio("2m"): [(0.9, 20)], bad: [(1, 20)], total: [(1, 10), (at_night, 10)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 20)])),
            given("given: enough requests, a slower alert fires for the same",
                  {ratio("2m"): [(0.9, 20)], bad: [(1, 20)], total: [(limit, 20)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 20)])),
            given("given: few requests now, enough before, a slower alert fires",
                  {ratio("2m"): [(0.9, 40)], bad: [(1, 40)], total: [(1, 10), (0.12, 30)]},
                  fires=True, more=known(SPARSE_FAIL, [(1, 40)])),
        ],
        "ErrorRateVeryHigh": [
            case("2m", 0.1, 60, 8, over=300, fires=False),
            case("2m", 0.101, 5, 12, over=300, fires=True),
            case("2m", 0.101, 4.9, 12, over=300, fires=False),
            *by_day,
            forgotten("2m", 30 / 300, 10, 15),
        ],
        "ErrorRateHigh": [
            case("2m", 0.05, 60, 8, over=300, fires=False),
            case("2m", 0.051, 5, 12, over=300, fires=True),
            case("2m", 0.051, 4.9, 12, over=300, fires=False),
            *by_day,
            forgotten("2m", 30 / 300, 10, 20),
        ],
        "SparseRequestsFail": [
            case("15m", 0.25, 60, 4, over=240, fires=False, asked=at_night),
            case("15m", 0.26, 5, 4, over=240, fires=True, asked=at_night),
            case("15m", 0.26, 4.9, 4, over=240, fires=False, asked=at_night),
            case("15m", 0.9, 60, 4, over=240, fires=False, asked=limit),
            forgotten("15m", 30 / 3600, 20, 120, asked=at_night),
            given("given: fifteen minutes count for the requests",
                  {ratio("15m"): [(0.9, 50)], bad: [(1, 50)], total: [(1, 10), (0.12, 40)]},
                  fires=True),
            given("given: half an hour after a page on the same",
                  {ratio("15m"): [(0.9, 90)], bad: [(0.1, 90)], total: [(at_night, 90)]},
                  fires=True, more=known(MANY_FAIL, [(1, 5), (STALE, 85)])),
            given("given: half an hour after its cause",
                  {ratio("15m"): [(0.9, 90)], bad: [(0.1, 90)], total: [(at_night, 90)]},
                  fires=True, more=known(OWN_CAUSE, [(1, 5), (STALE, 85)])),
        ],
    }  # fmt: skip


def _routes() -> dict[str, list[Case]]:
    failed, asked = ROUTE_BAD + ROUTE % "errors", ROUTE_TOTAL + ROUTE % "errors"
    late, of = ROUTE_BAD + ROUTE % "latency", ROUTE_TOTAL + ROUTE % "latency"

    def steady(name: str, series: tuple[str, str], bad: float, total: float, span: int,
               *, fires: bool) -> Case:  # fmt: skip
        story = {series[0]: [(bad, span)], series[1]: [(total, span)]}
        return given(f"given: {name}", story, fires=fires)

    def together(name: str, well: float, second: float = 2.0, *, fires: bool) -> Case:
        other, third = (
            (failed.replace("small", route), asked.replace("small", route))
            for route in ("other", "third")
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
            steady("just enough", errors, 10 / 480, 0.04, 13, fires=True),
            steady("a little too few", errors, 9.9 / 780, 0.02, 13, fires=False),
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
            steady("just enough", slow, 10 / 480, 0.03, 13, fires=True),
            steady("a little too few", slow, 9.9 / 780, 0.02, 13, fires=False),
            given("given: ten minutes count for the share",
                  {late: [(20, 10), (0, 40)], of: [(20, 50)]}, fires=True),
            given("given: ten minutes count for the slow",
                  {late: [(0.05, 10), (0.005, 50)], of: [(0.1, 10), (0.01, 50)]}, fires=True),
            given("given: ten minutes count for the requests",
                  {late: [(6, 50)], of: [(200, 15), (20, 35)]}, fires=True),
        ],
    }  # fmt: skip
