"""`sre alerts diff|deploy|rollback|history`: rules on a server."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.deploy.compare import Difference
from alerts.deploy.past import change_of
from alerts.edge.deploy import deploy as run_deploy
from alerts.edge.deploy import plan
from alerts.edge.deploy import rollback as run_rollback
from alerts.edge.deploy_request import request, rule_texts, server
from alerts.edge.store import Store
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.exits import Exit
from slo.edge.project_file import load_project
from slo.project.project import Project as Described
from sre.answer import Answer
from sre.options import DryRun, Project, Prometheus, Rules
from sre.screen import lines

_FOLDER = typer.Argument(
    help="The folder that rule_files of Prometheus points to; else rules under [alerts]."
)
_PATIENCE = typer.Option(min=1, help="Seconds within which every group must have evaluated.")
_MOST = typer.Option(min=1, help="Series that one new rule may give.")
_TO = typer.Option("--to", help="The identity of a deploy, as history shows it.")
_REMOVALS = typer.Option("--allow-removals", help="Rules may go away.")


def diff(
    folder: Annotated[Path | None, _FOLDER] = None,
    prometheus: Prometheus = None,
    rules: Rules = None,
    project: Project = None,
) -> Answer:
    """Compare what Prometheus runs with what is meant; exit 1 when they differ."""
    about = load_project(project)
    asked = request(about, rule_texts(about, rules or ()))
    store = _store(about, folder)
    planned = plan(asked, server(about, prometheus), store)
    code = Exit.BAD if planned.change else Exit.HOLDS
    return _changed(planned.change, firing=planned.firing, cut=store.interrupted(), code=code)


def deploy(
    folder: Annotated[Path | None, _FOLDER] = None,
    prometheus: Prometheus = None,
    rules: Rules = None,
    dry_run: DryRun = False,
    allow_removals: Annotated[bool, _REMOVALS] = False,
    most_series: Annotated[int, _MOST] = 1000,
    patience: Annotated[float, _PATIENCE] = 180,
    project: Project = None,
) -> Answer:
    """Put rules in place, reload, and wait until exactly they run; else put the old ones back."""
    about = load_project(project)
    asked = request(
        about,
        rule_texts(about, rules or ()),
        patience_s=patience,
        allow_removals=allow_removals,
        most_series=most_series,
    )
    if dry_run:
        planned = plan(asked, server(about, prometheus), _store(about, folder))
        return _changed(planned.change, firing=planned.firing)
    entry, change = run_deploy(asked, server(about, prometheus), _store(about, folder))
    return _changed(change, done=entry.identity)


def rollback(
    folder: Annotated[Path | None, _FOLDER] = None,
    prometheus: Prometheus = None,
    to: Annotated[str | None, _TO] = None,
    patience: Annotated[float, _PATIENCE] = 180,
    project: Project = None,
) -> Answer:
    """Deploy an earlier set again: the one before the present, or the one that --to names."""
    about = load_project(project)
    asked = request(about, {}, patience_s=patience)
    entry, change = run_rollback(asked, server(about, prometheus), _store(about, folder), to)
    return _changed(change, done=entry.identity)


def history(folder: Annotated[Path | None, _FOLDER] = None, project: Project = None) -> Answer:
    """Show who deployed which set when and what it changed, the newest last."""
    store = _store(load_project(project), folder)
    entries, cut = store.history(), store.interrupted()
    if not entries:
        raise NotEnoughDataError(
            f"nothing was deployed to {store.folder} yet", hint=f"sre alerts deploy {store.folder}"
        )
    data: dict[str, Any] = {
        "schema": "calendar-sre/alerts-history/v1",
        "deploys": [],
        "interrupted": list(cut),
    }
    said, before = list[str](), dict[str, str]()
    for each in entries:
        after = store.kept(each.identity)
        change = change_of(before, after)
        data["deploys"].append({**asdict(each), "change": asdict(change)})
        back = f"  back to {each.back_to}" if each.back_to else ""
        said.append(f"{each.when}  {each.identity}  {each.who}  commit {each.commit}{back}")
        said += [f"    {line}" for line in _some(change.lines())]
        before = after
    return Answer(data, lines([*said, *_interrupted(cut)]))


def _some(said: Sequence[str], most: int = 10) -> list[str]:
    """Return the first lines, and how many more there are."""
    more = [f"… and {len(said) - most} more"] if len(said) > most else []
    return [*said[:most], *more]


def _interrupted(cut: Sequence[str]) -> list[str]:
    if not cut:
        return []
    return [f"note: a deploy of {', '.join(cut)} was interrupted; the next puts the old back first"]


def _store(about: Described, folder: Path | None) -> Store:
    """Return the project's rules in a folder; BadInputError when there is no such folder."""
    hint = "name the folder that rule_files points to"
    chosen = folder or (Path(about.places.rules) if about.places.rules else None)
    if chosen is None:
        raise BadInputError("no folder of rules is named", hint=f"{hint}, or rules under [alerts]")
    if not chosen.is_dir():
        raise BadInputError(f"no folder {chosen}", hint=hint)
    return Store(chosen, "" if about.first else about.name)


def _changed(
    change: Difference,
    *,
    done: str = "",
    firing: Sequence[tuple[str, int]] = (),
    cut: Sequence[str] = (),
    code: Exit = Exit.HOLDS,
) -> Answer:
    data = {
        "schema": "calendar-sre/alerts-change/v1",
        **asdict(change),
        "deployed": done or None,
        "fires_now": [{"alert": name, "series": count} for name, count in firing],
        "interrupted": list(cut),
    }
    counts = (
        f"{len(change.added)} added, {len(change.removed)} removed, {len(change.changed)} changed"
    )
    notes = [f"note: {name} would fire now, for {count} series" for name, count in firing]
    said = [
        *change.lines(),
        *notes,
        *_interrupted(cut),
        f"{counts}{f'; deployed as {done}' if done else ''}",
    ]
    return Answer(data, lines(said), code)
