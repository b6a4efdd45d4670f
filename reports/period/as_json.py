"""A report as JSON, and the schema that it keeps."""

import json
from pathlib import Path
from typing import Final

import orjson
from pydantic import TypeAdapter

from kit.pure.json_values import JsonObject
from reports.period.report import SCHEMA, PeriodReport

SCHEMA_FILE: Final = Path(__file__).resolve().parent / "period-report.schema.json"


def to_json(report: PeriodReport) -> str:
    """Return the report; equal reports give equal bytes."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def to_record(report: PeriodReport) -> JsonObject:
    """Return the report as plain JSON values, as it is kept for the report after it."""
    return dict(orjson.loads(orjson.dumps(report)))


def schema() -> dict[str, object]:
    """Return the JSON schema of the report, made from its types."""
    made = TypeAdapter(PeriodReport).json_schema(mode="serialization")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["$id"] = SCHEMA
    made["title"] = "A report on a day, week or month"
    return made


def schema_text() -> str:
    """Return the schema as it is published beside this file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
