"""Each clause of the other alerts alone and exactly at its limit, from recorded series."""

from collections.abc import Sequence

from alerts.behaviour.case import STALE, Case, Segment, length
from alerts.behaviour.given import ACCURACY, ERRORS, LATENCY, given, ratio
from alerts.behaviour.translate import EARLY
from alerts.behaviour.worlds import known
from alerts.names import (
    ACCURACY_VERY_LOW,
    BAD,
    CONTRADICTORY,
    SPENT,
    TIER_HITS,
    TIER_MISSES,
    TOTAL,
    WATCHED,
)


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {**_slow(), **_traffic(), **_parts(), **_quality()}


def _slow() -> dict[str, list[Case]]:
    bad, total = BAD + LATENCY, TOTAL + LATENCY

    def case(name: str, window: str, share: Sequence[Segment], count: float, over: int,
             *, fires: bool) -> Case:  # fmt: skip
        story = {ratio(window, LATENCY): share, bad: [(count / over, length(share))]}
        return given(f"given: {name}", story, fires=fires)

    def sluggish(name: str, over: Sequence[Segment], all_: Sequence[Segment], *,
                 fires: bool) -> Case:  # fmt: skip
        return given(f"given: {name}", {EARLY: over, total: all_}, fires=fires)

    return {
        "ManyRequestsSlow": [
            case("exactly half for two minutes", "2m", [(0, 5), (0.5, 2), (0, 6)], 90, 120,
                 fires=False),
            case("exactly a quarter", "2m", [(0.25, 8)], 90, 120, fires=False),
            case("just enough", "2m", [(0.6, 4)], 5, 120, fires=True),
            case("a little too few", "2m", [(0.6, 4)], 4.9, 120, fires=False),
        ],
        "ResponseTimeVeryHigh": [
            case("exactly one in twenty", "5m", [(0.05, 12)], 90, 300, fires=False),
            case("just enough", "5m", [(0.06, 12)], 5, 300, fires=True),
            case("a little too few", "5m", [(0.06, 12)], 4.9, 300, fires=False),
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
    return {
        "BudgetNearlyExhausted": [
            *(given(f"given: {share:g} of the budget", _spent(share), fires=share > 0.9)  # noqa: PLR2004
              for share in (0.9, 0.91)),
            *(given(f"given: nine times a budget, {watched:g} of it measured",
                    _spent(9, watched), fires=watched > 0.1)  # noqa: PLR2004
              for watched in (0.1, 0.101)),
        ],
        CONTRADICTORY: [
            *(
                given(f"given: {share:g} are bad", {ratio("5m"):
                      [(0.1, 5), (share, 12), (0.1, 22)]}, fires=not 0 <= share <= 1)
                for share in (0, 1, -0.02, 1.02)
            ),
            given("given: bad of none at all", {BAD + ERRORS: [(1, 12), (0, 22)],
                  TOTAL + ERRORS: [(0, 34)]}, fires=True),
            given("given: for four minutes", {ratio("5m"): [(0.1, 5), (-1, 4), (0.1, 22)]},
                  fires=False),
            given("given: rounding", {ratio("5m"): [(-0.01, 12)]}, fires=False),
            given("given: more rounding", {ratio("5m"): [(1.01, 12)]}, fires=False),
        ],
    }  # fmt: skip


def _spent(share: float, watched: float = 1.0) -> dict[str, list[Segment]]:
    """Return a budget of which so much is spent for a while, and how much of it is measured."""
    return {SPENT + ERRORS: [(0.5, 5), (share, 25), (0.5, 80)],
            WATCHED + ERRORS: [(watched, 110)]}  # fmt: skip


def _parts() -> dict[str, list[Case]]:
    def lookups(hits: float, misses: float, *, fires: bool) -> Case:
        story = {f'{TIER_HITS}{{tier="memory"}}': [(hits, 25)],
                 f'{TIER_MISSES}{{tier="memory"}}': [(misses, 25)]}  # fmt: skip
        return given(f"given: {hits:g} found, {misses:g} not", story, fires=fires)

    return {
        "CacheHitRateLow": [
            lookups(0.7, 0.3, fires=False),
            lookups(0.5 / 6, 0.5 / 6, fires=True),
        ],
    }


def _quality() -> dict[str, list[Case]]:
    def case(window: str, bad: float, span: int, *, fires: bool) -> Case:
        name = f"given: {bad:g} of {window} wrong"
        return given(name, {ratio(window, ACCURACY): [(bad, span)]}, fires=fires)

    return {
        "AccuracyVeryLow": [case("5m", 0.3, 6, fires=False), case("5m", 0.301, 6, fires=True)],
        "AccuracyBelowObjective": [
            case("30m", 0.15, 12, fires=False),
            case("30m", 0.151, 12, fires=True),
            given("given: an hour after a page on the same",
                  {ratio("30m", ACCURACY): [(0.2, 150)]}, fires=True,
                  more=known(ACCURACY_VERY_LOW, [(1, 5), (STALE, 145)])),
        ],
    }  # fmt: skip
