"""How long the server says that single requests took, by its access log."""

import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import orjson

from kit.edge.log_files import files_of
from traces.edge.files import opened

NAME: Final = "performance-metrics.log"


def server_ms(folder: Path, wanted: Collection[str]) -> dict[str, float]:
    """Return the milliseconds of those of some requests, by their id, that stand in the log.

    What cannot be read is left out, as are requests of other instances.
    """
    found: dict[str, float] = {}
    for path in files_of(folder, NAME):
        for line in _lines(path):
            if b'"request_id"' not in line:
                continue
            try:
                fields = orjson.loads(line)
                request_id = fields["request_id"]
                if request_id in wanted:
                    found[request_id] = float(fields["duration_ms"])
            except (ValueError, KeyError, TypeError):
                continue
    return found


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with opened(path) as file:
            yield from file
    except (OSError, EOFError, zlib.error):
        return
