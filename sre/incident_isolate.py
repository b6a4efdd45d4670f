"""`sre incident isolate`: cut the service off, in steps that can be undone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.fields import closest
from ops.incidents.isolation import cluster
from ops.incidents.isolation import containers as local
from ops.incidents.isolation.apply import check_evidence, do_all, seen_open
from ops.incidents.isolation.manifests import Workload
from ops.incidents.isolation.read_only import read_only_step
from ops.incidents.isolation.step import Done, Isolation, Step
from sre.answer import Answer
from sre.options import Target
from sre.screen import console

_SCHEMA: Final = "calendar-sre/isolation/v1"
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
    target: Target = None,
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "security incident",
) -> Answer:
    """Show, or with --apply do, the steps that isolate the service, and how to undo them.

    Of containers when --container names some, else on Kubernetes with kubectl; --target is for
    read-only. Refuses (exit 4) to do it before evidence is kept, and where no policy holds the
    pods. When a step does not work the others are done; exits 3 when that, or nobody who could see
    whether it is cut off, did not answer, 1 when it is not cut off.
    """
    place = (namespace, deployment)
    planned = _planned(how, containers or [], place, policies, target=target, why=why)
    if not apply:
        return _plan(planned)
    if not no_evidence:
        check_evidence(evidence, datetime.now(UTC))
    aside = console(to_stderr=True)
    done = do_all(planned.steps, lambda each: aside.out(_headline(each)))
    still, unseen = seen_open(planned)
    return Answer(
        _data([_entry(each.step, each) for each in done], applied=True)
        | {"still_open": still, "unseen": unseen},
        lambda terminal: _show_done(terminal, done, still, unseen),
        _exit(done, still, unseen),
    )


def _planned(
    how: str, containers: list[str], place: tuple[str, str], policies: Path | None, *,
    target: str | None, why: str,
) -> Isolation:  # fmt: skip
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


def _plan(planned: Isolation) -> Answer:
    steps = planned.steps

    def screen(terminal: Console) -> None:
        for opening in planned.before or ():
            terminal.out(f"now       {opening}")
        for step in steps:
            terminal.out(f"effect    {step.effect}")
            terminal.out(f"do        {step.command}")
            if step.feed:
                terminal.out("          with this on its standard input:\n")
                terminal.out(step.feed)
            terminal.out(f"undo      {step.undo}")
        for opening in planned.after or ():
            terminal.out(f"after     {opening}")
        if planned.after == []:
            terminal.out("after     by all policies together nothing but its own node reaches it")
        terminal.out("nothing was done; --apply does it" if steps else "there is nothing to cut")

    computed = {"before": planned.before, "after": planned.after}
    return Answer(_data([_entry(step, None) for step in steps], applied=False) | computed, screen)


def _exit(done: Sequence[Done], still: Sequence[str] | None, unseen: str) -> Exit:
    """Return the code of the first step that did not work, else of what a look has found."""
    seen = Exit.UNREACHABLE if unseen else Exit.BAD if still else Exit.HOLDS
    return next((each.exit for each in done if each.problem), seen)


def _headline(done: Done) -> str:
    return f"{'NOT DONE' if done.problem else 'done':<10}{done.step.command}"


def _show_done(
    terminal: Console, done: Sequence[Done], still: Sequence[str] | None, unseen: str
) -> None:
    """Print each step, and what a look afterwards has found; `unseen` is why nobody could look."""
    for each in done:
        terminal.out(_headline(each))
        terminal.out(f"          {each.problem or each.step.effect}")
        if not each.problem:
            terminal.out(f"undo      {each.step.undo}")
    for opening in still or ():
        terminal.out(f"OPEN      {opening}")
    if unseen:
        terminal.out(f"UNSEEN    {unseen}")
    if still == []:
        terminal.out("looked    it is cut off")


def _entry(step: Step, done: Done | None) -> dict[str, Any]:
    entry = {"effect": step.effect, "command": step.command, "undo": step.undo, "stdin": step.feed}
    if done is not None:
        entry |= {"said": done.said, "problem": done.problem}
    return entry


def _data(steps: list[dict[str, object]], *, applied: bool) -> dict[str, object]:
    return {"schema": _SCHEMA, "applied": applied, "steps": steps}
