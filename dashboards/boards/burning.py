"""How fast an objective's budget burns, over the windows that its alerts look at."""

from collections.abc import Iterator

from dashboards.names import Recorded, of
from dashboards.panel import Query, State, Step
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, for_window, scaled_factor


def burn_queries(objective: Objective, recorded: Recorded, kind: str) -> Iterator[Query]:
    """Yield how many times too fast the budget burns, over each window of pages or tickets."""
    stretched = [for_window(tier, objective) for tier in _tiers(kind)]
    for window in sorted({window for tier in stretched for window in (tier.long, tier.short)}):
        pace = f"{of(recorded.bad_ratio(window), objective)} / {objective.budget:.10g}"
        yield Query(pace, f"over {to_prometheus(window)}")


def burn_steps(objective: Objective, kind: str) -> tuple[Step, ...]:
    """Return the paces from which an alert fires."""
    factors = sorted({scaled_factor(tier, objective) for tier in _tiers(kind)})
    states = (State.WARNING, State.BAD) if len(factors) > 1 else (State.BAD,)
    lines = (Step(factor, state) for factor, state in zip(factors, states, strict=True))
    return (Step(None, State.GOOD), *lines)


def _tiers(kind: str) -> tuple[Tier, ...]:
    return PAGES if kind == "page" else TICKETS
