"""What a run record must look like, by the published schema that it names."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator

SCHEMAS: Final = Path(__file__).resolve().parent / "schemas"
LOAD: Final = "calendar-sre/load-run/v1"
KNOWN: Final = (
    LOAD,
    "calendar-sre/golden-run/v1",
    "calendar-sre/drill-run/v1",
    "calendar-sre/history-run/v1",
)


def schema_of(name: str) -> dict[str, object]:
    """Return the published schema `name`, one of `KNOWN`."""
    file = SCHEMAS / f"{name.split('/')[1]}.schema.json"
    schema: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def problems(record: object) -> list[str]:
    """Return what keeps `record` from being what it says it is, each naming its field."""
    name = record.get("schema") if isinstance(record, dict) else None
    if name not in KNOWN:
        return [f"schema: {name!r} is none of {', '.join(KNOWN)}"]
    errors = _validator(name).iter_errors(record)
    return sorted(f"{'.'.join(map(str, e.absolute_path)) or 'record'}: {e.message}" for e in errors)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(name))
