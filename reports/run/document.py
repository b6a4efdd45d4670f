"""The report of one load run, one golden run, or both, as a document."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kit.charts.record import RunRecord
from kit.pure import words
from kit.pure.errors import BadInputError
from reports.document import (
    Badge,
    Block,
    CellValue,
    Code,
    Document,
    Meter,
    Section,
    Table,
    columns,
    numeric,
)
from reports.run.golden_sections import golden_sections
from reports.run.load_sections import load_sections
from reports.run.load_words import (
    capacity_words,
    plan_words,
    row_name,
    target_words,
    told_once,
    unmeasurable_words,
)
from slo.project.reports import GENERIC, Reports
from slo.verdict import Verdict, overall

LOAD_SCHEMA: Final = "calendar-sre/load-run/v1"
GOLDEN_SCHEMA: Final = "calendar-sre/golden-run/v1"
_WORST_FIRST: Final = ("FAIL", "CONTRADICTORY", "NO DATA", "INCONCLUSIVE", "PASS")
_HEADLINES: Final = {
    Verdict.PASS: "Every objective is met.",
    Verdict.INCONCLUSIVE: "The data do not decide.",
    Verdict.NO_DATA: "There are no data to judge by.",
    Verdict.CONTRADICTORY: "The data contradict each other.",
}
_COLUMNS: Final = columns(
    "Objective",
    numeric("Target"),
    numeric("Measured"),
    numeric("95 % range"),
    "Budget spent",
    numeric("Verdict"),
)


def run_document(
    load: RunRecord | None,
    golden: RunRecord | None,
    *,
    differences: Sequence[str] = (),
    charts: Collection[str] = (),
    words_of: Reports = GENERIC,
) -> Document:
    """Return the document on the record of a load run, of a golden run, or of both.

    `differences` are lines of the load run's comparison with a baseline; `charts` are the names of
    those that can be drawn. `words_of` are the service's own words.
    """
    records = [record for record in (load, golden) if record is not None]
    rows = told_once([row for record in records for row in record["rows"]])
    verdict = overall(found for record in records for found in _verdicts(record))
    about = f"Run report of {words.moment(max(record['started_at'] for record in records))}"
    if load is not None:
        config = load["config"]
        about += f" · {config['profile']['name']} against {config['target_url']}"
    return Document(
        str(verdict),
        _headline(verdict, rows, load, golden),
        about,
        (
            Section("objectives", "Objectives", "", tuple(_objectives(rows))),
            *(() if load is None else load_sections(load, differences, charts)),
            *(() if golden is None else golden_sections(golden, charts, words_of)),
            Section("basis", "Basis", "", (_basis(records, load),)),
        ),
    )


def check_records(load: RunRecord | None, golden: RunRecord | None) -> None:
    """Raise BadInputError without any record, and for one that keeps another schema."""
    if load is None and golden is None:
        raise BadInputError("a report needs a record", hint="make one: sre load run smoke")
    for record, schema in ((load, LOAD_SCHEMA), (golden, GOLDEN_SCHEMA)):
        if record is not None and record.get("schema") != schema:
            raise BadInputError(
                f"the record's schema is {record.get('schema')!r}, not {schema!r}",
                hint="give the record of a run that this version made",
            )


def _verdicts(record: RunRecord) -> Iterator[Verdict]:
    """Yield the verdict on the objectives, and the gate's where there was a baseline."""
    yield Verdict(record["verdict"])
    gate = record.get("gate")
    if gate is not None and gate["verdict"] in set(Verdict):
        yield Verdict(gate["verdict"])


def _headline(
    verdict: Verdict, rows: Sequence[RunRecord], load: RunRecord | None, golden: RunRecord | None
) -> str:
    """Return the verdict in one sentence."""
    missed = [row["display_name"] for row in rows if row["verdict"] == Verdict.FAIL]
    if missed:
        return f"Missed: {', '.join(dict.fromkeys(missed))}."
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
    return _HEADLINES.get(verdict, "")


def _objectives(rows: Sequence[RunRecord]) -> Iterator[Block]:
    yield Table(_COLUMNS, tuple(_row(row) for row in rows if row["part"] is None))
    parts = [row for row in rows if row["part"] is not None]
    if parts:
        counts = Counter(str(row["verdict"]) for row in parts)
        verdicts = ", ".join(f"{counts[one]} {one}" for one in _WORST_FIRST if counts[one])
        title = f"Each route and slice by itself: {verdicts}"
        yield Table(_COLUMNS, tuple(map(_row, parts)), title, folded=True)


def _row(row: RunRecord) -> tuple[CellValue, ...]:
    measured, spent = row["measured"], row["budget_spent"]
    none = words.percent(None)
    return (
        row_name(row),
        target_words(row),
        words.percent(measured["value"], 2) if measured else none,
        f"{words.percent(measured['low'], 2)} to {words.percent(measured['high'], 2)}, "
        f"of {words.count(row['total'])}"
        if measured
        else none,
        none if spent is None else Meter(words.percent(spent, 0), spent, is_bad=spent > 1),
        unmeasurable_words(row) or Badge(row["verdict"]),
    )


def _basis(records: Sequence[RunRecord], load: RunRecord | None) -> Table:
    """Return what the run was made with: records, machine, sender."""
    rows: list[tuple[CellValue, ...]] = []
    for record in records:
        name = "Load run" if record["schema"] == LOAD_SCHEMA else "Golden run"
        rows += [
            (name, Code(record["id"])),
            (f"Revision of the {name.lower()}", Code(record["commit"])),
        ]
        if "set_hash" in record:
            rows.append(("Hash of the golden set", Code(record["set_hash"])))
    for name, value in records[0]["machine"].items():
        is_memory = name.endswith("_bytes")
        shown = words.memory(value) if is_memory else str(value)
        rows.append((name.replace("_bytes", "").capitalize(), shown))
    if load is not None:
        one, problem = load["generator"], load.get("cleaning_problem")
        sender = (
            f"{words.counted(one['workers'], 'process', 'processes')}, "
            f"{words.percent(one['cpu_share'], 0)} of a core, {one['cpu_us_per_request']:.0f} µs a "
            f"request; lag p99 {words.milliseconds(one['lag_p99_ms'])}, "
            f"highest {words.milliseconds(one['lag_max_ms'])}"
        )
        removed = f"{words.count(load['removed_events'])} events of this run removed"
        rows += [("Sender", sender), ("Cleaned up", "; ".join(filter(None, (removed, problem))))]
    return Table(columns("Of the run", "Value"), tuple(rows))
