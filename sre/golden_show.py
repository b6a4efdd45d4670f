"""How the verbs about the golden set tell what they found, on screen and in files."""

import difflib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from rich.table import Table

from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.words import counted
from reports.edge.run_page import run_report
from sre.run_screen import print_verdict, verdict_table
from sre.screen import console
from synthetic.edge.golden.proposals import Update
from synthetic.edge.golden.runs import Gated
from synthetic.golden.baseline import Baseline
from synthetic.golden.case import Case, fingerprint
from synthetic.golden.gate import GateVerdict
from synthetic.golden.junit import junit as as_junit
from synthetic.golden.markdown import markdown as as_markdown
from synthetic.golden.proposing import Candidate

_KIND: Final = "expression:"


def write_files(
    record: dict[str, Any], *, junit: Path | None, markdown: Path | None, html: Path | None
) -> None:
    """Write the record in the forms that are wanted."""
    if junit is not None:
        write_whole(junit, as_junit(record))
    if markdown is not None:
        write_whole(markdown, as_markdown(record))
    if html is not None:
        write_whole(html, run_report(None, record))


def exit_code(done: Gated) -> int:
    """Return what the shell gets to know of a gated run."""
    codes = {GateVerdict.PASS: Exit.HOLDS, GateVerdict.FAIL: Exit.BAD}
    return int(codes.get(done.gate.verdict, Exit.NOT_ENOUGH_DATA))


def _counts(named: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in list(named.items())[:6]) or "none"


def show_run(done: Gated, path: Path | None) -> None:
    """Print a gated run: by kind, the promise, what changed, and the verdict last."""
    out, record = console(), done.record
    out.print(kind_table(record["slices"]))
    out.print()
    out.print(verdict_table(record["rows"]))
    fields = "  ".join(
        f"{name} {field['ratio']:.1%}"
        for name, field in record["fields"].items()
        if field["ratio"] is not None
    )
    out.print(f"fields    {fields}")
    out.print(f"mistakes  {_counts(record['kinds'])}")
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


def show_set(cases: Sequence[Case], baseline: Baseline | None, *, as_json: bool) -> None:
    """Print how many cases each slice has, and every blessing."""
    sizes = Counter(label for case in cases for label in case.labels())
    history = [] if baseline is None else [dict(one) for one in baseline.history]
    if as_json:
        data = {"set_hash": fingerprint(cases), "slices": dict(sizes), "history": history}
        typer.echo(json.dumps(data, indent=1))
        return
    for label, size in sizes.items():
        typer.echo(f"{size:6,}  {label}")
    typer.echo(f"set {fingerprint(cases)}")
    for one in history:
        typer.echo(
            f"{one['on']}  {one['right']:,} of {one['cases']:,} right, "
            f"blessed by {one['by']}: {one['reason']}"
        )
    if not history:
        typer.echo("never blessed")


def show_case(
    name: str, cases: Sequence[Case], baseline: Baseline | None, *, as_json: bool
) -> None:
    """Print one case with the blessed answer; raises BadInputError for an unknown id."""
    found = next((case for case in cases if case.id == name), None)
    if found is None:
        near = difflib.get_close_matches(name, [case.id for case in cases], n=1)
        raise BadInputError(
            f"there is no golden case {name!r}",
            hint=f"did you mean {near[0]}?" if near else "sre golden show lists the slices",
        )
    blessed = None if baseline is None else baseline.cases.get(name)
    data: dict[str, Any] = {
        **found.to_json(),
        "blessed": None
        if blessed is None
        else {"right": blessed.right, "answered": blessed.answered},
    }
    if as_json:
        typer.echo(json.dumps(data, indent=1, ensure_ascii=False))
        return
    typer.echo(f"{found.id}: {found.text!r}, said at {found.now} in {found.timezone}")
    for field in found.fields:
        answered = (blessed.answered or {}).get(field) if blessed else "-"
        typer.echo(f"  {field:<11} expected {found.expected[field]!r}, blessed {answered!r}")
    who = found.provenance
    typer.echo(f"  written by {who.by} on {who.on}: {who.why}")


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


def show_proposals(
    candidates: Sequence[Candidate],
    left_out: int,
    written: Path | None,
    update: Update | None,
    *,
    as_json: bool,
) -> None:
    """Print what was proposed, what was done, and what waits for a person."""
    waiting = [one for one in candidates if one.waits_for is not None]
    if as_json:
        data = {
            "candidates": len(candidates),
            "left_out": left_out,
            "file": None if written is None else str(written),
            "waiting": [
                {"id": c.case.id, "text": c.case.text, "for": c.waits_for} for c in waiting
            ],
            "update": None
            if update is None
            else {"added": update.added, "renewed": update.renewed, "waits": update.waits},
        }
        typer.echo(json.dumps(data, indent=1, ensure_ascii=False))
        return
    left = counted(left_out, "entry", "entries")
    typer.echo(f"{counted(len(candidates), 'candidate')}, {left} left out")
    if written is not None:
        typer.echo(f"written to {written}")
    for one in waiting:
        typer.echo(f"waits   {one.case.id} {one.case.text!r}: {one.waits_for}")
    if update is None:
        return
    if update.waits is not None:
        typer.echo(f"waits   the baseline stays as it was: {update.waits}")
    else:
        added = counted(update.added, "confirmed correction")
        typer.echo(f"added   {added}; the baseline was renewed")
