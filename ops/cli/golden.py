"""`sre golden`: the accuracy of parsing, by sentences whose meaning is known."""

import contextlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Measure and gate the accuracy of parsing.")


@app.command()
def run(
    target: Annotated[
        str | None, typer.Option(help="Base URL; else SRE_TARGET_URL, else port 8000 here.")
    ] = None,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="Ask this installation's parser, no service.")
    ] = False,
    cases: Annotated[
        Path | None, typer.Option(help="A .jsonl file or a folder, instead of the shipped set.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 8,
    repeat: Annotated[int, typer.Option(min=1, max=20, help="Ask each case so often.")] = 1,
    html: Annotated[Path | None, typer.Option(help="Also write the report to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole record.")] = False,
) -> None:
    """Ask every golden case and say whether the promise on accuracy holds.

    The record is kept in runs/golden.
    """
    from ops import records
    from ops.access import access, target_url
    from ops.cli.exits import exit_of_verdict
    from ops.cli.run_screen import golden_progress
    from ops.cli.screen import console
    from ops.objectives import load_objectives
    from synthetic import golden
    from synthetic.judgement import verdict_of
    from synthetic.target import check_ready, normalised

    found = golden.load_cases(cases) if cases else golden.load_cases()
    promises, started_at = load_objectives(), datetime.now(UTC)
    with contextlib.ExitStack() as stack:
        if in_process:
            from ops.golden_asks import in_process as asking

            ask, where, workers = asking(), "in-process", 1
        else:
            where = normalised(target_url(target))
            check_ready(where, access=access(), path="/healthz")
            ask = stack.enter_context(golden.over_http(where, access=access()))
        on_answer = stack.enter_context(golden_progress(console(to_stderr=True)))
        result = golden.run(found, ask, workers=workers, repeats=repeat, on_answer=on_answer)
    rows = golden.judge(result, promises)
    record = golden.to_record(
        result,
        rows,
        identifier=f"{started_at:%Y%m%dT%H%M%S}-golden",
        started_at=started_at,
        commit=records.commit(),
        machine=records.machine(),
        config={"target": where, "set": str(cases or "shipped")},
    )
    path = records.save("golden", record)
    if html is not None:
        from reports import run_report

        records.write_whole(html, run_report(None, record))
    if as_json:
        json.dump(record, sys.stdout, indent=1, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        _show(record, path)
    raise typer.Exit(int(exit_of_verdict(verdict_of(rows))))


def _show(record: dict[str, Any], path: Path) -> None:
    from ops.cli.run_screen import print_verdict, verdict_table
    from ops.cli.screen import console

    out = console()
    out.print(verdict_table(record["rows"]))
    fields = "  ".join(
        f"{name} {field['ratio']:.0%}"
        for name, field in record["fields"].items()
        if field["ratio"] is not None
    )
    out.print(f"fields    {fields}")
    kinds = ", ".join(f"{count} {kind}" for kind, count in list(record["kinds"].items())[:6])
    out.print(f"mistakes  {kinds or 'none'}")
    out.print(f"record    {path}")
    why = f"{record['right']:,} of {record['cases']:,} cases right"
    if record["unanswered"]:
        why += f", {record['unanswered']:,} got no answer"
    print_verdict(out, record["verdict"], why)
