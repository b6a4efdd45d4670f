"""Panels are of types that Grafana brings along."""

from collections.abc import Iterator
from difflib import get_close_matches

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import DATA_PANELS
from dashboards.read_panel import LIBRARY

_WITHOUT_DATA = frozenset(
    """
    text row news alertlist dashlist annolist logs nodeGraph traces flamegraph geomap canvas
    welcome gettingstarted datagrid debug
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a type of Grafana's own: a plug-in may be missing where the dashboard goes."""
    known = DATA_PANELS | _WITHOUT_DATA
    for panel in dashboard.panels:
        if panel.kind in known:
            continue
        if panel.kind == LIBRARY:
            yield Finding(
                "is a library panel: what it asks is kept in Grafana and cannot be checked here",
                "export the dashboard for sharing, which writes the panel out",
                panel.title,
            )
            continue
        near = get_close_matches(panel.kind, known, n=1)
        yield Finding(
            f"is of the unknown type {panel.kind!r}",
            f"did you mean {near[0]!r}?" if near else "install its plug-in, or use a built-in type",
            panel.title,
        )
