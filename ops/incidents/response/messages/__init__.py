"""What is said of an incident, in the words of each audience, out of what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kit.pure.json_values import JsonMapping, JsonObject
from kit.pure.words import age, percent, seconds
from ops.incidents.response.incident import Incident, Phase
from ops.incidents.response.playbook import Playbook
from status.words import TEMPLATES

AUDIENCES: Final = ("internal", "external", "stakeholders")
FIRST, UPDATE, RESOLVED = STAGES = ("first", "update", "resolved")
_FOLDER: Final = Path(__file__).resolve().parent
_SHOWN: Final[JsonMapping] = {
    "Error rate": percent, "Availability": percent, "Latency": percent, "Parsing accuracy": percent,
    "errors": percent, "slow requests": percent, "commands": seconds, "hit ratio": percent,
}  # fmt: skip
"""What messages say of what a step measured, and how; the objectives are shares of good events."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message needs beyond the incident: who is affected, the cost, the next word."""

    affected: Sequence[str]
    budgets: Sequence[str]
    next_update: timedelta
    components: Sequence[str] = ()


def message(
    audience: str,
    stage: str,
    incident: Incident,
    book: Playbook,
    facts: MessageFacts,
    now: datetime,
) -> str:
    """Return the text of a message; nothing in it was not given or measured."""
    template = _environment().get_template(f"{audience}.j2")
    text = template.render(**_facts(stage, incident, book, facts, now))
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _facts(
    stage: str, incident: Incident, book: Playbook, facts: MessageFacts, now: datetime
) -> JsonObject:
    minutes = max(1, round(facts.next_update.total_seconds() / 60))
    what = {"what": ", ".join(facts.components) or "the whole service", "next": minutes}
    ended = incident.ended_at or now
    measured = incident.measured()
    mitigated = incident.steps_of(Phase.MITIGATE)
    return {
        "incident": incident.id, "severity": incident.severity, "stage": stage,
        "title": incident.title, "impact": incident.impact, "commander": incident.commander,
        "started": _moment(incident.started_at), "ended": _moment(ended), "cause": incident.cause,
        "lasts": age((ended - incident.started_at).total_seconds()),
        "next_update": _moment(now + facts.next_update),
        "affected": list(facts.affected), "budgets": list(facts.budgets),
        "figures": [(name, show(measured[name])) for name, show in _SHOWN.items()
                    if name in measured],
        "steps": [f"{s.name}: {s.said or s.command}" for s in incident.steps[-6:]],
        "done": "; ".join(step.name for step in mitigated),
        "actions": [f"{a.what} ({a.owner or 'nobody yet'})" for a in incident.actions],
        "post_mortem": incident.post_mortem,
        "public": TEMPLATES[book.external].format(**what),
        "public_update": TEMPLATES["monitoring" if mitigated else "identified"].format(**what),
        "public_resolved": TEMPLATES["resolved"].format(**what),
    }  # fmt: skip


@cache
def _environment() -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, autoescape=False,
        keep_trailing_newline=False,
    )  # fmt: skip


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
