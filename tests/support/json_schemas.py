"""Whether what `--json` printed keeps its published schema."""

import json
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

ROOT: Final = Path(__file__).resolve().parents[2]
SCHEMAS: Final = ROOT / "sre" / "schemas"
ROOMS: Final = ("kit", "synthetic", "reports", "ops")
"""Where the schemas of records lie that verbs print as they are kept."""


def schema_file(stem: str) -> Path:
    """Return the file of a schema: one of the command's own, or that of a record."""
    own = SCHEMAS / f"{stem}.v1.json"
    if own.is_file():
        return own
    of_records = [found for room in ROOMS for found in (ROOT / room).rglob(f"{stem}.schema.json")]
    assert len(of_records) == 1, f"no schema {stem} is published: write {own}"
    return of_records[0]


def keeps_schema(text: str, stem: str) -> Any:
    """Return the one JSON object of an output, having seen that it keeps the schema."""
    data = json.loads(text)
    assert isinstance(data, dict), data
    assert data["schema"] == f"calendar-sre/{stem}/v1", data
    schema = json.loads(schema_file(stem).read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(data)
    found = [f"{error.json_path}: {error.message}" for error in errors]
    assert not found, "\n".join(found)
    return data
