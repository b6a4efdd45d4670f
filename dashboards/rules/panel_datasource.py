"""Panels and variables ask the data source that was chosen."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard, Source
from dashboards.problem import Finding
from dashboards.queries import DATA_PANELS


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a data source by variable on every panel and query; Grafana's built-in ones pass."""
    for panel in dashboard.panels:
        if panel.kind not in DATA_PANELS:
            continue
        for target in panel.targets or ():
            if _fixed(target.source or panel.source):
                yield _finding(target.source or panel.source, panel.title, target.ref)
        if not panel.targets and _fixed(panel.source):
            yield _finding(panel.source, panel.title, "")


def _fixed(source: Source | None) -> bool:
    return source is None or not (source.templated or source.built_in)


def _finding(source: Source | None, panel: str, target: str) -> Finding:
    what = "the default data source" if source is None else f"the data source {source.uid!r}"
    return Finding(f"asks {what}", "use the variable `$datasource`", panel, target)
