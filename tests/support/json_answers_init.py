"""What `sre init` answers with `--json` where nothing answers it; see json_answers_load.py."""

from typing import Final

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["init", "--schema"], "init-schema", 0),
    (["init", "--target", "{prometheus}"], "error", 3),
    (["init", "--target", "here"], "error", 2),
]
