"""Known vulnerabilities: from pip-audit where it is installed, or from advisories on this disk."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from kit.pure.addresses import masked
from kit.pure.errors import BadInputError
from ops.checks.finding import Finding, State, no_data
from ops.maintenance.outdated import pins_of

_TOOL: Final = "pip-audit"
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Known:
    """An advisory that is about a version in use; `fixed` are the versions that help."""

    package: str
    version: str
    advisory: str
    fixed: tuple[str, ...]

    def __str__(self) -> str:
        """Return it in one line."""
        help_ = f", fixed in {' or '.join(self.fixed)}" if self.fixed else ""
        return f"{self.package} {self.version}: {self.advisory}{help_}"


def judge(lock: Path, *, folder: Path | None, timeout_s: float) -> Iterator[Finding]:
    """Yield whether anything pinned is known to be vulnerable; without a source that is not known.

    A folder holds advisories in the OSV format (https://ossf.github.io/osv-schema/), a JSON file
    each, as https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip has them.
    """
    if folder is not None:
        pins = pins_of(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
        yield _told(matching(pins, read_folder(folder)), f"{folder}")
    elif shutil.which(_TOOL):
        found = _audited(lock, timeout_s)
        yield (
            no_data("known vulnerabilities", found)
            if isinstance(found, str)
            else _told(found, _TOOL)
        )
    else:
        step = f"install {_TOOL}, or give --advisories FOLDER of OSV files"
        yield no_data("known vulnerabilities", f"no {_TOOL} on PATH and no advisories", step)


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


def _told(found: Sequence[Known], source: str) -> Finding:
    if not found:
        return Finding("known vulnerabilities", State.PASS, f"none in {source}")
    named = "; ".join(str(one) for one in found[:_NAMED])
    step = "raise them in pyproject.toml, renew the lock, and run make test"
    return Finding("known vulnerabilities", State.FAIL, f"{len(found)}: {named}", do_next=step)


def _audited(lock: Path, timeout_s: float) -> list[Known] | str:
    """Return what pip-audit says of a lock, or why it says nothing."""
    command = [_TOOL, "--requirement", str(lock), "--no-deps", "--disable-pip", "--format", "json"]
    try:
        done = subprocess.run(
            [*command, "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return f"{_TOOL} did not end within {timeout_s:g} s"
    except ValueError:
        lines = done.stderr.strip().splitlines() or ["nothing"]
        return masked(f"{_TOOL} said: {lines[-1]}")[:300]
    return [
        Known(one["name"], one["version"], each["id"], tuple(each.get("fix_versions", ())))
        for one in told["dependencies"]
        for each in one.get("vulns", ())
    ]
