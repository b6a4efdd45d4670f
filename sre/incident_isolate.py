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
from ops.incidents.isolation.apply import check_evidence, do_all, seen_open
from ops.incidents.isolation.manifests import Workload
from ops.incidents.isolation.reading import read_only_step
from ops.incidents.isolation.step import Done, Isolation, Step

HOWS = ("read-only", "network", "stop")
_HOW = typer.Argument(
    help="read-only: no writes; network: cut off, and its memory stays; stop: ended."
)
_POLICIES = typer.Option(
    help="On Kubernetes: manifests to read the other policies from; else the cluster's."
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
    policies: Annotated[Path | None, _POLICIES] = None,
    target: Annotated[
        str | None, typer.Option(help="With read-only: base URL; else SRE_TARGET_URL.")
    ] = None,
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "security incident",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show, or with --apply do, the steps that isolate the service, and how to undo them.

    Of containers when --container names some, else on Kubernetes with kubectl. Refuses (exit 4) to
    do it before evidence is kept, and where no policy holds the pods. Exits 3 when a step did not
    work (the others are done) or nobody can see whether it is cut off, 1 when it is not.
    """
    place = (namespace, deployment)
    planned = _planned(how, containers or [], place, policies, target=target, why=why)
    if not apply:
        _show(planned.steps, as_json=as_json)
        return
    if not no_evidence:
        check_evidence(evidence, datetime.now(UTC))
    done = do_all(planned.steps, (lambda _done: None) if as_json else _tell)
    still, unseen = seen_open(planned)
    _tell_after(done, still, unseen, as_json=as_json)
    if unseen or any(each.problem for each in done):
        raise typer.Exit(3)
    if still:
        raise typer.Exit(1)


def _planned(
    how: str, containers: list[str], place: tuple[str, str], policies: Path | None, *,
    target: str | None, why: str,
) -> "Isolation":  # fmt: skip

    workload = Workload(namespace=place[0], name=place[1])
    if how == "read-only":
        return Isolation([read_only_step(target, why)])
    if how == "network" and containers:
        return local.network_isolation(containers)
    if how == "network":
        return cluster.network_isolation(workload, policies)
    if how == "stop" and containers:
        return local.stop_isolation(containers)
    if how == "stop":
        return Isolation([cluster.stop_step(workload)])
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


def _tell_after(done: "list[Done]", still: list[str] | None, unseen: str, *, as_json: bool) -> None:
    """Tell what a look afterwards has found; `unseen` is why nobody could look."""
    if as_json:
        seen = {"still_open": still, "unseen": unseen}
        _print_json([_entry(each.step, each) for each in done], applied=True, **seen)
        return
    for each in still or ():
        typer.echo(f"OPEN      {each}")
    if unseen:
        typer.echo(f"UNSEEN    {unseen}")
    if still == []:
        typer.echo("looked    it is cut off")


def _entry(step: "Step", done: "Done | None") -> dict[str, Any]:
    entry = {"effect": step.effect, "command": step.command, "undo": step.undo, "stdin": step.feed}
    if done is not None:
        entry |= {"said": done.said, "problem": done.problem}
    return entry


def _print_json(steps: list[dict[str, Any]], *, applied: bool, **seen: object) -> None:
    told = {"schema": "calendar-sre/isolation/v1", "applied": applied, "steps": steps, **seen}
    typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
