"""What a golden run and `sre golden propose` print, what they write, and what they say as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from kit.edge.writing import write_wanted
from kit.pure.exits import Exit
from kit.pure.words import counted
from reports.edge.run_page import run_report
from slo.edge.project_file import load_project
from sre.run_screen import print_verdict, verdict_table
from synthetic.edge.golden.proposals import Update
from synthetic.edge.golden.runs import Gated
from synthetic.golden.candidates import Candidate
from synthetic.golden.gate import Gate, GateVerdict
from synthetic.golden.junit import junit as as_junit
from synthetic.golden.markdown import markdown as as_markdown

_KIND: Final = "expression:"


def write_files(
    record: dict[str, object], *, junit: Path | None, markdown: Path | None, html: Path | None
) -> None:
    """Write the record in the forms that are wanted."""
    write_wanted(
        (junit, lambda: as_junit(record)),
        (markdown, lambda: as_markdown(record)),
        (html, lambda: run_report(None, record, words=load_project().reports)),
    )


def exit_of_gate(gate: Gate) -> Exit:
    """Return what the shell gets to know of a gated run."""
    codes = {GateVerdict.PASS: Exit.HOLDS, GateVerdict.FAIL: Exit.BAD}
    return codes.get(gate.verdict, Exit.NOT_ENOUGH_DATA)


def show_run(out: Console, done: Gated, path: Path | None) -> None:
    """Print a gated run: by kind, the objective, what changed, and the verdict last."""
    record = done.record
    out.print(kind_table(record["slices"]))
    out.print()
    out.print(verdict_table(record["rows"]))
    fields = "  ".join(
        f"{name} {field['ratio']:.1%}"
        for name, field in record["fields"].items()
        if field["ratio"] is not None
    )
    out.print(f"fields    {fields}")
    out.print(f"confident {confidence_said(record['confidence'])}")
    out.print(f"mistakes  {_counts(record['kinds'])}")
    if record["stages"]:
        out.print(f"at fault  {_counts(record['stages'])}")
    for change in done.gate.changes:
        if change.was_right != change.is_right:
            out.print(f"{'gained' if change.is_right else 'lost':<9} {change.case_id}")
    if record["unanswered"]:
        out.print(f"silence   {counted(record['unanswered'], 'case')} got no answer")
    out.print(f"record    {path or 'not kept'}")
    for reason in done.gate.reasons[1:]:
        out.print(f"also      {reason}")
    print_verdict(out, str(done.gate.verdict), done.gate.headline)


def confidence_said(found: Mapping[str, Any]) -> str:
    """Return how well the confidence knows what is wrong, in words."""
    if found["ece"] is None:
        return "no answer says how sure it is"
    area = "nothing to rank" if found["auroc"] is None else f"AUROC {found['auroc']:.3f}"
    wrong = f"{found['wrong']} of {found['answers']:,} wrong in start, end or rule"
    return f"{area}  ECE {found['ece']:.3f}  ({wrong})"


def kind_table(slices: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return the table of accuracy by kind of expression, the worst first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("kind", no_wrap=True)
    for name in ("right", "of", "accuracy", "95 % range"):
        table.add_column(name, justify="right", no_wrap=True)
    kinds = {k.removeprefix(_KIND): v for k, v in slices.items() if k.startswith(_KIND)}
    for name, found in sorted(kinds.items(), key=lambda kind: (kind[1]["ratio"], kind[0])):
        low_high = f"{found['low'] * 100:.1f} to {found['high'] * 100:.1f}"
        accuracy = f"{found['ratio'] * 100:.1f} %"
        table.add_row(name, str(found["right"]), str(found["cases"]), accuracy, low_high)
    return table


@dataclass(frozen=True, slots=True)
class Proposed:
    """What `sre golden propose` has made of the material, and where it was written."""

    candidates: tuple[Candidate, ...]
    left_out: int
    file: Path | None
    update: Update | None

    @property
    def waiting(self) -> list[Candidate]:
        """Return the candidates that wait for a person."""
        return [one for one in self.candidates if one.waits_for is not None]


def proposed_data(made: Proposed) -> dict[str, object]:
    """Return what was proposed, what was done, and what waits for a person."""
    return {
        "schema": "calendar-sre/golden-propose/v1",
        "candidates": len(made.candidates),
        "left_out": made.left_out,
        "file": None if made.file is None else str(made.file),
        "waiting": [
            {"id": c.case.id, "text": c.case.text, "for": c.waits_for} for c in made.waiting
        ],
        "update": None if made.update is None else asdict(made.update),
    }


def show_proposed(out: Console, made: Proposed) -> None:
    """Print what was proposed, what was done, and what waits for a person."""
    left = counted(made.left_out, "entry", "entries")
    lines = [f"{counted(len(made.candidates), 'candidate')}, {left} left out"]
    if made.file is not None:
        lines.append(f"written to {made.file}")
    lines += [f"waits   {one.case.id} {one.case.text!r}: {one.waits_for}" for one in made.waiting]
    if made.update is not None and made.update.waits is not None:
        lines.append(f"waits   the baseline stays as it was: {made.update.waits}")
    elif made.update is not None:
        added = counted(made.update.added, "confirmed correction")
        lines.append(f"added   {added}; the baseline was renewed")
    out.print("\n".join(lines), markup=False)


def _counts(named: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in list(named.items())[:6]) or "none"
