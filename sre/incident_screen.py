"""Show an incident: what was found and done, what may help, what was said."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from kit.pure.errors import HarnessError
from kit.pure.exits import Exit
from ops.incidents.response.incident import Incident, Step, plain
from ops.incidents.response.playbook import Advice, filled
from sre.answer import Answer

_RECENT = 3


def answer_of(
    incident: Incident, path: Path, advice: Sequence[Advice], *, code: int = Exit.HOLDS,
    trouble: HarnessError | None = None,
) -> Answer:  # fmt: skip
    """Return an incident as the answer of its verbs: the record, and what may help."""
    data = {
        **plain(incident),
        "file": str(path),
        "may_help": [
            {"name": each.name, "command": _command(each, incident), "when": each.when,
             "undo": each.undo, "is_ours": each.is_ours}
            for each in advice
        ],
    }  # fmt: skip
    return Answer(data, lambda out: _show(out, incident, path, advice), code, trouble)


def line_of(step: Step) -> str:
    """Return one step in one line."""
    code = "" if step.exit_code is None else f"  {step.took_s:.1f} s, exit {step.exit_code}"
    return f"{step.phase:<10}{step.name}: {step.said}{code}"


def _show(out: Console, incident: Incident, path: Path, advice: Sequence[Advice]) -> None:
    state = "open" if incident.is_open else "closed"
    out.out(f"incident  {incident.id} {incident.severity} {state}: {incident.title}")
    out.out(f"          led by {incident.commander}, in phase {incident.phase}; {incident.impact}")
    for step in incident.steps:
        out.out(line_of(step))
    if affected := incident.affected():
        out.out(f"affected  {', '.join(affected)}")
    for each in advice:
        who = (
            f"sre incident mitigate --apply {each.name}"
            if each.is_ours
            else (_command(each, incident))
        )
        out.out(f"may help  {each.name}: {who}" + (f"   ({each.when})" if each.when else ""))
    for said in incident.messages[-_RECENT:]:
        sent = "sent" if said.sent else "written"
        out.out(f"{said.audience} ({said.stage}, {sent}):")
        out.out("".join(f"          {line}\n" for line in said.text.splitlines()), end="")
    for action in incident.actions:
        done = "done" if action.done_at else f"open, due {action.due or 'some day'}"
        out.out(f"action    {action.id} {action.what} ({action.owner or 'nobody yet'}; {done})")
    if incident.post_mortem:
        out.out(f"draft     {incident.post_mortem}")
    out.out(f"record    {path}")


def _command(advice: Advice, incident: Incident) -> str:
    return " ".join(filled(advice.command, {"incident": incident.id}))
