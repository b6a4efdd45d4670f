"""`sre incident notify`: tell the right people, in the right words, and see who was reached."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.fields import closest
from kit.pure.moments import moment_of
from ops.incidents.notices.contacts import SEVERITIES, SHIPPED, Channel, Contacts, load_contacts
from ops.incidents.notices.delivery import Delivery, deliver_all
from ops.incidents.notices.notice import SHIPPED as WORDS
from ops.incidents.notices.notice import STATES, Facts, Notice, incident_name, notice_of
from ops.incidents.notices.rota_feed import on_call
from ops.incidents.notices.transports import letter
from ops.incidents.people import somebody
from sre.answer import Answer
from sre.screen import console

_SEVERITY = typer.Argument(help="P1, P2, P3 or P4.")
_SINCE = typer.Option(help="Since when: 20m ago, or a time with its offset.")
_NEXT = typer.Option("--next", help="Until the next update, such as 30m; else as contacts say.")
_CONTACTS = typer.Option(help="The file of receivers; else SRE_CONTACTS.")
_TO = typer.Option("--to", help="A receiver instead of the severity's; may be repeated.")


def notify(
    severity: Annotated[str, _SEVERITY],
    what: Annotated[str, typer.Option(help="What happens, in one line.")],
    impact: Annotated[str, typer.Option(help="Who feels what.")],
    commander: Annotated[str | None, typer.Option(help="Who leads; else SRE_USER or you.")] = None,
    since: Annotated[str, _SINCE] = "now",
    state: Annotated[str, typer.Option(help="open, update or resolved.")] = "open",
    incident: Annotated[
        str | None, typer.Option(help="Its name; the same for all notices of one incident.")
    ] = None,
    next_update: Annotated[str | None, _NEXT] = None,
    notes: Annotated[str, typer.Option(help="What else must be said.")] = "",
    to: Annotated[list[str] | None, _TO] = None,
    contacts: Annotated[Path | None, _CONTACTS] = None,
    template: Annotated[Path | None, typer.Option(help="Other words, in Jinja2.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent, and to whom.")
    ] = False,
) -> Answer:
    """Tell everybody whom the contacts name for a severity, and report who was reached.

    Each is tried three times. Exits 3 when somebody was not reached. Without contacts of your own
    only --dry-run works.
    """
    named = contacts or Path(os.environ.get("SRE_CONTACTS") or SHIPPED)
    if named == SHIPPED and not dry_run:
        raise BadInputError(
            "nobody is named whom to tell", hint=f"copy {SHIPPED}, fill it in, give --contacts"
        )
    known = load_contacts(named)
    facts = _facts(
        known, severity, state, since, next_update,
        {"what": what, "impact": impact, "commander": commander, "name": incident, "notes": notes},
    )  # fmt: skip
    notice = notice_of(facts, template or WORDS)
    turn = on_call(known.people, facts.now, named.parent) if known.needs_turn() else None
    channels = known.of(facts.severity, to or (), turn)
    return _rehearsed(channels, notice) if dry_run else _sent(channels, notice)


def _facts(
    known: Contacts, severity: str, state: str, since: str, next_update: str | None,
    words: dict[str, str | None],
) -> Facts:  # fmt: skip
    _one_of(severity := severity.upper(), SEVERITIES, "severity")
    _one_of(state, STATES, "state")
    now = datetime.now(UTC).replace(microsecond=0)
    began = moment_of(since, now)
    update = None
    if state != "resolved":
        after = known.severities[severity].next_update
        update = now + after if next_update is None else now + (now - moment_of(next_update, now))
    what, impact, name = words["what"] or "", words["impact"] or "", words["name"]
    return Facts(
        incident_name(name, began), severity, state, " ".join(what.split()), began,
        " ".join(impact.split()), somebody(words["commander"]), now, update, words["notes"] or "",
    )  # fmt: skip


def _one_of(given: str, known: tuple[str, ...], noun: str) -> None:
    if given not in known:
        raise BadInputError(f"no {noun} is called {given!r}", hint=closest(given, known))


def _rehearsed(channels: Sequence[Channel], notice: Notice) -> Answer:
    letters = [(each, letter(each, notice, secrets=False)) for each in channels]

    def screen(terminal: Console) -> None:
        for channel, made in letters:
            terminal.out(f"would tell {channel.name} at {made.where}\n")
            terminal.out(f"{made.shown.rstrip()}\n")
        terminal.out(f"nothing was sent; {len(letters)} would be")

    receivers = [
        {"receiver": c.receiver, "kind": c.kind, "where": made.where, "content": made.shown}
        for c, made in letters
    ]
    return Answer(_data(notice, receivers, sent=False), screen)


def _sent(channels: Sequence[Channel], notice: Notice) -> Answer:
    aside = console(to_stderr=True)
    deliveries = deliver_all(channels, notice, lambda each: aside.out(_line(each)))

    def screen(terminal: Console) -> None:
        for each in deliveries:
            terminal.out(_line(each))
        terminal.out(f"incident  {notice.facts.incident}")

    code = Exit.UNREACHABLE if any(each.problem for each in deliveries) else Exit.HOLDS
    return Answer(_data(notice, [_entry(each) for each in deliveries], sent=True), screen, code)


def _line(delivery: Delivery) -> str:
    state = f"NOT SENT  {delivery.channel.name}: {delivery.problem}" if delivery.problem else ""
    tries = "" if delivery.tries == 1 else f", {delivery.tries} tries"
    return (state or f"sent      {delivery.channel.name}: {delivery.where}") + tries


def _entry(delivery: Delivery) -> dict[str, Any]:
    return {
        "receiver": delivery.channel.receiver,
        "kind": delivery.channel.kind,
        "where": delivery.where,
        "tries": delivery.tries,
        "took_s": round(delivery.took_s, 2),
        "problem": delivery.problem,
    }


def _data(notice: Notice, receivers: list[dict[str, Any]], *, sent: bool) -> dict[str, Any]:
    return {
        "schema": "calendar-sre/notify/v1",
        "sent": sent,
        "notice": notice.plain(),
        "receivers": receivers,
    }
