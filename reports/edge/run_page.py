"""The report of one load run, one golden run, or both: a page that needs nothing but itself."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.charts.house import stylesheet
from kit.pure import words
from kit.pure.errors import BadInputError
from reports.edge.golden_part import golden_part
from reports.edge.load_part import load_part
from reports.load_words import capacity_words, plan_words
from slo.verdict import Verdict, overall

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"
LOAD_SCHEMA: Final = "calendar-sre/load-run/v1"
GOLDEN_SCHEMA: Final = "calendar-sre/golden-run/v1"
_WORST_FIRST: Final = ("FAIL", "NO DATA", "INCONCLUSIVE", "PASS")
_SAYS: Final = {
    Verdict.PASS: "Every promise held.",
    Verdict.INCONCLUSIVE: "The data do not decide.",
    Verdict.NO_DATA: "Nothing can be said.",
}


def run_report(
    load: Mapping[str, Any] | None,
    golden: Mapping[str, Any] | None,
    *,
    differences: Sequence[str] = (),
) -> str:
    """Return the page for the record of a load run, of a golden run, or of both.

    `differences` are lines of the load run's comparison with a baseline. The records follow
    their published schemas; the same records give the same page.
    """
    records = [record for record in (load, golden) if record is not None]
    if not records:
        raise BadInputError("a report needs a record", hint="make one: sre load run smoke")
    _check(load, LOAD_SCHEMA)
    _check(golden, GOLDEN_SCHEMA)
    rows = [row for record in records for row in record["rows"]]
    verdict = overall(found for record in records for found in _verdicts(record))
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "ms": words.milliseconds,
        "percent": words.percent,
        "count": words.count,
        "moment": words.moment,
        "memory": words.memory,
        "count_verdicts": _count_verdicts,
    }
    return environment.get_template("run.html.j2").render(
        css=stylesheet(),
        verdict=str(verdict),
        says=_says(verdict, rows, load, golden),
        whole=[row for row in rows if row["part"] is None],
        parts=[row for row in rows if row["part"] is not None],
        newest=max(record["started_at"] for record in records),
        records=records,
        load=None if load is None else load_part(load, differences),
        golden=None if golden is None else golden_part(golden),
    )


def _count_verdicts(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how many rows have which verdict, in words, the worst first."""
    counts = Counter(str(row["verdict"]) for row in rows)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in _WORST_FIRST if counts[verdict])


def _check(record: Mapping[str, Any] | None, schema: str) -> None:
    if record is not None and record.get("schema") != schema:
        raise BadInputError(
            f"the record's schema is {record.get('schema')!r}, not {schema!r}",
            hint="give the record of a run that this version made",
        )


def _verdicts(record: Mapping[str, Any]) -> Iterator[Verdict]:
    """Yield the verdict on the promises, and the gate's where there was a baseline."""
    yield Verdict(record["verdict"])
    gate = record.get("gate")
    if gate is not None and gate["verdict"] in set(Verdict):
        yield Verdict(gate["verdict"])


def _says(
    verdict: Verdict,
    rows: Sequence[Mapping[str, Any]],
    load: Mapping[str, Any] | None,
    golden: Mapping[str, Any] | None,
) -> str:
    """Return the verdict in one sentence."""
    broken = [row["display_name"] for row in rows if row["verdict"] == Verdict.FAIL]
    if broken:
        return f"Broken: {', '.join(dict.fromkeys(broken))}."
    if load is not None and load["void_reason"]:
        return f"The load run is void: {load['void_reason']}."
    if load is not None and load.get("status") == "partial":
        return f"The load run is partial: {plan_words(load.get('plan'))}."
    if load is not None and load.get("capacity") and verdict is Verdict.PASS:
        held, _ = capacity_words(load["capacity"])
        return f"{held[0].upper()}{held[1:]}."
    gate = None if golden is None else golden["gate"]
    if gate is not None and gate["verdict"] == verdict != Verdict.PASS:
        return f"Golden set: {gate['headline']}."
    return _SAYS.get(verdict, "")
