"""`sre incident isolate`: cut the service off, in steps that can be undone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from ops.incidents.isolation import cluster
from ops.incidents.isolation import containers as local
from ops.incidents.isolation.apply import check_evidence, do_all
from ops.incidents.isolation.reading import read_only_step
from ops.incidents.isolation.step import Done, Step

HOWS = ("read-only", "network", "stop")
_HOW = typer.Argument(
    help="read-only: no writes; network: cut off, and its memory stays; stop: ended."
)
_EVIDENCE = typer.Option(help="A bundle of the last hour, made by sre incident evidence.")


def isolate(
    how: Annotated[str, _HOW],
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without this it is only shown.")
    ] = False,
    evidence: Annotated[Path | None, _EVIDENCE] = None,
    no_evidence: Annotated[
        bool, typer.Option("--no-evidence", help="Do it although traces are lost.")
    ] = False,
    containers: Annotated[
        list[str] | None, typer.Option("--container", help="Of Docker here; may be repeated.")
    ] = None,
    namespace: Annotated[str, typer.Option(help="On Kubernetes.")] = "default",
    deployment: Annotated[str, typer.Option(help="On Kubernetes.")] = "calendar-assistant",
    target: Annotated[
        str | None, typer.Option(help="With read-only: base URL; else SRE_TARGET_URL.")
    ] = None,
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "security incident",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show, or with --apply do, the steps that isolate the service, and how to undo them.

    Of containers when --container names some, else on Kubernetes with kubectl. Refuses (exit 4) to
    do it before evidence is kept. Exits 3 when a step did not work; the others are done.
    """
    steps = _steps(how, containers or [], (namespace, deployment), target=target, why=why)
    if not apply:
        _show(steps, as_json=as_json)
        return
    if not no_evidence:
        check_evidence(evidence, datetime.now(UTC))
    done = do_all(steps, (lambda _done: None) if as_json else _tell)
    if as_json:
        _print_json([_entry(each.step, each) for each in done], applied=True)
    if any(each.problem for each in done):
        raise typer.Exit(3)


def _steps(
    how: str, containers: list[str], place: tuple[str, str], *, target: str | None, why: str
) -> "list[Step]":

    workload = cluster.Workload(namespace=place[0], name=place[1])
    if how == "read-only":
        return [read_only_step(target, why)]
    if how == "network":
        return local.network_steps(containers) if containers else [cluster.network_step(workload)]
    if how == "stop":
        return local.stop_steps(containers) if containers else [cluster.stop_step(workload)]
    raise BadInputError(f"no isolation is called {how!r}", hint=closest(how, HOWS))


def _show(steps: "list[Step]", *, as_json: bool) -> None:
    if as_json:
        _print_json([_entry(step, None) for step in steps], applied=False)
        return
    for step in steps:
        typer.echo(f"effect    {step.effect}")
        typer.echo(f"do        {step.command}")
        if step.feed:
            typer.echo("          with this on its standard input:\n")
            typer.echo(step.feed)
        typer.echo(f"undo      {step.undo}")
    typer.echo("nothing was done; --apply does it" if steps else "there is nothing to cut")


def _tell(done: "Done") -> None:
    typer.echo(f"{'NOT DONE' if done.problem else 'done':<10}{done.step.command}")
    typer.echo(f"          {done.problem or done.step.effect}")
    if not done.problem:
        typer.echo(f"undo      {done.step.undo}")


def _entry(step: "Step", done: "Done | None") -> dict[str, Any]:
    entry = {"effect": step.effect, "command": step.command, "undo": step.undo, "stdin": step.feed}
    if done is not None:
        entry |= {"said": done.said, "problem": done.problem}
    return entry


def _print_json(steps: list[dict[str, Any]], *, applied: bool) -> None:
    told = {"schema": "calendar-sre/isolation/v1", "applied": applied, "steps": steps}
    typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
