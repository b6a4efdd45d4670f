"""Known vulnerabilities: from pip-audit where it is installed, or from advisories on this disk."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name
from packaging.version import Version

from kit.pure.addresses import masked
from kit.pure.errors import BadInputError
from kit.pure.json_values import JsonMapping, from_json
from ops.checks.finding import Finding, State, no_data
from ops.maintenance import audit
from ops.maintenance.audit import Audit, Known
from ops.maintenance.lock import Lock, is_same, read_lock, version_of

_SUBJECT: Final = "known vulnerabilities"
_TOOL: Final = "pip-audit"
_NAMED: Final = 10
_FEWEST: Final = 5_000
"""PyPI's all.zip has more than twice as many; a folder with fewer is some of them."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_FRESH: Final = timedelta(days=30)
"""There are new ones every day, so one with none for so long is an old copy."""


def judge(lock: Path, *, folder: Path | None, timeout_s: float) -> Iterator[Finding]:
    """Yield whether anything pinned is known to be vulnerable; without a source that is not known.

    A folder holds advisories in the OSV format (https://ossf.github.io/osv-schema/), a JSON file
    each, as https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip has them.
    """
    advisories = None if folder is None else read_folder(folder)
    locked = read_lock(lock.read_text(encoding="utf-8")) if lock.is_file() else Lock({}, ())
    if not locked:
        yield no_data(_SUBJECT, f"{lock} pins nothing", "name the lock with --lock")
    elif advisories is not None:
        yield _finding(_looked_up(locked.pins, advisories), locked, f"{folder}")
    elif shutil.which(_TOOL):
        found = audit.of_lock(lock, _TOOL, timeout_s)
        yield no_data(_SUBJECT, found) if isinstance(found, str) else _finding(found, locked, _TOOL)
    else:
        step = f"install {_TOOL}, or give --advisories FOLDER of OSV files"
        yield no_data(_SUBJECT, f"no {_TOOL} on PATH and no advisories", step)


def read_folder(folder: Path) -> list[dict[str, object]]:
    """Return the advisories of a folder; raises BadInputError for a file that is none."""
    files = sorted(folder.glob("**/*.json"))
    if not files:
        raise BadInputError(f"--advisories {folder} holds no .json file", hint="give OSV files")
    found = []
    for file in files:
        try:
            advisory = from_json(file.read_text(encoding="utf-8"))
            name, affected = str(advisory["id"]), list(advisory["affected"])
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise BadInputError(
                f"{file} is no advisory in the OSV format: {type(err).__name__}: {err}",
                hint="https://ossf.github.io/osv-schema/ says what one holds",
            ) from err
        if not advisory.get("withdrawn"):
            modified = advisory.get("modified")
            found.append({"id": name, "affected": affected, "modified": modified})
    return found


def matching(pins: Mapping[str, str], advisories: Sequence[JsonMapping]) -> list[Known]:
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


def _is_affected(text: str, affected: JsonMapping) -> bool:
    if any(is_same(text, str(each)) for each in affected.get("versions", ())):
        return True
    version = version_of(text)
    return version is not None and any(
        _is_within(version, each.get("events", ())) for each in _ranges(affected)
    )


def _is_within(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """Walk the events of a range in the order of their versions, as the OSV schema says."""
    is_inside = False
    named = [
        (kind, version_of(text) or Version("0")) for event in events for kind, text in event.items()
    ]
    for kind, at in sorted(named, key=lambda each: each[1]):
        if kind == "introduced" and version >= at:
            is_inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            is_inside = False
    return is_inside


def _ranges(affected: JsonMapping) -> list[JsonMapping]:
    return [each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]


def _fixes(affected: JsonMapping) -> tuple[str, ...]:
    events = [event for each in _ranges(affected) for event in each.get("events", ())]
    return tuple(event["fixed"] for event in events if "fixed" in event)


def _looked_up(pins: Mapping[str, str], advisories: Sequence[JsonMapping]) -> Audit:
    """Return what a folder says of pins.

    What it does not name is known to have no advisory only if it is a fresh copy of them all.
    """
    lack = _lack(advisories, datetime.now(UTC))
    unread = {
        str(canonicalize_name(str(affected.get("package", {}).get("name", ""))))
        for advisory in advisories
        for affected in advisory["affected"]
        if affected.get("package", {}).get("ecosystem") == "PyPI" and not _is_readable(affected)
    }
    audited = {} if lack else {name: at for name, at in pins.items() if name not in unread}
    return Audit(tuple(matching(pins, advisories)), audited, lack)


def _lack(advisories: Sequence[Mapping[str, object]], now: datetime) -> str:
    """Return why a folder is no fresh copy of all advisories, "" when it may be one."""
    moments = [moment for each in advisories if (moment := _moment(each["modified"])) <= now]
    newest = max(moments, default=_NEVER)
    when = "of no known time" if newest == _NEVER else f"the newest of {newest:%Y-%m-%d}"
    if len(advisories) >= _FEWEST and now - newest <= _FRESH:
        return ""
    return (
        f"it holds {len(advisories):,} advisories, {when}; a copy of all has at least {_FEWEST:,}, "
        f"and one of the last {_FRESH.days} days"
    )


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_readable(affected: JsonMapping) -> bool:
    """Say whether an advisory tells which versions it is about, in words that we read."""
    events = [event for each in _ranges(affected) for event in each.get("events", ())]
    texts = [str(text) for event in events for text in event.values()]
    return bool(texts or affected.get("versions")) and None not in map(version_of, texts)


def _finding(found: Audit, lock: Lock, source: str) -> Finding:
    """Return what is vulnerable; what was not looked at, or in another version, is not known."""
    left = [masked(line) for line in lock.unread] + [
        f"{name} {at}"
        for name, at in sorted(lock.pins.items())
        if not is_same(found.audited.get(name, ""), at)
    ]
    seen = f"{len(lock) - len(left)} of {len(lock)} pins looked up in {source}"
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
