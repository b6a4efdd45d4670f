"""The charts of an objective: how its budget went, and how fast it burns."""

from datetime import timedelta
from typing import Any, Final

import numpy as np

from console.consequences import rungs
from console.edge.about import About
from console.edge.asking import ranges
from console.edge.drawing import without_styles
from console.queries import ask
from console.spending import Spender, by, left_over_time, spenders
from kit.charts import theme
from kit.charts.lines import lines
from kit.pure.words import percent
from slo.objective import Objective
from slo.promql import bad_of, bad_share_of, total_of

_SLOTS: Final = 120
_BURN: Final = timedelta(hours=6)
_BURN_STEP_S: Final = 60.0
_SHORT: Final = timedelta(minutes=5)
_LONG: Final = timedelta(hours=1)


def budget_chart(about: About, objective: Objective) -> str | None:
    """Return how the budget went down over the window, as SVG; None without events."""
    length = min(objective.window, timedelta(days=92))
    step = max(timedelta(minutes=5), timedelta(seconds=round(length.total_seconds() / _SLOTS)))
    bad, total = ranges(
        about,
        [bad_of(objective.indicator, step, none_is_zero=True), total_of(objective.indicator, step)],
        length,
        step.total_seconds(),
    )
    times, left = left_over_time(
        bad[0] if bad else None, total[0] if total else None, objective, step.total_seconds()
    )
    if not len(times):
        return None
    end = about.now().timestamp()
    drawn = lines(
        name="budget",
        title=f"Error budget of {objective.display_name}",
        description=f"Over {objective.window.days} days; {percent(float(left[-1]))} is left.",
        series=[(times.tolist(), left.tolist())],
        span=(end - length.total_seconds(), end),
        write=lambda value: percent(value, 0),
        limits=[(0.0, "bad")],
        top=1.0 if left.max() <= 1 else None,
        bottom=min(0.0, float(left.min())),
        width_in=theme.WIDTH_IN,
    )
    return without_styles(drawn)


def burn_chart(about: About, objective: Objective) -> str | None:
    """Return the burn rates of two windows with the thresholds of the alerts; None without data."""
    found = ranges(
        about,
        [bad_share_of(objective.indicator, window) for window in (_SHORT, _LONG)],
        _BURN,
        _BURN_STEP_S,
    )
    series = [
        (rows[0].times.tolist(), (np.asarray(rows[0].values) / objective.budget).tolist())
        for rows in found
        if rows
    ]
    if not series:
        return None
    end, limits = about.now().timestamp(), [(each.burn, each.pages) for each in rungs(objective)]
    highest = max(max(values, default=0.0) for _, values in series)
    drawn = lines(
        name="burn",
        title=f"Burn rate of {objective.display_name}",
        description="Over 5 minutes and over 1 hour; 1 just lasts. Dashed: where alerts begin.",
        series=series,
        span=(end - _BURN.total_seconds(), end),
        write=lambda value: f"{value:g}×",  # noqa: RUF001 -- times is meant
        limits=[(burn, "bad" if pages else "warn") for burn, pages in limits],
        bottom=0.0,
        top=1.05 * max(highest, *(burn for burn, _ in limits)),
    )
    return without_styles(drawn)


def spent_by(about: About, objective: Objective) -> dict[str, tuple[Spender, ...]]:
    """Return what spends the budget by route, version and instance, as far as they are known."""
    roles, window = about.project.roles, objective.window
    route = objective.split_by or (roles.requests.route if roles.requests else None)
    labels = [label for label in dict.fromkeys((route, "instance")) if label]
    queries = {label: pair for label in labels if (pair := by(objective, label, window))}
    asked = [query for both in queries.values() for query in both]
    if not asked:
        return {}
    at_s = about.now().timestamp()
    with about.server() as server:
        rows = ask(server, (at_s,), asked)
        versions = _versions(about, server, at_s)
    found: dict[str, tuple[Spender, ...]] = {}
    for number, label in enumerate(queries):
        bad, total = rows[2 * number], rows[2 * number + 1]
        found[label] = spenders(bad, total, label, window.total_seconds())
        if label == "instance" and versions:
            found["version"] = spenders(bad, total, label, window.total_seconds(), versions)
    return found


def _versions(about: About, server: Any, at_s: float) -> dict[str, str]:
    role = about.project.roles.version
    if role is None:
        return {}
    last = f"last_over_time({role.info}{{{about.project.target}}}[1h])"
    return {each.label("instance"): each.label(role.label) for each in server.instant(last, at_s)}
