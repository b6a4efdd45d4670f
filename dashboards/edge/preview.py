"""Draw dashboards as pages and pictures, with the load runs on record marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Final

from dashboards.cached_source import CachedSource
from dashboards.document import Dashboard
from dashboards.edge.preview_page import Page, preview
from dashboards.edge.source import PrometheusSource
from dashboards.live import span_of
from dashboards.preview.answers import Happening
from kit.edge import writing
from kit.edge.marked_runs import marked_runs
from kit.edge.prometheus import connect

_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 100


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
    names = _names(found)
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


def _names(found: Iterable[Dashboard]) -> list[str]:
    """Return a file name for each page: the uid, else the file's, as far as a name may have it.

    No two are the same, also where case does not count; none leads elsewhere or is hidden.
    """
    names: list[str] = []
    taken: set[str] = set()
    for one in found:
        plain = _ODD.sub("-", one.uid or Path(one.path).stem).strip("-._")[:_LONGEST] or "dashboard"
        name = next(
            each
            for each in chain([plain], (f"{plain}-{number}" for number in count(2)))
            if each.casefold() not in taken
        )
        taken.add(name.casefold())
        names.append(name)
    return names
