"""Draw dashboards as pages and pictures, with the load runs on record marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboards.cached_source import CachedSource
from dashboards.document import Dashboard
from dashboards.edge.preview_page import Page, preview
from dashboards.edge.source import PrometheusSource
from dashboards.live import span_of
from dashboards.preview.answers import Happening
from kit.edge import writing
from kit.edge.marked_runs import marked_runs
from kit.edge.prometheus import connect
from kit.pure.file_names import file_names


@dataclass(frozen=True, slots=True)
class Previewed:
    """A page that was written."""

    dashboard: str
    path: Path
    page: Page


def preview_files(
    found: Sequence[Dashboard],
    *,
    url: str,
    out: Path,
    now: float,
    range_s: float,
    scrape_s: float,
    stated: Path | None = None,
) -> list[Previewed]:
    """Write a page for each dashboard and return them; UnreachableError without a Prometheus.

    `stated` is where the project keeps its load runs.
    """
    span = span_of(range_s, now, scrape_s)
    names = file_names(map(_name, found), what="dashboard")
    addresses = [(one.title, f"{name}.html") for one, name in zip(found, names, strict=True)]
    runs = tuple(_runs(span.start, span.end, stated))
    written = []
    with connect(url) as server:
        source = CachedSource(PrometheusSource(server))
        for one, name in zip(found, names, strict=True):
            page = preview(
                one,
                source,
                span,
                scrape_s=scrape_s,
                also=runs,
                others=addresses if len(found) > 1 else (),
            )
            path = out / f"{name}.html"
            writing.write_whole(path, page.html)
            written.append(Previewed(one.title, path, page))
    return written


def _runs(start: float, end: float, stated: Path | None) -> Iterator[Happening]:
    """Yield the load runs on record that touch a time range."""
    for run in marked_runs(stated):
        begun, ended = run.begun.timestamp(), run.ended.timestamp()
        if begun <= end and ended >= start:
            yield Happening(f"Load run {run.profile}", begun, ended, "event")


def _name(dashboard: Dashboard) -> str:
    """Return a file name for a page, also of a dashboard without a uid."""
    return dashboard.uid or Path(dashboard.path).stem
