"""Whoever is woken by an alert finds its value on a dashboard."""

from collections.abc import Iterable, Iterator

from dashboards.context import BOARDS, Alert
from dashboards.document import Dashboard
from dashboards.problem import Problem
from dashboards.runbooks import alerts_of

RULE = "alert-panel"


def check_alerts(
    dashboards: Iterable[Dashboard], alerts: Iterable[Alert], boards: str = BOARDS
) -> Iterator[Problem]:
    """Want each alert linked from a panel, and each link to name an alert that exists.

    `boards` is where panels are written.
    """
    known = {alert.name for alert in alerts}
    shown: set[str] = set()
    for dashboard in dashboards:
        for panel in dashboard.panels:
            linked = set(alerts_of(panel))
            shown |= linked
            for name in sorted(linked - known):
                yield Problem(
                    RULE,
                    dashboard.path,
                    panel.title,
                    "",
                    f"links the runbook of {name}, which is no alert of the catalogue",
                    "name one that exists",
                )
    for name in sorted(known - shown):
        yield Problem(
            RULE,
            "all dashboards",
            "",
            "",
            f"no panel shows the alert {name}",
            f"show what it looks at on a panel in {boards}, and name it under `alerts` there",
        )
