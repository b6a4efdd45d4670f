"""Alerts on caches and accuracy."""

from alerts.behaviour.case import STALE, Case, Segment, counter, gauge, length
from alerts.behaviour.worlds import API, WHOLE, known
from alerts.names import ACCURACY_LOW

_SLICE = 'accuracy{job="service",slice="part"}'


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        **_cache(),
        **_accuracy(),
    }


def _lookups(name: str, story: list[tuple[float, float, int]], *, fires: bool,
             more: dict[str, str] | None = None) -> Case:  # fmt: skip
    """Return a cache of two tiers; (lookups a minute, share found at all, minutes)."""
    tiers = {
        ("hits", "memory"): [(n * share * 0.5, span) for n, share, span in story],
        ("misses", "memory"): [(n * (1 - share * 0.5), span) for n, share, span in story],
        ("hits", "far"): [(n * share * 0.5, span) for n, share, span in story],
        ("misses", "far"): [(n * (1 - share), span) for n, share, span in story],
    }
    series = {
        f'cache_{what}{{{API},tier="{tier}"}}': counter(*parts)
        for (what, tier), parts in tiers.items()
    }
    return Case(name, {**series, **(more or {})}, sum(part[2] for part in story), fires)


def _cache() -> dict[str, list[Case]]:
    alone = {
        f'cache_hits{{{API},tier="memory"}}': counter((60, 50)),
        f'cache_misses{{{API},tier="memory"}}': counter((60, 50)),
        f'cache_hits{{{API},tier="far"}}': counter((0, 50)),
        f'cache_misses{{{API},tier="far"}}': counter((0, 50)),
    }
    # Lookups are counted in each tier they reach, so that ten a minute make about seventeen.
    return {
        "CacheHitRateLow": [
            _lookups("a little under seventy per cent, then well again",
                     [(600, 0.9, 20), (600, 0.68, 40), (600, 0.9, 50)], fires=True),
            _lookups("a little over", [(600, 0.9, 20), (600, 0.72, 40)], fires=False),
            _lookups("for four minutes", [(600, 0.9, 20), (600, 0.3, 4), (600, 0.9, 20)],
                     fires=False),
            _lookups("just enough lookups", [(6.0, 0.5, 50)], fires=True),
            _lookups("just too few lookups", [(5.5, 0.5, 50)], fires=False),
            _lookups("no lookups", [(0, 0.5, 40)], fires=False),
            Case("the second tier is not in use", alone, 50, fires=True),
            _lookups("the cache is known to be lost", [(600, 0.3, 40)], fires=False,
                     more=known("DependencyDown", [(1, 40)])),
        ],
    }  # fmt: skip


def _accuracy() -> dict[str, list[Case]]:
    def case(name: str, *story: Segment, fires: bool, more: dict[str, str] | None = None) -> Case:
        return Case(name, {WHOLE: gauge(*story), **(more or {})}, length(story), fires)

    def sliced(name: str, *story: Segment, fires: bool) -> Case:
        return Case(name, {_SLICE: gauge(*story)}, length(story), fires)

    return {
        "AccuracyVeryLow": [
            case("a little under seventy per cent, then well again", (0.9, 12), (0.69, 25),
                 (0.9, 30), fires=True),
            case("a little over", (0.9, 12), (0.71, 30), fires=False),
            case("for two minutes", (0.9, 12), (0.5, 2), (0.9, 20), fires=False),
            case("never measured", (STALE, 20), fires=False),
        ],
        "AccuracyBelowObjective": [
            case("a little under the objective, then well again", (0.9, 40), (0.84, 60),
                 (0.9, 120), fires=True),
            case("a little over", (0.9, 40), (0.86, 60), fires=False),
            case("for six minutes", (0.9, 40), (0.8, 6), (0.9, 20), fires=False),
            case("after a page on the same trouble", (0.84, 130), fires=True,
                 more=known("AccuracyVeryLow", [(1, 10), (STALE, 120)])),
            case("never measured", (STALE, 50), fires=False),
        ],
        "AccuracySliceDropped": [
            sliced("sixteen points worse, then well again", (0.9, 480), (0.74, 90), (0.9, 120),
                   fires=True),
            sliced("fourteen points worse", (0.9, 480), (0.76, 120), fires=False),
            sliced("for ten minutes", (0.9, 480), (0.6, 10), (0.9, 40), fires=False),
            sliced("worse for good, which is soon as usual", (0.9, 480), (0.7, 700), fires=True),
            sliced("never measured", (STALE, 60), fires=False),
            sliced("exactly fifteen points worse", (1, 120), (0.85, 60), fires=False),
            Case("an hour after another alert on accuracy",
                 {_SLICE: gauge((0.9, 120), (0.5, 200)),
                  **known(ACCURACY_LOW, [(STALE, 120), (1, 20), (STALE, 180)])}, 320, fires=True),
        ],
    }  # fmt: skip
