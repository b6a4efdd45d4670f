"""Bring the generated dashboards into a Grafana, keep what was there, and bring it back."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dashboards.deploy.apply import apply, plan
from dashboards.deploy.plan import Body, Change, Deed
from dashboards.edge.grafana import Grafana
from kit.edge import records, writing
from kit.edge.marked_runs import marked_runs
from kit.pure.errors import BadInputError, NotEnoughDataError, RefusedError
from kit.pure.json_values import from_json
from kit.pure.schema_ids import of_later_release
from slo.edge.project_file import runs_of
from slo.project.project import BoardNames, Project

SCHEMA: Final = "calendar-sre/dashboards-before/v1"
_KIND: Final = "dashboards"


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy did; `kept` holds what was there before, None when nothing changed."""

    changes: tuple[Change, ...]
    kept: Path | None


def grafana_url(given: str | None) -> str:
    """Return the URL of Grafana: the one given, else SRE_GRAFANA_URL, else the local default."""
    return given or os.environ.get("SRE_GRAFANA_URL") or "http://127.0.0.1:3000"


def connect(url: str | None) -> Grafana:
    """Return the Grafana at a URL, with the token of SRE_GRAFANA_TOKEN."""
    return Grafana(grafana_url(url), os.environ.get("SRE_GRAFANA_TOKEN", ""))


def read_set(folder: Path) -> dict[str, Body | None]:
    """Return the dashboards of a folder by uid; BadInputError for a file that is none."""
    found: dict[str, Body | None] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            body = from_json(path.read_text(encoding="utf-8"))
            found[str(body["uid"])] = body
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise BadInputError(
                f"{path} is no dashboard with a uid: {err}", hint="run `sre dashboards build`"
            ) from err
    if not found:
        raise BadInputError(f"no dashboards in {folder}", hint="run `sre dashboards build`")
    return found


def plan_deploy(
    grafana: Grafana, wanted: Mapping[str, Body | None], names: BoardNames, *, prune: bool
) -> tuple[Change, ...]:
    """Return what would change; with `prune`, our dashboards that are built no longer go.

    RefusedError where a dashboard in Grafana has the uid of ours and is somebody else's.
    """
    everything = dict(wanted)
    if prune:
        everything |= {uid: None for uid in grafana.tagged(names.tag) if uid not in wanted}
    changes = plan(grafana, everything)
    for change in changes:
        if change.before is not None and names.tag not in change.before.get("tags", ()):
            raise RefusedError(
                f"the dashboard {change.uid} in Grafana lacks our tag {names.tag!r}: it is "
                "somebody else's",
                hint="name another `prefix` in [service] of the project file, or give it that tag",
            )
    return changes


def deploy(
    grafana: Grafana,
    changes: tuple[Change, ...],
    project: Project,
    *,
    message: str,
    on_change: Callable[[Change], None] = lambda _: None,
) -> Deployed:
    """Carry out a plan, all of it or nothing, and keep what was there before."""
    differs = any(change.deed is not Deed.LEAVE for change in changes)
    kept = _keep(grafana, changes, project) if differs else None
    names = project.boards
    apply(
        grafana, changes, folder=names.folder, title=names.title, message=message,
        on_change=on_change,
    )  # fmt: skip
    return Deployed(changes, kept)


def read_kept(path: Path | None, project: Project) -> tuple[Path, dict[str, Body | None]]:
    """Return what a deploy of ours found before it, the newest without `path`.

    NotEnoughDataError when nothing was kept, BadInputError for a file that is something else, or
    another project's.
    """
    names, folder = project.boards, records.runs_dir(runs_of(project)) / _KIND
    if path is None:
        kept = sorted(folder.glob("*.json"))
        found = [path for path in kept if _owner(path) in {None, names.tag}]
        if not found:
            raise NotEnoughDataError(
                f"no deploy was kept in {folder}",
                hint="give the file that a deploy named",
            )
        path = found[-1]
    try:
        record = from_json(path.read_text(encoding="utf-8"))
        before = dict(record["before"]) if record["schema"] == SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise BadInputError(
            f"{path} holds no earlier dashboards: {err}", hint="give the file that a deploy named"
        ) from err
    if before is None:
        raise BadInputError(
            f"{path} has the schema {record['schema']!r}, not {SCHEMA!r}",
            hint=of_later_release(record["schema"], SCHEMA) or "give the file that a deploy named",
        )
    if (owner := record.get("tag")) not in {None, names.tag}:
        raise BadInputError(
            f"{path} holds the dashboards of {owner!r}, and these are those of {names.tag!r}",
            hint="name that project with --project",
        )
    return path, before


def _owner(path: Path) -> str | None:
    """Return whose a kept file is; earlier releases did not write it down."""
    try:
        return str(from_json(path.read_text(encoding="utf-8"))["tag"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def annotate_load_runs(grafana: Grafana, project: Project) -> int:
    """Write an annotation for each load run on record that has none, and return how many."""
    mark = project.boards.load_runs
    known = {tag for found in grafana.annotations(mark) for tag in found.get("tags", ())}
    written = 0
    for run in marked_runs(runs_of(project)):
        if run.identity in known:
            continue
        grafana.annotate(
            {
                "time": round(run.begun.timestamp() * 1000),
                "timeEnd": round(run.ended.timestamp() * 1000),
                "tags": [mark, run.identity],
                "text": f"{run.profile}: {run.verdict}",
            }
        )
        written += 1
    return written


def _keep(grafana: Grafana, changes: tuple[Change, ...], project: Project) -> Path:
    now = datetime.now(UTC)
    record = {
        "schema": SCHEMA,
        "id": f"{now:%Y%m%dT%H%M%S%f}-before",
        "tag": project.boards.tag,
        "grafana": grafana.url,
        "before": {change.uid: change.before for change in changes},
    }
    path = records.runs_dir(runs_of(project)) / _KIND / f"{record['id']}.json"
    writing.write_whole(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return path
