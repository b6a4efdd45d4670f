"""`sre incident who`: who is on call, until when, and whom to ask next."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kit.pure.errors import BadInputError, HarnessError
from kit.pure.moments import local, moment_of
from ops.incidents.notices.contacts import SHIPPED, load_contacts
from ops.incidents.notices.people import Person, Turn
from ops.incidents.notices.rota_feed import on_call
from sre.answer import Answer
from sre.incident_telling import Contact


def who(
    at: Annotated[str, typer.Option(help="When: now, or a time with its offset.")] = "now",
    contacts: Contact = None,
) -> Answer:
    """Say who is on call, until when and who comes then, the escalation, and the vendors.

    Times are those of the person's own zone. Exits 5 when it is nobody's turn; the others are
    named all the same.
    """
    moment = moment_of(at, datetime.now(UTC).replace(microsecond=0))
    path = contacts or Path(os.environ.get("SRE_CONTACTS") or SHIPPED)
    people = load_contacts(path).people
    if not people.people:
        raise BadInputError(f"{path} names no people", hint=f"see people: in {SHIPPED}")
    turn: Turn | None = None
    trouble: HarnessError | None = None
    try:
        turn = on_call(people, moment, path.parent)
    except HarnessError as err:
        trouble = err
    levels = [(f"L{n}", role, people.of_role(role, turn))
              for n, role in enumerate(people.escalation, 1)]  # fmt: skip
    data = {
        "schema": "calendar-sre/on-call/v1",
        "at": moment.isoformat(),
        "since": turn.since.astimezone(UTC).isoformat() if turn else None,
        "until": turn.until.astimezone(UTC).isoformat() if turn else None,
        "then": turn.then.id if turn and turn.then else None,
        "escalation": [{"level": n, "role": role, "person": _plain(p)} for n, role, p in levels],
        "vendors": [_plain(each) for each in people.vendors],
    }

    def screen(out: Console) -> None:
        for level, role, person in levels:
            out.out(f"{level:<4}{role:<11}{_line(person, moment)}")
        if turn is not None:
            until = local(turn.until, turn.primary.zone) if turn.primary.zone else turn.until
            then = f", then {turn.then.name}" if turn.then else ""
            out.out(f"until     {until:%a %Y-%m-%d %H:%M %Z}{then}")
        for each in people.vendors:
            out.out(f"vendor    {each.id:<11}{_line(each, moment)}")

    return Answer(data, screen, trouble=trouble)


def _plain(person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    zone = person.zone.key if person.zone else None
    return {"id": person.id, "name": person.name, "phone": person.phone, "email": person.email,
            "zone": zone}  # fmt: skip


def _line(person: Person | None, moment: datetime) -> str:
    if person is None:
        return "nobody is named"
    clock = f"   there it is {local(moment, person.zone):%H:%M}" if person.zone else ""
    return f"{person.name}  {person.phone}  {person.email}{clock}".rstrip()
