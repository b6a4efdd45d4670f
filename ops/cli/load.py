"""`sre load`: run load profiles and judge them by the objectives."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from synthetic.load import LoadRun

app = typer.Typer(help="Run load tests that are judged by the SLOs.")


@app.command()
def run(
    profile: Annotated[str, typer.Argument(help="A shipped profile's name, or a .yaml file.")],
    target: Annotated[
        str | None, typer.Option(help="Base URL; else SRE_TARGET_URL, else port 8000 here.")
    ] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds, instead of the file's.")] = None,
    rate: Annotated[float | None, typer.Option(help="Highest rate per second.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Generator processes.")] = 1,
    objectives: Annotated[
        Path | None, typer.Option(help="Folder of objectives, instead of the shipped one.")
    ] = None,
    ca_file: Annotated[Path | None, typer.Option(help="PEM file to trust besides.")] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the report to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole record.")] = False,
) -> None:
    """Send a profile's requests on an open schedule and say whether the SLOs hold.

    API keys come from SRE_API_KEYS (comma-separated, one a user), further headers from
    SRE_HEADERS. Events that the run creates are removed again. The record is kept in runs/load.
    """
    from ops.access import access, target_url
    from ops.cli.run_screen import load_progress
    from ops.cli.screen import console
    from ops.objectives import SHIPPED, load_objectives
    from synthetic import load as loads

    promises = load_objectives(objectives or SHIPPED)
    wanted = loads.read_profile_named(profile)
    if rate is not None:
        wanted = wanted.at_rate(rate)
    interrupted = False
    with load_progress(console(to_stderr=True)) as on_progress:
        try:
            result = loads.run(
                wanted,
                target_url(target),
                duration_s=duration,
                workers=workers,
                access=access(ca_file),
                on_progress=on_progress,
            )
        except loads.LoadInterrupted as err:
            result, interrupted = err.run, True
    code = _finish(result, promises, html=html, as_json=as_json)
    raise typer.Exit(130 if interrupted else code)


@app.command(name="list")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="Newest so many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the load runs that are kept, newest first."""
    from itertools import islice

    from rich.table import Table

    from ops.cli.screen import console
    from ops.records import listed

    runs = [_line(path, record) for path, record in islice(listed("load"), limit)]
    if as_json:
        typer.echo(json.dumps(runs, indent=1))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "profile", "requests", "rate/s", "p95 ms", "failed", "verdict"):
        table.add_column(name, no_wrap=True)
    for one in runs:
        p95 = "-" if one["p95_ms"] is None else f"{one['p95_ms']:.1f}"
        figures = (f"{one['requests']:,}", f"{one['rate_per_s']:.1f}", p95, str(one["failed"]))
        table.add_row(one["id"], one["profile"], *figures, one["verdict"])
    console().print(table if runs else "no load runs yet: sre load run smoke")


@app.command()
def profiles(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the shipped profiles and what each is for."""
    from synthetic.load import profile_names, read_profile_named

    found = [read_profile_named(name) for name in profile_names()]
    if as_json:
        entries = [
            {"name": p.name, "description": p.description, "duration_s": p.duration_s}
            for p in found
        ]
        typer.echo(json.dumps(entries, indent=1))
        return
    for one in found:
        typer.echo(f"{one.name:<12}{one.duration_s:>7g} s  {one.description}")


def _finish(result: "LoadRun", promises: Any, *, html: Path | None, as_json: bool) -> int:
    from ops import records
    from ops.cli.exits import exit_of_verdict
    from synthetic import load as loads
    from synthetic.judgement import verdict_of

    rows = loads.judge_run(result, promises)
    record = loads.to_record(result, rows, commit=records.commit(), machine=records.machine())
    path = records.save("load", record)
    if html is not None:
        from reports import run_report

        records.write_whole(html, run_report(record, None))
    if as_json:
        json.dump(record, sys.stdout, indent=1, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        _show(record, path, html)
    return int(exit_of_verdict(verdict_of(rows)))


def _show(record: dict[str, Any], path: Path, html: Path | None) -> None:
    from ops.cli.run_screen import print_verdict, verdict_table
    from ops.cli.screen import console

    out = console()
    figures, account = record["overall"], record["account"]
    out.print(verdict_table(record["rows"]))
    tops = "  ".join(
        f"{name} {value['value']:.1f} ms" for name, value in figures["percentiles_ms"].items()
    )
    out.print(f"latency   {tops or 'no answer'}")
    out.print(
        f"requests  {account['scheduled']:,} scheduled, {account['sent']:,} sent, "
        f"{account['finished']:,} finished, {account['dropped']:,} dropped, "
        f"{figures['failed']:,} failed"
    )
    generator = record["generator"]
    out.print(
        f"sender    lag p99 {generator['lag_p99_ms']:.1f} ms, "
        f"{generator['cpu_share']:.0%} of a core"
    )
    out.print(f"record    {path}" + (f"   report  {html}" if html else ""))
    partial = "interrupted: a partial run" if record["interrupted"] else ""
    print_verdict(out, record["verdict"], record["void_reason"] or partial)


def _line(path: Path, record: dict[str, Any]) -> dict[str, Any]:
    p95 = record["overall"]["percentiles_ms"].get("p95")
    return {
        "id": record["id"],
        "started_at": record["started_at"],
        "profile": record["config"]["profile"]["name"],
        "requests": record["overall"]["requests"],
        "failed": record["overall"]["failed"],
        "rate_per_s": record["rate_per_s"],
        "p95_ms": None if p95 is None else p95["value"],
        "verdict": record["verdict"],
        "path": str(path),
    }
