"""Known vulnerabilities: from pip-audit where it is installed, or from advisories on this disk."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from kit.pure.errors import BadInputError
from ops.checks.finding import Finding, State, no_data
from ops.maintenance import audit
from ops.maintenance.audit import Audit, Known
from ops.maintenance.outdated import pins_of

_SUBJECT: Final = "known vulnerabilities"
_TOOL: Final = "pip-audit"
_NAMED: Final = 10


def judge(lock: Path, *, folder: Path | None, timeout_s: float) -> Iterator[Finding]:
    """Yield whether anything pinned is known to be vulnerable; without a source that is not known.

    A folder holds advisories in the OSV format (https://ossf.github.io/osv-schema/), a JSON file
    each, as https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip has them.
    """
    advisories = None if folder is None else read_folder(folder)
    pins = pins_of(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    if not pins:
        yield no_data(_SUBJECT, f"{lock} pins nothing", "name the lock with --lock")
    elif advisories is not None:
        yield _told(_looked_up(pins, advisories), pins, f"{folder}")
    elif shutil.which(_TOOL):
        found = audit.of_lock(lock, _TOOL, timeout_s)
        yield no_data(_SUBJECT, found) if isinstance(found, str) else _told(found, pins, _TOOL)
    else:
        step = f"install {_TOOL}, or give --advisories FOLDER of OSV files"
        yield no_data(_SUBJECT, f"no {_TOOL} on PATH and no advisories", step)


def read_folder(folder: Path) -> list[dict[str, Any]]:
    """Return the advisories of a folder; raises BadInputError for a file that is none."""
    files = sorted(folder.glob("**/*.json"))
    if not files:
        raise BadInputError(f"--advisories {folder} holds no .json file", hint="give OSV files")
    found = []
    for file in files:
        try:
            advisory = json.loads(file.read_text(encoding="utf-8"))
            name, affected = str(advisory["id"]), list(advisory["affected"])
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise BadInputError(
                f"{file} is no advisory in the OSV format: {type(err).__name__}: {err}",
                hint="https://ossf.github.io/osv-schema/ says what one holds",
            ) from err
        if not advisory.get("withdrawn"):
            found.append({"id": name, "affected": affected})
    return found


def matching(pins: Mapping[str, str], advisories: Sequence[Mapping[str, Any]]) -> list[Known]:
    """Return the advisories about the pinned versions."""
    found = []
    for advisory in advisories:
        for affected in advisory["affected"]:
            package = affected.get("package", {})
            name = str(canonicalize_name(str(package.get("name", ""))))
            if package.get("ecosystem") != "PyPI" or name not in pins:
                continue
            if _is_affected(pins[name], affected):
                found.append(Known(name, pins[name], advisory["id"], _fixes(affected)))
    return found


def _is_affected(text: str, affected: Mapping[str, Any]) -> bool:
    if text in affected.get("versions", ()):
        return True
    version = Version(text)
    return any(_is_within(version, each.get("events", ())) for each in _ranges(affected))


def _is_within(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """Walk the events of a range in the order of their versions, as the OSV schema says."""
    is_inside = False
    told = [(kind, _version(text)) for event in events for kind, text in event.items()]
    for kind, at in sorted(told, key=lambda each: each[1]):
        if kind == "introduced" and version >= at:
            is_inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            is_inside = False
    return is_inside


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _ranges(affected: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]


def _fixes(affected: Mapping[str, Any]) -> tuple[str, ...]:
    events = [event for each in _ranges(affected) for event in each.get("events", ())]
    return tuple(event["fixed"] for event in events if "fixed" in event)


def _looked_up(pins: Mapping[str, str], advisories: Sequence[Mapping[str, Any]]) -> Audit:
    """Return what a folder says of pins.

    No advisory about a package is the usual case; none about any of them is another folder.
    """
    named = [
        (str(canonicalize_name(str(affected.get("package", {}).get("name", "")))), affected)
        for advisory in advisories
        for affected in advisory["affected"]
        if affected.get("package", {}).get("ecosystem") == "PyPI"
    ]
    about = {name for name, _ in named} & pins.keys()
    unread = {name for name, affected in named if name in about and not _is_readable(affected)}
    told = {name: version for name, version in pins.items() if about and name not in unread}
    return Audit(tuple(matching(pins, advisories)), told)


def _is_readable(affected: Mapping[str, Any]) -> bool:
    """Say whether an advisory tells which versions it is about, in words that we read."""
    events = [event for each in _ranges(affected) for event in each.get("events", ())]
    texts = [str(text) for event in events for text in event.values()]
    return bool(texts or affected.get("versions")) and all(map(_is_version, texts))


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _told(found: Audit, pins: Mapping[str, str], source: str) -> Finding:
    """Return what is vulnerable; what was not looked at, or in another version, is not known."""
    left = [f"{name} {at}" for name, at in sorted(pins.items()) if found.audited.get(name) != at]
    seen = f"{len(pins) - len(left)} of {len(pins)} pins looked up in {source}"
    if left:
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        seen += f"; not {', '.join(left[:_NAMED])}{more}"
    if found.known:
        named = "; ".join(str(one) for one in found.known[:_NAMED])
        step = "raise them in pyproject.toml, renew the lock, and run make test"
        value = f"{len(found.known)}: {named}" + (f"; {seen}" if left else "")
        return Finding(_SUBJECT, State.FAIL, value, do_next=step)
    if left:
        why = f" ({found.reason})" if found.reason else ""
        return no_data(
            _SUBJECT, f"none known, but only {seen}{why}", "ask again with a source of all"
        )
    return Finding(_SUBJECT, State.PASS, f"none known; {seen}")
