"""The pages of what was run: load, golden set, drills, backups, reports, incidents."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from starlette.responses import FileResponse, HTMLResponse, Response

from console.edge import recorded
from console.edge.drawing import without_styles
from console.edge.remembered import Remembered
from console.edge.shared import Site
from kit.edge import records
from kit.pure.errors import NotEnoughDataError
from reports.document import Chart, Document
from reports.edge.run_page import run_charts
from reports.run.document import run_document
from synthetic.load.comparison import compare

_YOUNG_S: Final = 10.0
_SLOW_S: Final = 120.0
_WAIT_S: Final = 60.0
"""Files of this machine are worth waiting for."""
_KINDS: Final = {
    "load": ("Load runs", "sre load run"),
    "golden": ("Golden runs", "sre golden run"),
    "drill": ("Drills", "sre drill run"),
}
_MOST_CASES: Final = 150
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Kind = Annotated[str, InPath(pattern="^(load|golden|drill)$")]
Identity = Annotated[str, InPath(max_length=200)]
_APART: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


def router(site: Site) -> APIRouter:
    """Return the routes of the runs."""
    made = APIRouter()
    _add_lists(made, site)
    _add_runs(made, site)
    _add_files(made, site)
    return made


def _add_lists(made: APIRouter, site: Site) -> None:
    about, kept, known = site.about, site.kept, Remembered(recorded.run_of)

    @made.get("/runs", response_class=HTMLResponse)
    def every() -> Response:
        """Show the newest of everything that was run, and how old the backups are."""
        lists = kept.panels(
            *(
                (f"{kind} 1", _YOUNG_S, lambda kind=kind: recorded.listed(about, kind, 1, known))
                for kind in records.KINDS
            ),
            wait_s=_WAIT_S,
        )
        backups, reports, notices = kept.panels(
            ("backups", _YOUNG_S, lambda: recorded.backups(about)),
            ("reports", _YOUNG_S, lambda: recorded.reports(about)),
            ("notices", _YOUNG_S, lambda: recorded.notices(about)),
            wait_s=_WAIT_S,
        )
        kinds = [
            (kind, *_KINDS[kind], panel) for kind, panel in zip(records.KINDS, lists, strict=True)
        ]
        return site.page(
            "runs.html.j2", "/runs", kinds=kinds, backups=backups, reports=reports, notices=notices
        )

    @made.get("/runs/golden/history", response_class=HTMLResponse)
    def golden() -> Response:
        """Show every slice and every case over the newest golden runs."""

        def ask() -> dict[str, Any]:
            runs, wrong = recorded.golden_history(about)
            found = recorded.cases(runs)
            return {
                "runs": [{"id": run["id"], "at": run["started_at"]} for run in runs],
                "slices": recorded.slices(runs),
                "cases": found[:_MOST_CASES],
                "more": max(0, len(found) - _MOST_CASES),
                "wrong": wrong,
            }

        return site.page(
            "golden.html.j2",
            "/runs",
            panel=kept.panel("golden history", _SLOW_S, ask, wait_s=_WAIT_S),
        )

    @made.get("/runs/compare", response_class=HTMLResponse)
    def compared(
        before: Annotated[str, Query(max_length=200)], after: Annotated[str, Query(max_length=200)]
    ) -> Response:
        """Compare two load runs, route by route."""
        one, other = (recorded.record(about, "load", each) for each in (before, after))
        try:
            found = compare(one, other)
        except NotEnoughDataError as err:
            title = "These two cannot be compared"
            return site.page("error.html.j2", "/runs", title=title, problem=str(err), hint=err.hint)
        return site.page("compare.html.j2", "/runs", found=found, one=one, other=other)

    @made.get("/runs/{kind}", response_class=HTMLResponse)
    def of_kind(kind: Kind, page: PageNumber = 1) -> Response:
        """List the runs of a kind, newest first."""
        panel = kept.panel(
            f"{kind} {page}",
            _YOUNG_S,
            lambda: recorded.listed(about, kind, page, known),
            wait_s=_WAIT_S,
        )
        title, command = _KINDS[kind]
        return site.page(
            "list.html.j2", "/runs", panel=panel, kind=kind, title=title, command=command
        )


def _add_runs(made: APIRouter, site: Site) -> None:
    @made.get("/runs/{kind}/{identity}", response_class=HTMLResponse)
    def one(kind: Kind, identity: Identity) -> Response:
        """Show one run, as its report has it."""

        def ask() -> dict[str, Any]:
            record = recorded.record(site.about, kind, identity)
            return {"record": record, **(_report(site, kind, record) if kind != "drill" else {})}

        panel = site.kept.panel(f"run {kind} {identity}", _SLOW_S, ask, wait_s=_WAIT_S)
        if panel.value is None and "there is no" in (panel.problem or ""):
            raise NotEnoughDataError(panel.problem or "")
        template = "drill.html.j2" if kind == "drill" else "run.html.j2"
        return site.page(
            template, "/runs", panel=panel, kind=kind, identity=identity, command=_KINDS[kind][1]
        )


def _report(site: Site, kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    load, golden = (record if kind == name else None for name in ("load", "golden"))
    charts = {name: without_styles(svg) for name, svg in run_charts(load, golden).items()}
    document: Document = run_document(
        load, golden, charts=charts, words_of=site.about.project.reports
    )

    def draw(chart: Chart) -> str:
        return charts[chart.name]

    return {"document": document, "draw": draw}


def _add_files(made: APIRouter, site: Site) -> None:
    @made.get("/files/{path:path}", include_in_schema=False)
    def file(path: str) -> Response:
        """Give a report away for download; it is never shown as a page of ours."""
        found = recorded.report_file(site.about, path)
        return FileResponse(
            found, media_type="application/octet-stream", filename=found.name, headers=_APART
        )
