"""Keep incidents: a file each in `runs/incident`, changed by one at a time."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from kit.edge import records
from kit.edge.writing import held, write_whole
from kit.pure.errors import BadInputError, RefusedError
from kit.pure.fields import Field, closest
from kit.pure.file_names import file_name
from ops.incidents.response.incident import Incident, plain, read_incident

KIND: Final = "incident"


def folder() -> Path:
    """Return where incidents are kept."""
    return records.runs_dir() / KIND


def path_of(name: str) -> Path:
    """Return the file of an incident; raises BadInputError for a name that no file can have."""
    return folder() / f"{file_name(name, what='incident')}.json"


def begin(incident: Incident) -> Path:
    """Write a new incident; raises RefusedError where one of that name is."""
    with held(folder()):
        if path_of(incident.id).exists():
            raise RefusedError(
                f"there is an incident {incident.id} already",
                hint="go on with sre incident diagnose, or give another --incident",
            )
        return _write(incident)


def change(name: str, how: Callable[[Incident], Incident]) -> Incident:
    """Read an incident, change it and write it, while nobody else does; return what it is now."""
    with held(folder()):
        changed = how(load(name))
        _write(changed)
    return changed


def with_draft(name: str, path: str) -> Incident:
    """Note where the draft of the post-mortem is."""
    return change(name, lambda each: replace(each, post_mortem=path))


def load(name: str) -> Incident:
    """Return the incident of a name; BadInputError offers the nearest."""
    path = path_of(name)
    if not path.exists():
        raise BadInputError(f"no incident is called {name!r}", hint=closest(name, names()))
    found = read_incident(Field(str(path), "", records.loaded(path)))
    if found.id != name:
        raise BadInputError(
            f"{path}: is the record of {found.id!r}, by its id",
            hint="call it so again, or remove it",
        )
    return found


def names() -> list[str]:
    """Return the names of all incidents on record, the oldest first."""
    return sorted(path.stem for path in folder().glob("*.json"))


def every(on_damage: Callable[[str], None] = lambda _why: None) -> list[Incident]:
    """Return all incidents that can be read; `on_damage` hears of the others."""
    found = []
    for name in names():
        try:
            found.append(load(name))
        except BadInputError as err:
            on_damage(str(err))
    return found


def meant(
    name: str | None, is_meant: Callable[[Incident], bool] = lambda each: each.is_open
) -> Incident:
    """Return the incident of that name; without one, the only open one, or what else is meant.

    A record that cannot be read may be of another one that is open: then one has to be named.
    """
    if name is not None:
        return load(name)
    damaged: list[str] = []
    going = [each for each in every(damaged.append) if is_meant(each)]
    if len(going) == 1 and not damaged:
        return going[0]
    listed = ", ".join(each.id for each in going[:5])
    raise BadInputError(
        "; ".join([f"{len(going)} incidents are open, and none is named", *damaged[:2]]),
        hint=f"name one of {listed}" if going else "begin one: sre incident start",
    )


def _write(incident: Incident) -> Path:
    content = {**plain(incident), "verdict": "open" if incident.is_open else "closed"}
    path = path_of(incident.id)
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path
