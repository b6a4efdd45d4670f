"""Alerts on what the parts of the service count, on accuracy, budgets and escalation."""

from collections.abc import Sequence

from alerts.behaviour.case import STALE, Case, Segment, counter, gauge, length
from alerts.behaviour.worlds import API, known, page_of, requests
from alerts.names import ACCURACY_LOW
from slo.catalogue import SERVICE

_ACCURACY = 'parsing_accuracy_ratio{job="prober",suite="golden",slice="all"}'
_SLICE = 'parsing_accuracy_ratio{job="prober",suite="golden",slice="recurrence"}'


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        **_cache(), **_parts(), **_accuracy(),
        **{f"EscalatedTo{level}": _escalation(after)
           for level, after in (("L2", 15), ("L3", 60), ("L4", 240))},
    }  # fmt: skip


def _lookups(name: str, story: list[tuple[float, float, int]], *, fires: bool,
             more: dict[str, str] | None = None) -> Case:  # fmt: skip
    """Return a cache of two tiers; (lookups a minute, share found at all, minutes)."""
    tiers = {
        ("hits", "memory"): [(n * share * 0.5, span) for n, share, span in story],
        ("misses", "memory"): [(n * (1 - share * 0.5), span) for n, share, span in story],
        ("hits", "redis"): [(n * share * 0.5, span) for n, share, span in story],
        ("misses", "redis"): [(n * (1 - share), span) for n, share, span in story],
    }
    series = {
        f'cache_{what}_total{{{API},tier="{tier}"}}': counter(*parts)
        for (what, tier), parts in tiers.items()
    }
    return Case(name, {**series, **(more or {})}, sum(part[2] for part in story), fires)


def _cache() -> dict[str, list[Case]]:
    alone = {
        f'cache_hits_total{{{API},tier="memory"}}': counter((60, 50)),
        f'cache_misses_total{{{API},tier="memory"}}': counter((60, 50)),
        f'cache_hits_total{{{API},tier="redis"}}': counter((0, 50)),
        f'cache_misses_total{{{API},tier="redis"}}': counter((0, 50)),
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


def _calm(rate: float, minutes: int) -> dict[str, str]:
    """Return requests that all succeed."""
    return dict(requests([(rate, 0, minutes)], name="", fires=False).series)


def _parts() -> dict[str, list[Case]]:
    def refused(name: str, story: list[Segment], rate: float, *, fires: bool) -> Case:
        span = length(story)
        series = {f'auth_failures_total{{{API},reason="wrong"}}': counter(*story)}
        return Case(name, {**_calm(rate, span), **series}, span, fires)

    def component(
        name: str, story: list[Segment], rate: float, *, fires: bool, calls: Sequence[Segment] = ()
    ) -> Case:
        span = length(story)
        labels = f'{API},component="llm",reason="timeout"'
        called = f'component_latency_seconds_bucket{{{API},component="llm",le="+Inf"}}'
        series = {f"component_failures_total{{{labels}}}": counter(*story)}
        more = {called: counter(*calls)} if calls else {}
        return Case(name, {**_calm(rate, span), **series, **more}, span, fires)

    def commands(name: str, story: list[tuple[float, float, int]], *, fires: bool) -> Case:
        base = f'mongodb_command_duration_seconds_bucket{{{API},command="find",le='
        series = {
            f'{base}"0.1"}}': counter(*((n * 0.9 * (1 - late), m) for n, late, m in story)),
            f'{base}"1"}}': counter(*((n * (1 - late), m) for n, late, m in story)),
            f'{base}"1.2"}}': counter(*((n, m) for n, _, m in story)),
            f'{base}"+Inf"}}': counter(*((n, m) for n, _, m in story)),
        }
        return Case(name, series, sum(part[2] for part in story), fires)

    def parsing(name: str, story: list[tuple[float, float, int]], *, fires: bool) -> Case:
        base = f'parsing_requests_total{{{API},source="rules",outcome='
        series = {
            f'{base}"understood"}}': counter(*((n * (1 - bad), m) for n, bad, m in story)),
            f'{base}"error"}}': counter(*((n * bad, m) for n, bad, m in story)),
        }
        return Case(name, series, sum(part[2] for part in story), fires)

    return {
        "AuthFailuresHigh": [
            refused("a little over one a second, then well again", [(6, 12), (62, 20), (6, 30)],
                    6000, fires=True),
            refused("a little under one a second", [(6, 12), (58, 30)], 6000, fires=False),
            refused("for two minutes", [(6, 12), (90, 2), (6, 20)], 6000, fires=False),
            refused("a little over a fifth of the requests", [(0, 12), (12.6, 30)], 60,
                    fires=True),
            refused("a little under a fifth", [(0, 12), (11.4, 30)], 60, fires=False),
            refused("just enough of them", [(0, 12), (6.2, 30)], 10, fires=True),
            refused("just too few of them", [(0, 12), (5.8, 30)], 10, fires=False),
            refused("nobody is refused", [(0, 20)], 60, fires=False),
        ],
        "ComponentFailing": [
            component("a little over a fifth, then well again", [(0, 12), (126, 20), (0, 30)],
                      600, fires=True),
            component("a little under a fifth", [(0, 12), (114, 30)], 600, fires=False),
            component("for two minutes", [(0, 12), (400, 2), (0, 20)], 600, fires=False),
            component("just enough", [(0, 12), (3.2, 30)], 10, fires=True),
            component("just too few", [(0, 12), (2.8, 30)], 10, fires=False),
            component("exactly enough", [(3, 30)], 10, fires=True),
            component("exactly a fifth", [(120, 30)], 600, fires=False),
            component("over a fifth of few calls", [(0, 12), (21, 30)], 6000, calls=[(100, 42)],
                      fires=True),
            component("under a fifth of few calls", [(0, 12), (19, 30)], 6000, calls=[(100, 42)],
                      fires=False),
            component("exactly a fifth of few calls", [(20, 30)], 6000, calls=[(100, 30)],
                      fires=False),
            component("calls become few", [(15, 50)], 6000, calls=[(200, 20), (40, 30)],
                      fires=True),
            component("nothing fails", [(0, 20)], 600, fires=False),
        ],
        "DatabaseSlow": [
            commands("six in a hundred are slow, then well again",
                     [(600, 0, 12), (600, 0.06, 20), (600, 0, 30)], fires=True),
            commands("four in a hundred are slow", [(600, 0, 12), (600, 0.04, 30)], fires=False),
            commands("for two minutes", [(600, 0, 12), (600, 0.3, 1), (600, 0, 20)],
                     fires=False),
            commands("nearly all are slow", [(600, 0, 12), (600, 0.9, 20)], fires=True),
            commands("just enough commands", [(21, 0.3, 40)], fires=True),
            commands("just too few commands", [(19, 0.3, 40)], fires=False),
            commands("exactly five in a hundred", [(600, 0, 12), (600, 0.05, 30)], fires=False),
            commands("exactly enough commands", [(20, 0.3, 40)], fires=True),
            commands("no commands", [(0, 0, 20)], fires=False),
        ],
        "ParsingFails": [
            parsing("a little over a tenth, then well again",
                    [(60, 0, 22), (60, 0.105, 30), (60, 0, 40)], fires=True),
            parsing("a little under a tenth", [(60, 0, 22), (60, 0.095, 40)], fires=False),
            parsing("for two minutes", [(60, 0, 22), (60, 0.6, 1), (60, 0, 20)], fires=False),
            parsing("just enough sentences", [(2.1, 1, 40)], fires=True),
            parsing("just too few sentences", [(1.9, 1, 40)], fires=False),
            parsing("exactly a tenth", [(600, 0.1, 40)], fires=False),
            parsing("exactly enough sentences", [(2, 1, 40)], fires=True),
            parsing("no sentences", [(0, 0, 30)], fires=False),
            parsing("fewer sentences than before", [(240, 0, 30), (60, 0.25, 30)], fires=True),
        ],
    }  # fmt: skip


def _accuracy() -> dict[str, list[Case]]:
    def case(name: str, *story: Segment, fires: bool, more: dict[str, str] | None = None) -> Case:
        return Case(name, {_ACCURACY: gauge(*story), **(more or {})}, length(story), fires)

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


def _escalation(after: int) -> list[Case]:
    """Return a page that lasts longer, one that does not last so long, and another team's."""
    longer = after + 10
    return [
        Case("the page stays open", page_of(SERVICE, longer), longer + 14, fires=True),
        Case("the page is over in time", page_of(SERVICE, after - 1), after + 13, fires=False),
        Case("no page", {f"up{{{API}}}": gauge((1, 20))}, 20, fires=False),
        Case("another team's page", page_of("order-queue", longer), longer + 14, fires=False),
    ]
