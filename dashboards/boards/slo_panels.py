"""Panels about one objective, on the executive dashboard and on its own."""

from dashboards.facts import Facts
from dashboards.names import of
from dashboards.panel import Kind, Panel, Query, Unit
from dashboards.thresholds import too_low
from kit.pure.durations import to_prometheus
from slo.objective import Objective

NOTHING_YET = "Nothing to judge yet: no event was counted in this window."


def kept(objective: Objective, facts: Facts, *, width: int) -> Panel:
    """Return how well the objective is met over its own window, against its target.

    Events over events of what was measured: time without data counts for neither side.
    """
    window = to_prometheus(objective.window)
    bad, total = (
        f"sum_over_time({of(series, objective)}[{window}])"
        for series in (facts.recorded.bad, facts.recorded.total)
    )
    return Panel(
        title=f"{objective.display_name} over {window}",
        kind=Kind.GAUGE,
        unit=Unit.SHARE,
        queries=(Query(f"1 - {bad} / ({total} > 0)", "kept"),),
        good=f"{100 * objective.target:.5g} % or more. {objective.description}",
        otherwise=f"open the dashboard of {objective.display_name.lower()} to see what spends it.",
        steps=too_low(bad=objective.target),
        when_empty=NOTHING_YET,
        width=width,
        height=6,
        lowest=gauge_start(objective),
        highest=1,
    )


def budget_left(objective: Objective, facts: Facts, *, width: int) -> Panel:
    """Return the share of the error budget that is left in the window; negative when overspent."""
    return Panel(
        title=f"{objective.display_name}: budget left",
        kind=Kind.STAT,
        unit=Unit.SHARE,
        queries=(Query(f"1 - {_spent(objective, facts)}", "left"),),
        good="more than the share of the window that is still to come.",
        otherwise="near 0 stop risky changes until it recovers; below 0 the objective is missed.",
        steps=too_low(bad=0, warning=facts.limit("budget_left")),
        alerts=("BudgetNearlyExhausted",),
        when_empty=NOTHING_YET,
        width=width,
        height=6,
        decimals=1,
    )


def gauge_start(objective: Objective) -> float:
    """Return where a gauge begins: five budgets below all good, so that the target shows."""
    return max(0.0, round(1.0 - 5 * objective.budget, 6))


def _spent(objective: Objective, facts: Facts) -> str:
    return of(facts.recorded.budget_spent, objective)
