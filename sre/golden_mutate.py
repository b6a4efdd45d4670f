"""`sre golden mutate`: what the golden set would not notice."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kit.pure.errors import NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.words import counted, share
from ops.in_process import InProcessParser
from ops.parser_rows import rows
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.golden import Cases, InProcess, OwnCode, parser_of
from sre.options import Project, Target
from sre.run_screen import mutant_progress, print_verdict
from sre.screen import console
from synthetic.edge.golden.runs import ask_all
from synthetic.edge.golden.sets import golden_set
from synthetic.golden.case import Case
from synthetic.golden.corrupting import corrupted
from synthetic.golden.mutation import (
    Mutant,
    OnMutant,
    Survey,
    Verdict,
    mutants_of,
    survey,
    to_record,
)
from synthetic.golden.run_value import GoldenRun

_SHOWN = 40


def mutate(
    target: Target = None,
    in_process: InProcess = False,
    cases: Cases = None,
    project: Project = None,
    own_code: OwnCode = False,
    only: Annotated[
        str, typer.Option(help="Only what has this in its kind or name, for instance 'word'.")
    ] = "",
    least: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the mutants that must be noticed.")
    ] = 0.98,
) -> Answer:
    """Break one thing at a time, and list what no case notices.

    With --in-process each rule, word and convention of this installation's parser is broken once.
    With a target each right answer is spoiled by class of mistake, for each slice and field.
    """
    the_set = golden_set(load_project(project), cases, own_code=own_code)
    parser = parser_of(target, the_set.project, in_process=in_process)
    run = ask_all(the_set.cases, parser)
    right = _right(the_set.cases, run)
    with mutant_progress(console(to_stderr=True)) as on_mutant:
        if isinstance(parser, InProcessParser):
            found = _of_parser(parser, right, only, on_mutant)
        else:
            found = [one for one in _of_answers(right, run) if _is_wanted(one, only)]
    if only and not found:
        raise NotEnoughDataError(
            f"nothing that could be broken has {only!r} in its kind or name",
            hint="--only rule, word or convention, or a part of what a run without it lists",
        )
    judged = survey(found, least)
    data = to_record(judged, run.set_hash, run.total, len(right))
    code = Exit.HOLDS if judged.verdict is Verdict.PASS else Exit.BAD
    return Answer(data, lambda out: show(out, judged, len(right)), code)


def _right(cases: Sequence[Case], run: GoldenRun) -> list[Case]:
    right = [case for case, one in zip(cases, run.results, strict=True) if one.right]
    if not right:
        raise NotEnoughDataError(
            f"none of {counted(run.total, 'case')} is answered right, so none can notice anything",
            hint="sre golden run says what is wrong",
        )
    return right


def _of_parser(
    parser: InProcessParser, right: Sequence[Case], only: str, on_mutant: OnMutant
) -> list[Mutant]:
    with parser.asking() as ask:
        every = [row for row in rows(right, ask) if only in f"{row.kind}: {row.name}"]
        return list(mutants_of(every, right, ask, on_mutant))


def _of_answers(right: Sequence[Case], run: GoldenRun) -> list[Mutant]:
    events = {one.case_id: one.answer.event or {} for one in run.results}
    return list(corrupted([(case, events[case.id]) for case in right]))


def _is_wanted(one: Mutant, only: str) -> bool:
    return only in f"{one.kind}: {one.name}"


def show(out: Console, found: Survey, right: int) -> None:
    """Print each kind, what nobody notices, and the verdict last."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("broken", no_wrap=True)
    for name in ("mutants", "noticed", "share"):
        table.add_column(name, justify="right", no_wrap=True)
    for kind, (noticed, of) in found.by_kind().items():
        table.add_row(kind, f"{of:,}", f"{noticed:,}", share(noticed / of))
    out.print(table)
    for one in found.unnoticed[:_SHOWN]:
        out.print(_line(one), markup=False, highlight=False)
    if len(found.unnoticed) > _SHOWN:
        out.print(f"… and {len(found.unnoticed) - _SHOWN:,} more: --json lists all")
    noticed = len(found.mutants) - len(found.unnoticed)
    why = (
        f"{noticed:,} of {counted(len(found.mutants), 'mutant')} noticed by "
        f"{counted(right, 'right case')}: {share(found.share)}, of {share(found.least)} asked for"
    )
    print_verdict(out, str(found.verdict), why)
    if found.unnoticed:
        out.print("next: write a case for each, its answer before the parser is asked")


def _line(one: Mutant) -> str:
    said = f", as in {one.example!r}" if one.example else ""
    seen = f"{counted(one.concerned, 'case')} stayed right" if one.concerned else "no case has it"
    return f"unnoticed  {one.kind}: {one.name}{said} ({seen})"
