"""Keep incidents: a file each in `runs/incident`, changed by one at a time."""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from kit.edge import records
from kit.edge.writing import unwritable, write_whole
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
    with _locked():
        if path_of(incident.id).exists():
            raise RefusedError(
                f"there is an incident {incident.id} already",
                hint="go on with sre incident diagnose, or give another --incident",
            )
        return _write(incident)


def change(name: str, how: Callable[[Incident], Incident]) -> Incident:
    """Read an incident, change it and write it, while nobody else does; return what it is now."""
    with _locked():
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
    return read_incident(Field(str(path), "", records.loaded(path)))


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


def meant(name: str | None) -> Incident:
    """Return the incident of that name; without one, the only open one."""
    if name is not None:
        return load(name)
    going = [each for each in every() if each.is_open]
    if len(going) == 1:
        return going[0]
    listed = ", ".join(each.id for each in going[:5])
    raise BadInputError(
        f"{len(going)} incidents are open, and none is named",
        hint=f"name one of {listed}" if going else "begin one: sre incident start",
    )


def _write(incident: Incident) -> Path:
    content = {**plain(incident), "verdict": "open" if incident.is_open else "closed"}
    path = path_of(incident.id)
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle = os.open(folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as err:
        raise unwritable(folder(), err) from err
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
