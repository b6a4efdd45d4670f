"""Which files of a folder are one log: what is written now, and what was rotated away from it.

`sre maintain logs` renames `api.log` to `api.STAMP.log` and packs that as
`api.STAMP.log.gz`; logrotate has `api.log.1.gz` and `api-DATE.log`.
Whoever reads logs finds them here: checks, evidence, timeline.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

STAMP: Final = "%Y%m%dT%H%M%SZ"
ROTATED: Final = re.compile(r"\.\d{8}T\d{6}Z(-\d+)?\.log$")
"""What our own rotation leaves until it is packed."""
PACKED: Final = ".gz"
_NUMBER: Final = r"(?:[-.]\d[\dTZ-]*)?"


def files_of(folder: Path, name: str, *, since: datetime | None = None) -> list[Path]:
    """Return a log and its rotated files, oldest first; with `since` those written since then.

    Of a file that stands there plain and packed, as when packing was interrupted, only the plain
    one is meant.
    """
    wanted = re.compile(rf"{re.escape(name.removesuffix('.log'))}{_NUMBER}\.log{_NUMBER}(?:\.gz)?")
    found = {path: _changed_s(path) for path in folder.glob("*") if wanted.fullmatch(path.name)}
    least_s = float("-inf") if since is None else since.timestamp()
    chosen = [(at_s, path.name, path) for path, at_s in _once(found).items() if at_s >= least_s]
    return [path for _, _, path in sorted(chosen)]


def _once(found: Mapping[Path, float | None]) -> dict[Path, float]:
    return {
        path: at_s
        for path, at_s in found.items()
        if at_s is not None and not (path.suffix == PACKED and path.with_name(path.stem) in found)
    }


def _changed_s(path: Path) -> float | None:
    """Return when a file was last written; None for none, as one rotated away just now."""
    try:
        return path.stat().st_mtime if path.is_file() else None
    except OSError:
        return None
