"""What is said of a golden run: accuracy, and how it compares with the baseline."""

from collections.abc import Collection, Iterator
from typing import Final

from kit.charts.record import RunRecord
from kit.pure.words import count, milliseconds, percent
from reports.document import (
    Block,
    Chart,
    Code,
    Column,
    Section,
    Table,
    Tiles,
    Words,
    columns,
    numeric,
)
from slo.project.reports import Reports

CHARTS: Final = {
    "expressions": "By kind of expression",
    "slices": "Other slices",
    "fields": "By field",
    "calibration": "Confidence against truth",
    "starts": "Kind of start",
    "rules": "Kind of recurrence",
}
_MOST_SLICES: Final = 12
_MOST_WRONG: Final = 40
"""So many wrong answers are shown; all of them are in the record."""
_LONG: Final = tuple(Column(name, is_sentence=True) for name in ("Expected", "Answered"))
_MOST_KINDS: Final = 8
_CHANGES: Final = {
    (True, False): "lost",
    (False, True): "gained",
    (True, True): "still right",
    (False, False): "still wrong",
}


def golden_sections(
    record: RunRecord, charts: Collection[str], words: Reports
) -> Iterator[Section]:
    """Yield the sections; `charts` are the names of those that can be drawn."""
    one_case = words.cases.removesuffix("s").capitalize()
    lead = (
        f"{count(record['cases'])} {words.cases} whose meaning is known; an answer is right "
        "only when every field that counts is."
    )
    tiles = Tiles(
        (
            (percent(record["slices"]["all"]["ratio"]), words.accuracy),
            (count(record["right"]), f"right of {count(record['cases'])}"),
            (count(record["unanswered"]), "without an answer"),
            (milliseconds(record["latency_ms"]["p95"]), "p95 of answers"),
        )
    )
    drawn = (Chart(name, title, "") for name, title in CHARTS.items() if name in charts)
    blocks = (tiles, *drawn, *_mistakes(record, one_case))
    yield Section("golden", words.accuracy[:1].upper() + words.accuracy[1:], lead, blocks)
    if record["gate"] is not None:
        yield _gate(record["gate"], one_case)


def _mistakes(record: RunRecord, one_case: str) -> Iterator[Block]:
    kinds = list(record["kinds"].items())[:_MOST_KINDS]
    for what, found in (("Mistakes", kinds), ("Stage at fault", record.get("stages", {}).items())):
        if found:
            yield Words((f"{what}: {', '.join(f'{number} {name}' for name, number in found)}.",))
    wrong = [one for one in record["results"] if not one["right"]]
    if not wrong:
        return
    shown, more = wrong[:_MOST_WRONG], len(wrong) - _MOST_WRONG
    rows = tuple(
        (
            f"{one['text']} ({one['id']})",
            field,
            _value(one["expected"][field]),
            Code(one["problem"]) if one["answered"] is None else _value(one["answered"][field]),
        )
        for one in shown
        for field in one["wrong_fields"]
    )
    title = f"{len(shown)} wrong answers" + (
        f" ({count(more)} more in the record)" if more > 0 else ""
    )
    heads = columns(one_case, "Field", *_LONG)
    yield Table(heads, rows, title, folded=True)


def _gate(gate: RunRecord, one_case: str) -> Section:
    base = gate.get("baseline")
    said = [f"The verdict of the gate is {gate['verdict']}.", *gate["reasons"]]
    if base:
        said.append(f"Blessed on {base['on']} by {base['by']}: {base['reason']}")
    tables = (_moved(gate["slices"]), _changed(gate, one_case))
    blocks: list[Block] = [Words(tuple(said)), *(table for table in tables if table.rows)]
    return Section("gate", "Golden set against its baseline", "", tuple(blocks))


def _moved(slices: RunRecord) -> Table:
    """Return the slices in which a case changed sides, the least likely by chance first."""
    moved = [(label, one) for label, one in slices.items() if one["lost"] or one["gained"]]
    rows = tuple(
        (
            label.replace(":", " · "),
            count(one["cases"]),
            percent(one["right_before"] / one["cases"]),
            percent(one["right_now"] / one["cases"]),
            str(len(one["lost"])),
            str(len(one["gained"])),
            f"{one['p_value']:.2g}",
        )
        for label, one in sorted(moved, key=lambda item: (item[1]["p_value"], item[0]))
    )
    heads = map(numeric, ("Cases", "Before", "Now", "Lost", "Gained", "By chance"))
    return Table(columns("Slice", *heads), rows[:_MOST_SLICES])


def _changed(gate: RunRecord, one_case: str) -> Table:
    """Return each changed case with the fields that differ, the lost ones first."""

    def is_kept(change: RunRecord) -> bool:
        return change["is_right"] or not change["was_right"]

    rows = tuple(
        (
            f"{one['text']} ({one['id']})",
            _CHANGES[one["was_right"], one["is_right"]],
            name,
            _value(expected),
            _value(before),
            _value(now),
        )
        for one in sorted(gate["changes"], key=lambda c: (is_kept(c), c["id"]))[:_MOST_WRONG]
        for name, expected in one["expected"].items()
        if (before := _of(one["before"], name)) != (now := _of(one["now"], name))
    )
    title = f"{len(gate['changes'])} answers changed"
    heads = columns(one_case, "Change", "Field", "Expected", "Before", "Now")
    return Table(heads, rows, title, folded=gate["verdict"] != "FAIL")


def _of(answer: RunRecord | None, name: str) -> object:
    return "no answer" if answer is None else answer.get(name)


def _value(value: object) -> Code:
    return Code("nothing" if value is None else str(value))
