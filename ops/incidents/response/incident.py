"""An incident on record: its facts, each step with author and outcome, what was said, what is left.

The weekly report reads these records as `runs/incident`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from kit.pure.fields import Field
from kit.pure.json_values import JsonObject
from kit.pure.moments import read_moment

SCHEMA: Final = "calendar-sre/incident/v1"
AFFECTED: Final = "affected"
"""The step that looks at every component."""


class Phase(StrEnum):
    """The phases of an incident, in their order."""

    START = "start"
    DIAGNOSE = "diagnose"
    MITIGATE = "mitigate"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done: `command` is empty for what a person did by hand.

    `exit_code` is the command's, None by hand; `said` is its verdict in one line. `figures` are
    the numbers that it measured, by subject, and `bad` the subjects that it found to be bad.
    """

    phase: Phase
    name: str
    command: str
    at: datetime
    by: str
    took_s: float = 0.0
    exit_code: int | None = None
    said: str = ""
    figures: Mapping[str, float] | None = None
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What was said to whom, and whether it was sent or only written."""

    audience: str
    stage: str
    at: datetime
    by: str
    text: str
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What is to change so that it does not come again; `due` is a day, `done_at` None if open."""

    id: str
    what: str
    owner: str
    due: str
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident; it is open while `ended_at` is None. Times are in UTC."""

    id: str
    title: str
    impact: str
    severity: str
    playbook: str
    commander: str
    started_at: datetime
    opened_at: datetime
    phase: Phase = Phase.START
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None
    cause: str = ""
    notice: str = ""
    post_mortem: str = ""
    steps: tuple[Step, ...] = ()
    messages: tuple[Message, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether it goes on."""
        return self.ended_at is None

    @property
    def is_settled(self) -> bool:
        """Say whether it was closed to the end: with the draft of its post-mortem."""
        return not self.is_open and bool(self.post_mortem)

    def steps_of(self, phase: Phase) -> tuple[Step, ...]:
        """Return what was done in a phase, in its order."""
        return tuple(step for step in self.steps if step.phase is phase)

    def measured(self) -> dict[str, float]:
        """Return the newest figure of each subject that any step has measured."""
        return {name: value for step in self.steps for name, value in (step.figures or {}).items()}

    def affected(self) -> tuple[str, ...]:
        """Return the components that the newest look at all of them has found affected."""
        looks = [step for step in self.steps if step.name == AFFECTED]
        return looks[-1].bad if looks else ()

    def done(self, identity: str, at: datetime) -> "Incident":
        """Return the incident with an action that is done."""
        done = [replace(a, done_at=at) if a.id == identity else a for a in self.actions]
        return replace(self, actions=tuple(done))


def plain(incident: Incident) -> JsonObject:
    """Return an incident as its file has it."""
    told = asdict(incident)
    shown = {name: _plain(value) for name, value in told.items()}
    return {"schema": SCHEMA, **shown, "state": "open" if incident.is_open else "closed"}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def read_incident(root: Field) -> Incident:
    """Return the incident of a loaded file; FieldError names file, field, value and fix."""
    root.need("schema").choice(SCHEMA)
    return Incident(
        id=root.need("id").text(),
        title=root.need("title").text(),
        impact=_text(root, "impact"),
        severity=root.need("severity").text(),
        playbook=root.need("playbook").text(),
        commander=root.need("commander").text(),
        started_at=_moment(root.need("started_at")),
        opened_at=_moment(root.need("opened_at")),
        phase=root.need("phase").word(Phase),
        mitigated_at=_maybe(root, "mitigated_at"),
        ended_at=_maybe(root, "ended_at"),
        cause=_text(root, "cause"),
        notice=_text(root, "notice"),
        post_mortem=_text(root, "post_mortem"),
        steps=tuple(_step(each) for each in _listed(root, "steps")),
        messages=tuple(_message(each) for each in _listed(root, "messages")),
        actions=tuple(_action(each) for each in _listed(root, "actions")),
    )


def _step(place: Field) -> Step:
    code, figures, took = place.get("exit_code"), place.get("figures"), place.get("took_s")
    measured = {n: figures.at(n).number() for n in figures.names()} if figures else {}
    return Step(
        place.need("phase").word(Phase), place.need("name").text(), _text(place, "command"),
        _moment(place.need("at")), place.need("by").text(), took.number(0) if took else 0.0,
        code.whole(-255, 255) if code else None, _text(place, "said"),
        measured or None, tuple(each.text() for each in _listed(place, "bad")),
    )  # fmt: skip


def _message(place: Field) -> Message:
    return Message(
        place.need("audience").text(), place.need("stage").text(), _moment(place.need("at")),
        place.need("by").text(), place.need("text").text(), place.at("sent").value is True,
    )  # fmt: skip


def _action(place: Field) -> Action:
    return Action(
        place.need("id").text(), place.need("what").text(), _text(place, "owner"),
        _text(place, "due"), _maybe(place, "done_at"),
    )  # fmt: skip


def _listed(root: Field, name: str) -> list[Field]:
    found = root.get(name)
    return list(found.items()) if found else []


def _text(root: Field, name: str) -> str:
    found = root.get(name)
    if found is not None and not isinstance(found.value, str):
        raise found.wrong("is not a text", "mend the file, or remove it")
    return str(found.value) if found else ""


def _maybe(root: Field, name: str) -> datetime | None:
    found = root.get(name)
    return None if found is None else _moment(found)


def _moment(place: Field) -> datetime:
    try:
        return read_moment(place.text())
    except ValueError as err:
        raise place.wrong(str(err), "write 2026-11-01T14:05:00Z") from err
