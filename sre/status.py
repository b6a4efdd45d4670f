"""`sre status`: the public status page, and what is announced on it."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from kit.edge.prometheus import connect, prometheus_url
from kit.edge.records import runs_dir
from kit.edge.writing import held
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError, UnreachableError
from kit.pure.fields import closest
from ops.incidents.people import somebody
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project, runs_of
from slo.project.project import Project as Of
from sre.answer import Answer
from sre.options import Alertmanager, Project, Prometheus
from sre.screen import console
from status.announce import Said, chosen, open_one, opened, planned, said_more
from status.components import Named, named_of
from status.edge.measuring import measure, unmeasured
from status.edge.notices import (
    MAINTENANCE,
    add_window,
    read_notices,
    read_windows,
    status_folder,
    taken_names,
    write_notice,
)
from status.edge.public_site import public_notices, public_windows, write_site
from status.edge.silence import silence
from status.measured import Measured, State
from status.notice import Impact, Kind, Notice, Stage, moment_text, plain
from status.page import Page, page_of
from status.words import TEMPLATES, text_of
from synthetic.edge.journeys.files import journeys_of

_Folder = Annotated[
    Path | None,
    typer.Option(
        "--status-dir", help="Folder of the notices; else SRE_STATUS_DIR, else runs/status."
    ),
]
_Text = Annotated[str | None, typer.Option(help="What users are told, in their words.")]
_Template = Annotated[
    str | None, typer.Option(help=f"A ready text instead: {', '.join(TEMPLATES)}.")
]
_Next = Annotated[int, typer.Option("--next", min=1, help="Minutes to the next word.")]
_AsIs = Annotated[
    bool, typer.Option("--as-is", help="Publish words that look internal, such as an address.")
]
_Components = Annotated[
    list[str] | None, typer.Option("--component", help="What it is about; may be repeated.")
]
_Name = Annotated[str | None, typer.Argument(help="Which notice; without it the only open one.")]
_ImpactOption = Annotated[str | None, typer.Option(help="none, degraded or outage.")]
_Maintenance = Annotated[
    list[Path] | None, typer.Option(help="One more YAML list of windows; may be repeated.")
]
_LEAST_S: Final = 5.0


def build(
    out: Annotated[Path, typer.Option(help="Folder of the site.")] = Path("build/status-page"),
    prometheus: Prometheus = None,
    maintenance: _Maintenance = None,
    every: Annotated[
        float | None, typer.Option(min=_LEAST_S, help="Make it anew every so many seconds.")
    ] = None,
    status_dir: _Folder = None,
    project: Project = None,
) -> Answer:
    """Write the public status page: HTML without script, JSON, Atom and badges.

    Serve the folder from anywhere, best from where the service is not. Without a Prometheus, or
    one that does not answer, the page still says what is announced, and that nothing is measured.
    """
    own = load_project(project)
    named = _named(own)
    url = prometheus_url(prometheus) or own.places.prometheus
    folder = _folder(status_dir, own)
    while every is not None:
        page, trouble = _page(own, named, folder, url, maintenance or ())
        write_site(page, out)
        console(to_stderr=True).print(_line(page, trouble), markup=False, soft_wrap=True)
        time.sleep(every)
    page, trouble = _page(own, named, folder, url, maintenance or ())
    written = write_site(page, out)
    data = {
        "schema": "calendar-sre/status-build/v1",
        "out": str(out),
        "files": [str(each) for each in written],
        "state": str(page.state),
        "components": {row.component.id: str(row.state) for row in page.rows},
        "withheld": list(page.withheld),
    }
    lines = [_line(page, None), f"site      {out / 'index.html'}"]
    lines += [f"withheld  {each}" for each in page.withheld]
    return Answer(data, lambda screen: screen.out("\n".join(lines)), trouble=trouble)


def announce(
    title: Annotated[str, typer.Argument(help="What happens, in one line for users.")],
    text: _Text = None,
    template: _Template = None,
    component: _Components = None,
    impact: _ImpactOption = None,
    kind: Annotated[str, typer.Option(help="incident or announcement.")] = "incident",
    next_word: _Next = 30,
    as_is: _AsIs = False,
    status_dir: _Folder = None,
    project: Project = None,
) -> Answer:
    """Begin an incident, or post an announcement, on the status page."""
    own = load_project(project)
    named, folder = _named(own), _folder(status_dir, own)
    chose = chosen(component or (), named.components)
    which = Kind(_one_of(kind, [str(each) for each in Kind], "--kind"))
    usual = Impact.DEGRADED if which is Kind.INCIDENT else Impact.NONE
    with held(folder):
        notice = opened(
            which, title, _said(text, template, _names_of(named, chose), next_word, insists=as_is),
            impact=usual if impact is None else _impact(impact), components=chose, now=_now(),
            taken=taken_names(folder), names=_internal(own),
        )  # fmt: skip
        return _kept(folder, notice)


def update(
    notice: _Name = None,
    text: _Text = None,
    template: _Template = None,
    stage: Annotated[
        str, typer.Option(help="investigating, identified, monitoring or posted.")
    ] = "identified",
    impact: _ImpactOption = None,
    next_word: _Next = 30,
    as_is: _AsIs = False,
    status_dir: _Folder = None,
    project: Project = None,
) -> Answer:
    """Say more in an incident or an announcement."""
    step = Stage(_one_of(stage, [str(each) for each in Stage], "--stage"))
    wish = (text, template or (None if text else "identified"), next_word, as_is)
    return _more(notice, step, wish, impact, status_dir, project)


def resolve(
    notice: _Name = None,
    text: _Text = None,
    template: _Template = None,
    as_is: _AsIs = False,
    status_dir: _Folder = None,
    project: Project = None,
) -> Answer:
    """End an incident, or take an announcement down."""
    wish = (text, template or (None if text else "resolved"), 30, as_is)
    return _more(notice, Stage.RESOLVED, wish, None, status_dir, project)


def maintenance(
    start: Annotated[str, typer.Argument(help="When it begins, such as 2026-11-01T02:00:00Z.")],
    end: Annotated[str, typer.Argument(help="When it ends.")],
    reason: Annotated[str, typer.Argument(help="What users should know, in their words.")],
    component: _Components = None,
    alertmanager: Alertmanager = None,
    as_is: _AsIs = False,
    status_dir: _Folder = None,
    project: Project = None,
) -> Answer:
    """Plan maintenance: on the page, out of the budgets, and silent where --alertmanager is given.

    The window is added to maintenance.yaml in the folder, which sre slo budget --maintenance reads.
    """
    own = load_project(project)
    named, folder = _named(own), _folder(status_dir, own)
    chose = chosen(component or (), named.components)
    window = planned(start, end, Said(reason, as_is), chose, _internal(own))
    path, silenced, trouble = add_window(folder, window), None, None
    if alertmanager is not None:
        try:
            silenced = silence(alertmanager, own.name, window, author=somebody(None))
        except UnreachableError as err:
            trouble = err
    data = {
        "schema": "calendar-sre/status-maintenance/v1",
        "file": str(path),
        "start": moment_text(window.start),
        "end": moment_text(window.end),
        "reason": window.reason,
        "components": list(window.components),
        "silence": silenced,
    }
    lines = [
        f"planned   {moment_text(window.start)} to {moment_text(window.end)}",
        f"file      {path}",
    ]
    lines += [f"silence   {silenced}"] if silenced else []
    return Answer(data, lambda screen: screen.out("\n".join(lines)), trouble=trouble)


def _more(
    name: str | None,
    stage: Stage,
    wish: tuple[str | None, str | None, int, bool],
    impact: str | None,
    status_dir: Path | None,
    project: Path | None,
) -> Answer:
    own = load_project(project)
    named, folder = _named(own), _folder(status_dir, own)
    text, template, minutes, as_is = wish
    with held(folder):
        found, wrong = read_notices(folder)
        notice = open_one(name, found)
        said = _said(text, template, _names_of(named, notice.components), minutes, insists=as_is)
        changed = said_more(
            notice, said, stage, now=_now(), names=_internal(own),
            impact=None if impact is None else _impact(impact),
        )  # fmt: skip
        return _kept(folder, changed, wrong)


def _kept(folder: Path, notice: Notice, wrong: Sequence[str] = ()) -> Answer:
    path = write_notice(folder, notice)
    last = notice.updates[-1]
    data = {
        "schema": "calendar-sre/status-announce/v1",
        "file": str(path),
        "notice": plain(notice),
        "damaged": list(wrong),
    }
    lines = (
        f"notice    {notice.id}: {notice.title}",
        f"says      {last.stage}: {last.text}",
        f"file      {path}",
        "next      sre status build puts it on the page",
        *(f"damaged   {each}" for each in wrong),
    )
    return Answer(data, lambda screen: screen.out("\n".join(lines)))


def _page(
    own: Of, named: Named, folder: Path, url: str | None, more: Sequence[Path]
) -> tuple[Page, HarnessError | None]:
    now = _now()
    notices, wrong = read_notices(folder)
    windows = read_windows(folder / MAINTENANCE, *more)
    public, withheld = public_notices(notices, _internal(own))
    planned_ones, hidden = public_windows(windows, _internal(own))
    found, trouble = _measured(named, url, now, windows)
    told = (*withheld, *hidden, *wrong)
    return page_of(named, found, public, planned_ones, now, told), trouble


def _measured(
    named: Named, url: str | None, now: datetime, windows: Sequence[Any]
) -> tuple[Mapping[str, Measured], HarnessError | None]:
    if url is None:
        none = NotEnoughDataError(
            "nothing is measured: no Prometheus is named",
            hint="give --prometheus, or SRE_PROMETHEUS_URL",
        )
        return unmeasured(named.components, now, str(none)), none
    with connect(url) as server:
        found = measure(server, named.components, now, windows)
    problems = [each.problem for each in found.values() if each.problem]
    if problems:
        return found, UnreachableError(
            f"not everything was measured: {problems[0]}", hint="the page says what is not known"
        )
    if all(each.now is State.UNKNOWN for each in found.values()):
        return found, NotEnoughDataError(
            "Prometheus knows nothing of the components at this moment",
            hint="is sre probe run scraped, and the service?",
        )
    return found, None


def _named(own: Of) -> Named:
    journeys = [each.name for each in journeys_of(own)] if own.journeys else []
    return named_of(own, load_objectives(Path(own.paths.objectives)), journeys)


def _folder(given: Path | None, own: Of) -> Path:
    return status_folder(given, runs_dir(runs_of(own)))


def _names_of(named: Named, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.name for each in named.components if each.id in ids)


def _internal(own: Of) -> tuple[str, ...]:
    """Return the words of a project that nobody outside knows."""
    return tuple({own.job, own.name} - {own.title})


def _said(
    text: str | None, template: str | None, about: tuple[str, ...], minutes: int, *, insists: bool
) -> Said:
    if text is not None and template is not None:
        raise BadInputError("both --text and --template are given", hint="give one of them")
    if text is not None:
        return Said(text, insists)
    if template is None:
        raise BadInputError(
            "there is nothing to tell", hint=f"give --text, or --template {', '.join(TEMPLATES)}"
        )
    return Said(text_of(_one_of(template, list(TEMPLATES), "--template"), about, minutes), insists)


def _impact(given: str) -> Impact:
    return Impact(_one_of(given, [str(each) for each in Impact], "--impact"))


def _one_of(given: str, known: Sequence[str], option: str) -> str:
    if given not in known:
        raise BadInputError(f"{option} {given!r} is not known", hint=closest(given, known))
    return given


def _line(page: Page, trouble: HarnessError | None) -> str:
    rows = ", ".join(f"{row.component.name}: {row.state}" for row in page.rows)
    return f"{page.made:%H:%M:%S}  {page.state}  {rows}" + (f"  ({trouble})" if trouble else "")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
