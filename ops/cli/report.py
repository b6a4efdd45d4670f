"""`sre report`: pages that people act on."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Make reports from run records.")


@app.command()
def run(
    records: Annotated[
        list[str] | None,
        typer.Argument(
            help="A load run's and/or a golden run's record: path or id; `load` and `golden` are "
            "the newest. Without any: the newest of both."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where to write the page.")] = Path("runs/report.html"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write one self-contained page for a load run, a golden run, or both.

    Exits by the verdict of the runs it shows.
    """
    from ops import records as kept
    from ops.cli.exits import exit_of_verdict
    from ops.cli.run_screen import print_verdict
    from ops.cli.screen import console
    from reports import run_report
    from slo.verdict import Verdict, overall

    load, golden = _pair(records or _newest())
    kept.write_whole(out, run_report(load, golden))
    shown = [record for record in (load, golden) if record is not None]
    verdict = overall(Verdict(record["verdict"]) for record in shown)
    if as_json:
        runs = [record["id"] for record in shown]
        typer.echo(json.dumps({"report": str(out), "verdict": verdict, "runs": runs}))
    else:
        console().print(f"report    {out}")
        print_verdict(console(), verdict)
    raise typer.Exit(int(exit_of_verdict(verdict)))


def _pair(references: list[str]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the load and the golden record among what the references name."""
    from ops import records
    from slo.errors import BadInputError

    found: dict[str, dict[str, Any]] = {}
    for reference in references:
        record = records.read(reference)
        kind = "load" if "load-run" in record["schema"] else "golden"
        if kind in found:
            raise BadInputError(
                f"two {kind} runs were given", hint="a page shows one run of each kind"
            )
        found[kind] = record
    return found.get("load"), found.get("golden")


def _newest() -> list[str]:
    from ops import records
    from slo.errors import NotEnoughDataError

    paths = [str(path) for kind in records.KINDS for path, _ in list(records.listed(kind))[:1]]
    if not paths:
        raise NotEnoughDataError(
            f"no run in {records.runs_dir()}", hint="make one with sre load run smoke"
        )
    return paths
