"""What pip-audit says of a lock: which pins it looked up, and what is known of those."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from kit.pure.addresses import masked

_ANSWERED: Final = frozenset({0, 1})
"""1 says that something was found."""


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


@dataclass(frozen=True, slots=True)
class Audit:
    """The versions that were `audited`, by package, what is `known`, and a `reason` for less."""

    known: tuple[Known, ...]
    audited: Mapping[str, str]
    reason: str = ""


def of_lock(lock: Path, tool: str, timeout_s: float) -> Audit | str:
    """Return what the tool says of a lock, or why it says nothing."""
    command = [tool, "--requirement", str(lock), "--no-deps", "--disable-pip", "--format", "json"]
    try:
        done = subprocess.run(
            [*command, "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return f"{tool} did not end within {timeout_s:g} s"
    except OSError as err:
        return f"{tool} cannot be run: {err}"
    except ValueError:
        answer = None
    entries = answer.get("dependencies") if isinstance(answer, dict) else answer
    if done.returncode not in _ANSWERED or not isinstance(entries, list):
        lines = done.stderr.strip().splitlines() or [f"nothing, and ended with {done.returncode}"]
        return masked(f"{tool} said: {lines[-1]}")[:300]
    found = read(entries)
    if done.returncode and not found.known:
        return f"{tool} ended with {done.returncode}, as for a hole, and named none"
    return found


def read(entries: Sequence[object]) -> Audit:
    """Return what the entries of an answer say.

    An entry with a reason to be skipped (also "could not be audited"), or without a list of
    holes, was not audited. Source: pip-audit, README, "JSON".
    """
    known, audited, reasons = [], {}, []
    for one in entries:
        if not isinstance(one, dict) or not isinstance(one.get("vulns"), list):
            reasons.append(str(one.get("skip_reason", "")) if isinstance(one, dict) else "")
            continue
        name, version = str(canonicalize_name(str(one.get("name")))), str(one.get("version"))
        if one.get("skip_reason"):
            reasons.append(str(one["skip_reason"]))
            continue
        audited[name] = version
        known += [
            Known(name, version, str(each.get("id")), tuple(each.get("fix_versions") or ()))
            for each in one["vulns"]
        ]
    return Audit(tuple(known), audited, masked(next(filter(None, reasons), ""))[:200])
