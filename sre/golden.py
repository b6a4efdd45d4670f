"""`sre golden`: the accuracy of answers, by texts whose right answer is known."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kit.edge import records
from kit.edge.access import target_url
from kit.edge.outputs import check_writable
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError
from kit.pure.exits import Exit
from ops.in_process import InProcessParser
from slo.edge.project_file import is_shipped, load_project, runs_of
from slo.project.project import Project as Of
from sre.answer import Answer
from sre.golden_set_show import (
    case_data,
    case_named,
    set_data,
    show_blessed,
    show_case,
    show_findings,
    show_set,
)
from sre.golden_show import (
    Proposed,
    exit_of_gate,
    proposed_data,
    show_proposed,
    show_run,
    write_files,
)
from sre.options import Objectives, Project, Target
from sre.run_screen import golden_progress
from sre.screen import console
from synthetic.edge.golden.parser import HttpParser, Parser
from synthetic.edge.golden.proposals import (
    auto_updated,
    proposals,
    read_candidates,
    write_candidates,
)
from synthetic.edge.golden.runs import bless as accept_now
from synthetic.edge.golden.runs import folder_to_bless, gated, read_baseline
from synthetic.edge.golden.sets import golden_set, wanted_of
from synthetic.golden.baseline import Baseline, from_text
from synthetic.golden.case import Case, fingerprint
from synthetic.golden.checking import Severity
from synthetic.golden.checking import check as check_set
from synthetic.golden.gate import Policy

InProcess = Annotated[
    bool, typer.Option("--in-process", help="Ask this installation's parser, no service.")
]
OwnCode = Annotated[
    bool,
    typer.Option("--run-own-comparators", help="Run the comparators that are code of the project."),
]
Cases = Annotated[
    Path | None, typer.Option(help="A .jsonl file or a folder, instead of the project's set.")
]


def run(
    target: Target = None,
    in_process: InProcess = False,
    cases: Cases = None,
    objectives: Objectives = None,
    project: Project = None,
    own_code: OwnCode = False,
    baseline: Annotated[
        Path | None, typer.Option(help="The blessed baseline, instead of the one beside the set.")
    ] = None,
    lost_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of a slice's cases that may be lost.")
    ] = 0.005,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 8,
    repeat: Annotated[int, typer.Option(min=1, max=20, help="Ask each case so often.")] = 1,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the report here.")] = None,
) -> Answer:
    """Ask every golden case and say whether the parser may be merged.

    PASS exits 0, FAIL 1; INCONCLUSIVE, NO BASELINE and NO DATA exit 5. The record is kept in
    runs/golden.
    """
    check_writable(html, junit, markdown)
    the_set = golden_set(load_project(project), cases, own_code=own_code)
    of, found = the_set.project, the_set.cases
    judged_by = wanted_of(the_set, objectives)
    blessed = _read_baseline_file(baseline) if baseline else read_baseline(the_set.folder)
    with golden_progress(console(to_stderr=True)) as on_answer:
        done = gated(
            found,
            parser_of(target, of, in_process=in_process, workers=workers),
            judged_by,
            baseline=blessed,
            policy=Policy(lost_share=lost_share),
            repeats=repeat,
            on_answer=on_answer,
        )
    path, trouble = None, None
    try:
        path = records.save("golden", done.record, runs_of(of))
        write_files(done.record, junit=junit, markdown=markdown, html=html)
    except HarnessError as err:
        trouble = err  # the verdict stands all the same
    return Answer(
        done.record, lambda out: show_run(out, done, path), exit_of_gate(done.gate), trouble
    )


def check(cases: Cases = None, project: Project = None, own_code: OwnCode = False) -> Answer:
    """Find duplicates, contradictions, dates taken from today, and slices too small to judge.

    Exits 1 when there is an error; small slices are warnings.
    """
    found = golden_set(load_project(project), cases, own_code=own_code).cases
    findings = check_set(found)
    wrong = any(one.severity is Severity.ERROR for one in findings)
    data = {
        "schema": "calendar-sre/golden-check/v1",
        "cases": len(found),
        "set_hash": fingerprint(found),
        "findings": [asdict(one) for one in findings],
    }
    return Answer(
        data,
        lambda out: show_findings(out, found, findings),
        Exit.BAD if wrong else Exit.HOLDS,
    )


def bless(
    name: Annotated[str, typer.Option(help="Who accepts it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    accept: Annotated[
        Path | None, typer.Option(help="A file of proposed cases that join the set.")
    ] = None,
    accept_lost: Annotated[
        bool, typer.Option("--accept-lost", help="Accept that right answers became wrong.")
    ] = False,
    target: Target = None,
    in_process: InProcess = False,
    cases: Cases = None,
    project: Project = None,
    own_code: OwnCode = False,
) -> Answer:
    """Accept what the parser answers now as the baseline, and proposed cases into the set.

    Refused (exit 4) when a right answer would be lost without --accept-lost. History is kept in
    the baseline.
    """
    if not name.strip() or not reason.strip():
        raise BadInputError("a blessing has a name and a reason", hint="--name YOU --reason WHY")
    folder = folder_to_bless(cases) if cases else None
    the_set = golden_set(load_project(project), cases, own_code=own_code)
    baseline, lost = accept_now(
        folder or the_set.folder,
        parser_of(target, the_set.project, in_process=in_process),
        name=name,
        reason=reason,
        accepted=_accepted(accept, name, reason),
        accept_lost=accept_lost,
        spec=the_set.spec,
    )
    data = {
        "schema": "calendar-sre/golden-bless/v1",
        **baseline.history[-1],
        "lost": list(lost),
    }
    return Answer(data, lambda out: show_blessed(out, baseline, lost))


def show(
    case: Annotated[str | None, typer.Argument(help="A case's id.")] = None,
    cases: Cases = None,
    project: Project = None,
) -> Answer:
    """Show a case and what the blessed parser answered, or the set and its blessings."""
    the_set = golden_set(load_project(project), cases, runs=False)
    found, blessed = the_set.cases, read_baseline(the_set.folder)
    if case is None:
        return Answer(set_data(found, blessed), lambda out: show_set(out, found, blessed))
    one = case_named(case, found)
    answered = None if blessed is None else blessed.cases.get(case)
    return Answer(case_data(one, answered), lambda out: show_case(out, one, answered))


def propose(
    material: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of decisions, feedback and reviews; see docs/golden.md."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask the target for feedback and reviews.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Where to write the candidates.")] = Path(
        "runs/golden-proposed.jsonl"
    ),
    auto_update: Annotated[
        bool,
        typer.Option(
            "--auto-update", help="Add confirmed corrections and renew the baseline if it is safe."
        ),
    ] = False,
    target: Target = None,
    in_process: InProcess = False,
    cases: Cases = None,
) -> Answer:
    """Make candidate cases of what users corrected and reviewers decided.

    Personal data is taken out; nothing is accepted by itself. With --auto-update confirmed
    corrections join the set, the baseline is renewed when nothing was lost, and what waits for a
    person is listed.
    """
    service = target_url(target) if live else None
    candidates, left_out = proposals(material or [], cases, service=service)
    if not candidates and not left_out and not auto_update:
        raise NotEnoughDataError(
            "there is nothing to look at: no decision, feedback or review was found",
            hint="give files of JSON lines (docs/golden.md), or --live to ask the service",
        )
    written = write_candidates(out, candidates)
    parser = parser_of(target, load_project(None), in_process=in_process)
    update = auto_updated(candidates, cases, parser) if auto_update else None
    made = Proposed(tuple(candidates), left_out, written, update)
    return Answer(proposed_data(made), lambda screen: show_proposed(screen, made))


def parser_of(target: str | None, project: Of, *, in_process: bool, workers: int = 8) -> Parser:
    """Return whom the set is asked of; raises BadInputError for --in-process of another project."""
    if not in_process:
        url = target_url(target, project.places.target)
        return HttpParser(url, workers, project.answers_at)
    if not is_shipped(project):
        raise BadInputError(
            "--in-process asks the parser of this installation, which is none of the project's",
            hint="give the --target where the project's service answers",
        )
    return InProcessParser()


def _read_baseline_file(path: Path) -> Baseline | None:
    try:
        return from_text(path.read_text(encoding="utf-8"), source=str(path))
    except OSError as err:
        raise BadInputError(
            f"cannot read the baseline {path}: {err.strerror}", hint="is the path right?"
        ) from err


def _accepted(path: Path | None, name: str, reason: str) -> Sequence[Case]:
    if path is None:
        return ()
    return read_candidates(path, name, reason)
