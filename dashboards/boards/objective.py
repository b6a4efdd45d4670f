"""The dashboard of one objective: how much budget is left, how fast it goes, what spends it."""

from collections.abc import Iterator
from datetime import timedelta

from dashboards.boards.budget_consumers import budget_consumers
from dashboards.boards.slo_panels import NOTHING_YET, budget_left, kept
from dashboards.compiled import LONGEST_UID
from dashboards.facts import Facts
from dashboards.names import of
from dashboards.panel import Board, Kind, Panel, Query, Row, State, Step, Unit
from dashboards.thresholds import too_low
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, for_window, scaled_factor


def objective_board(objective: Objective, facts: Facts) -> Board:
    """Return budget, burn and what spends it."""
    return Board(
        uid=f"calendar-slo-{objective.name}"[:LONGEST_UID],
        title=f"Calendar: {objective.display_name.lower()}",
        summary=objective.description,
        tags=("objective",),
        since="now-24h",
        rows=(
            Row("How much of the budget is left?", tuple(_budget(objective, facts))),
            Row("How fast does it burn?", tuple(_burn(objective, facts))),
            Row("What spends it?", tuple(budget_consumers(objective, facts))),
        ),
    )


def _budget(objective: Objective, facts: Facts) -> Iterator[Panel]:
    yield kept(objective, facts, width=6)
    yield budget_left(objective, facts, width=6)
    yield Panel(
        title="Budget left over time",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(f"1 - {of(facts.recorded.budget_spent, objective)}", "left"),),
        good="level or rising.",
        otherwise="a step down is one incident: set the time range around it and read on below.",
        steps=too_low(bad=0, warning=facts.limit("budget_left")),
        alerts=("BudgetNearlyExhausted", "ObjectiveContradictory"),
        when_empty=NOTHING_YET,
        height=6,
        highest=1,
    )


def _burn(objective: Objective, facts: Facts) -> Iterator[Panel]:
    prefix = "".join(part.capitalize() for part in objective.name.split("-"))
    for title, tiers, alert, what in (
        ("Burn that wakes somebody", PAGES, "Fast", "follow the runbook at once."),
        ("Burn that becomes a ticket", TICKETS, "Slow", "plan it for the next working day."),
    ):
        yield Panel(
            title=title,
            kind=Kind.TIMESERIES,
            unit=Unit.TIMES,
            queries=tuple(_burn_queries(objective, tiers, facts)),
            good="below 1: at that pace the budget lasts the whole window.",
            otherwise=f"above a line over both of its windows an alert fires: {what}",
            steps=_burn_steps(objective, tiers),
            alerts=(f"{prefix}BudgetBurn{alert}",),
            when_empty=NOTHING_YET,
            lowest=0,
        )


def _burn_queries(objective: Objective, tiers: tuple[Tier, ...], facts: Facts) -> Iterator[Query]:
    stretched = [for_window(tier, objective) for tier in tiers]
    for window in sorted({window for tier in stretched for window in (tier.long, tier.short)}):
        yield Query(_pace(objective, window, facts), f"over {to_prometheus(window)}")


def _pace(objective: Objective, window: timedelta, facts: Facts) -> str:
    """Return how many times too fast the budget burns over a window."""
    return f"{of(facts.recorded.bad_ratio(window), objective)} / {objective.budget:.10g}"


def _burn_steps(objective: Objective, tiers: tuple[Tier, ...]) -> tuple[Step, ...]:
    factors = sorted({scaled_factor(tier, objective) for tier in tiers})
    states = (State.WARNING, State.BAD) if len(factors) > 1 else (State.BAD,)
    lines = (Step(factor, state) for factor, state in zip(factors, states, strict=True))
    return (Step(None, State.GOOD), *lines)
