"""Tell each audience of an incident: write the words, send them, put them on the status page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kit.edge.prometheus import connect
from kit.edge.writing import held
from kit.pure.errors import HarnessError
from ops.incidents.notices.contacts import Channel, Contacts
from ops.incidents.notices.delivery import Delivery, deliver_all
from ops.incidents.notices.notice import Facts, notice_of
from ops.incidents.notices.rota_feed import on_call
from ops.incidents.response import keeping
from ops.incidents.response.incident import Incident, Message
from ops.incidents.response.messages import AUDIENCES, FIRST, RESOLVED, MessageFacts, message
from ops.incidents.response.playbook import Playbook
from ops.incidents.timeline.impact import costs
from slo.edge.files import load_objectives
from status.announce import Said, opened, said_more
from status.edge.notices import read_notices, taken_names, write_notice
from status.notice import Impact, Kind, Notice, Stage

_ABOVE: Final = frozenset({"management", "stakeholders"})
"""Receivers who get the words for stakeholders; all others get those of the team."""
_STATES: Final = {FIRST: "open", RESOLVED: "resolved"}
_OUTAGES: Final = frozenset({"down", "data"})


@dataclass(frozen=True, slots=True)
class Public:
    """Where notices for users are: the folder, the components that are meant, and inner names."""

    folder: Path
    components: tuple[str, ...]
    names: tuple[str, ...]
    inner: tuple[str, ...]


def write(incident: Incident, book: Playbook, stage: str, facts: MessageFacts, by: str) -> Incident:
    """Write what each audience is to hear at a stage, and keep it with the incident."""
    now = datetime.now(UTC)
    said = tuple(
        Message(audience, stage, now, by, message(audience, stage, incident, book, facts, now))
        for audience in AUDIENCES
    )
    return keeping.change(incident.id, lambda each: replace(each, messages=(*each.messages, *said)))


def send(
    incident: Incident, stage: str, contacts: Contacts, facts: MessageFacts,
    on_delivery: Callable[[Delivery], None], base: Path,
) -> tuple[Incident, list[Delivery]]:  # fmt: skip
    """Send the newest words to whom the contacts, which lie in `base`, name for the severity."""
    turn = on_call(contacts.people, datetime.now(UTC), base) if contacts.needs_turn() else None
    channels = contacts.of(incident.severity, (), turn)
    found: list[Delivery] = []
    for audience, mine in (
        ("internal", [each for each in channels if each.receiver not in _ABOVE]),
        ("stakeholders", [each for each in channels if each.receiver in _ABOVE]),
    ):
        own = _deliver(incident, stage, _newest(incident, audience), mine, facts, on_delivery)
        if any(not each.problem for each in own):
            incident = _sent(incident, audience)
        found += own
    return incident, found


def publish(incident: Incident, book: Playbook, stage: str, public: Public) -> Incident:
    """Put the newest words for users on the status page, as the incident's one notice.

    Raises RefusedError where they would name what is internal.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    text = Said(_newest(incident, "external"))
    with held(public.folder):
        notices, name = read_notices(public.folder)[0], keeping.load(incident.id).notice
        own = next((each for each in notices if each.id == name), None)
        if own is None:
            impact = Impact.OUTAGE if book.external in _OUTAGES else Impact.DEGRADED
            own = opened(
                Kind.INCIDENT, book.title, text, impact=impact, components=public.components,
                now=now, taken=taken_names(public.folder), names=public.inner,
            )  # fmt: skip
        else:
            own = said_more(own, text, _stage(incident, stage), now=now, names=public.inner)
        published = _published(incident, own)  # first: who is killed leaves no notice of nobody
        write_notice(public.folder, own)
    return published


def budgets(incident: Incident, prometheus: str) -> list[str]:
    """Return in words what the incident has cost of each budget; nothing where nobody counts."""
    if not prometheus:
        return []
    now = datetime.now(UTC)
    try:
        with connect(prometheus, timeout_s=10.0) as server:
            found = costs(server, load_objectives(), incident.started_at,
                          incident.ended_at or now, now)  # fmt: skip
    except HarnessError as err:
        return [f"not counted: {err}"]
    return [
        f"{one.objective}: {one.bad:,.0f} bad of {one.total:,.0f}, {one.share:.1%} of the budget"
        for one in found
        if one.share is not None
    ]


def _deliver(
    incident: Incident, stage: str, text: str, channels: Sequence[Channel], known: MessageFacts,
    on_delivery: Callable[[Delivery], None],
) -> list[Delivery]:  # fmt: skip
    if not channels:
        return []
    now = datetime.now(UTC)
    over = stage == RESOLVED
    facts = Facts(
        incident.id, incident.severity, _STATES.get(stage, "update"), incident.title,
        incident.started_at, incident.impact, incident.commander, now,
        None if over else now + known.next_update, text,
    )  # fmt: skip
    return deliver_all(channels, notice_of(facts), on_delivery)


def _newest(incident: Incident, audience: str) -> str:
    return [each.text for each in incident.messages if each.audience == audience][-1]


def _sent(incident: Incident, audience: str) -> Incident:
    def change(each: Incident) -> Incident:
        newest = max(n for n, one in enumerate(each.messages) if one.audience == audience)
        said = [replace(one, sent=one.sent or n == newest) for n, one in enumerate(each.messages)]
        return replace(each, messages=tuple(said))

    return keeping.change(incident.id, change)


def _published(incident: Incident, notice: Notice) -> Incident:
    marked = _sent(incident, "external")
    return keeping.change(marked.id, lambda each: replace(each, notice=notice.id))


def _stage(incident: Incident, stage: str) -> Stage:
    if stage == RESOLVED:
        return Stage.RESOLVED
    return Stage.MONITORING if incident.mitigated_at else Stage.IDENTIFIED
