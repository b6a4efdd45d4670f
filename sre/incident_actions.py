"""`sre incident actions`: what incidents have left to do, until it is done."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console

from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from ops.incidents.response import flow, keeping
from ops.incidents.response.incident import Incident
from sre.answer import Answer

_NAME = typer.Argument(help="The incident; without it those of all.")


def actions(
    incident: Annotated[str | None, _NAME] = None,
    add: Annotated[str | None, typer.Option(help="One more thing to change.")] = None,
    owner: Annotated[str, typer.Option(help="With --add: who does it.")] = "",
    due: Annotated[str, typer.Option(help="With --add: by which day.")] = "",
    done: Annotated[str | None, typer.Option(help="This one is done, such as a1.")] = None,
) -> Answer:
    """List what incidents have left to do, add to it, and mark what is done.

    The weekly report asks for each that is open, those that are overdue first.
    """
    if incident is None and (add or done):
        raise BadInputError("of which incident?", hint="name it: sre incident actions INC-…")
    if incident is None:
        return _answer(keeping.every())
    found = keeping.load(incident)
    if add is not None:
        found = flow.with_action(incident, *checked_action(add, owner, due))
    if done is not None:
        known = [each.id for each in found.actions]
        if done not in known:
            raise BadInputError(f"no action is called {done!r}", hint=closest(done, known))
        found = keeping.change(incident, lambda now: now.done(done, datetime.now(UTC)))
    return _answer([found])


def checked_action(what: str, owner: str, due: str) -> tuple[str, str, str]:
    """Return what is to change, by whom and by which day; BadInputError where it says nothing."""
    what, owner, due = (" ".join(text.split()) for text in (what, owner, due))
    if not what:
        raise BadInputError("an action says nothing", hint="say what is to change")
    try:
        return what, owner, f"{date.fromisoformat(due):%Y-%m-%d}" if due else ""
    except ValueError as err:
        raise BadInputError(f"{due!r} is no day", hint="write 2026-12-24") from err


def _answer(found: list[Incident]) -> Answer:
    rows = [(each, action) for each in found for action in each.actions]

    def screen(out: Console) -> None:
        for each, action in rows:
            state = "done" if action.done_at else "open"
            about = f"{action.owner or 'nobody yet'}, due {action.due or 'some day'}"
            out.out(f"{state:<6}{each.id} {action.id}  {action.what}   ({about})")
        if not rows:
            out.out("nothing is left to do")

    data = {
        "schema": "calendar-sre/incident-actions/v1",
        "actions": [
            {"incident": each.id, "id": one.id, "what": one.what, "owner": one.owner,
             "due": one.due, "done_at": one.done_at.isoformat() if one.done_at else None}
            for each, one in rows
        ],
    }  # fmt: skip
    return Answer(data, screen)
