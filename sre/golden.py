"""`sre golden`: the accuracy of parsing, by sentences whose meaning is known."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge import records
from kit.edge.access import target_url
from kit.edge.outputs import check_writable
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.words import counted
from ops.in_process import InProcessParser
from slo.edge.files import SHIPPED, load_objectives
from sre.golden_show import exit_code, show_case, show_proposals, show_run, show_set, write_files
from sre.run_screen import golden_progress
from sre.screen import console
from synthetic.edge.golden.files import load_cases
from synthetic.edge.golden.parser import HttpParser, Parser
from synthetic.edge.golden.proposals import (
    auto_updated,
    proposals,
    read_candidates,
    write_candidates,
)
from synthetic.edge.golden.runs import bless as accept_now
from synthetic.edge.golden.runs import folder_of, folder_to_bless, gated, read_baseline
from synthetic.golden.baseline import from_text
from synthetic.golden.case import fingerprint
from synthetic.golden.checking import Severity
from synthetic.golden.checking import check as check_set
from synthetic.golden.gate import Policy

Target = Annotated[
    str | None, typer.Option(help="Base URL; else SRE_TARGET_URL, else port 8000 here.")
]
InProcess = Annotated[
    bool, typer.Option("--in-process", help="Ask this installation's parser, no service.")
]
Cases = Annotated[
    Path | None, typer.Option(help="A .jsonl file or a folder, instead of the shipped set.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def run(
    target: Target = None,
    in_process: InProcess = False,
    cases: Cases = None,
    objectives: Annotated[
        Path | None, typer.Option(help="Folder of objectives, instead of the shipped one.")
    ] = None,
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
    as_json: Json = False,
) -> None:
    """Ask every golden case and say whether the parser may be merged.

    PASS exits 0, FAIL 1; INCONCLUSIVE, NO BASELINE and NO DATA exit 5. The record is kept in
    runs/golden.
    """
    check_writable(html, junit, markdown)
    found = load_cases(cases) if cases else load_cases()
    promises = load_objectives(objectives or SHIPPED)
    blessed = _read_baseline_file(baseline) if baseline else read_baseline(folder_of(cases))
    with golden_progress(console(to_stderr=True)) as on_answer:
        done = gated(
            found,
            _parser(target, in_process=in_process, workers=workers),
            promises,
            baseline=blessed,
            policy=Policy(lost_share=lost_share),
            repeats=repeat,
            on_answer=on_answer,
        )
    path, trouble = None, None
    try:
        path = records.save("golden", done.record)
        write_files(done.record, junit=junit, markdown=markdown, html=html)
    except HarnessError as err:
        trouble = err  # told last: the verdict stands
    if as_json:
        json.dump(done.record, sys.stdout, indent=1, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        show_run(done, path)
    if trouble is not None:
        raise trouble
    raise typer.Exit(exit_code(done))


def check(cases: Cases = None, as_json: Json = False) -> None:
    """Find duplicates, contradictions, dates taken from today, and slices too small to judge.

    Exits 1 when there is an error; small slices are warnings.
    """
    found = load_cases(cases) if cases else load_cases()
    findings = check_set(found)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], indent=1))
    else:
        for one in findings:
            typer.echo(f"{one.severity:<8}{one.rule}: {one.message}")
        size, wrong = counted(len(found), "case"), counted(len(errors), "error")
        typer.echo(f"{size}, set {fingerprint(found)}: {wrong}")
    raise typer.Exit(int(Exit.BAD if errors else Exit.HOLDS))


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
    as_json: Json = False,
) -> None:
    """Accept what the parser answers now as the baseline, and proposed cases into the set.

    Refused (exit 4) when a right answer would be lost without --accept-lost. History is kept in
    the baseline.
    """
    if not name.strip() or not reason.strip():
        raise BadInputError("a blessing has a name and a reason", hint="--name YOU --reason WHY")
    baseline, lost = accept_now(
        folder_to_bless(cases),
        _parser(target, in_process=in_process),
        name=name,
        reason=reason,
        accepted=_accepted(accept, name, reason),
        accept_lost=accept_lost,
    )
    if as_json:
        typer.echo(json.dumps({**baseline.history[-1], "lost": list(lost)}, indent=1))
        return
    typer.echo(f"blessed {baseline.right:,} right of {counted(len(baseline.cases), 'case')}")
    if lost:
        typer.echo(f"accepted as lost: {', '.join(lost)}")


def show(
    case: Annotated[str | None, typer.Argument(help="A case's id.")] = None,
    cases: Cases = None,
    as_json: Json = False,
) -> None:
    """Show a case and what the blessed parser answered, or the set and its blessings."""
    found = load_cases(cases) if cases else load_cases()
    blessed = read_baseline(folder_of(cases))
    if case is None:
        show_set(found, blessed, as_json=as_json)
    else:
        show_case(case, found, blessed, as_json=as_json)


def propose(
    material: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of decisions, feedback and reviews; see docs/golden.md."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask the target's /feedback and /review.")
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
    as_json: Json = False,
) -> None:
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
    parser = _parser(target, in_process=in_process)
    update = auto_updated(candidates, cases, parser) if auto_update else None
    show_proposals(candidates, left_out, written, update, as_json=as_json)


def _parser(target: str | None, *, in_process: bool, workers: int = 8) -> "Parser":

    return InProcessParser() if in_process else HttpParser(target_url(target), workers)


def _read_baseline_file(path: Path) -> Any:

    try:
        return from_text(path.read_text(encoding="utf-8"), source=str(path))
    except OSError as err:
        raise BadInputError(
            f"cannot read the baseline {path}: {err.strerror}", hint="is the path right?"
        ) from err


def _accepted(path: Path | None, name: str, reason: str) -> Sequence[Any]:
    if path is None:
        return ()

    return read_candidates(path, name, reason)
