"""The phases of an incident, one after the other: each step is on record once it has ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from kit.pure.errors import BadInputError, RefusedError
from ops.incidents.response import keeping
from ops.incidents.response.carrying_out import carry_out
from ops.incidents.response.incident import Action, Incident, Phase, Step
from ops.incidents.response.playbook import Advice, Playbook, filled

Tell = Callable[[Step], object]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts, on which address of the service, and how long one step may take."""

    who: str
    target: str
    timeout_s: float


def carry_on(incident: Incident, book: Playbook, phase: Phase, doer: Doer, tell: Tell, *,
             again: bool = False) -> Incident:  # fmt: skip
    """Do what a playbook knows of a phase and was not done yet; return the incident as it is then.

    What was begun and killed is done by the next call: only steps that have ended are on record.
    """
    _check_open(incident)
    done = () if again else tuple(step.name for step in incident.steps_of(phase))
    wanted = [each for each in book.phases[phase] if each.is_ours and each.name not in done]
    _carry_out(incident, phase, wanted, doer, tell)
    return keeping.change(incident.id, partial(_in_phase, phase=phase))


def apply(incident: Incident, advice: Advice, doer: Doer, tell: Tell) -> tuple[Incident, Step]:
    """Carry out one step of mitigation; raises BadInputError for what only a person can do."""
    _check_open(incident)
    command = " ".join(filled(advice.command, words_of(incident, doer.target)))
    if not advice.is_ours:
        raise BadInputError(
            f"{advice.name} is yours to do: {command}",
            hint=f"then note it: sre incident mitigate --did {advice.name!r}",
        )
    (step,) = _carry_out(incident, Phase.MITIGATE, [advice], doer, tell)
    return mitigated(incident, done=step.exit_code == 0), step


def note(incident: Incident, phase: Phase, what: str, doer: Doer) -> Incident:
    """Put on record what a person did by hand."""
    _check_open(incident)
    if not what.strip():
        raise BadInputError("nothing is said of what was done", hint="--did 'WHAT WAS DONE'")
    step = Step(phase, what, "", _now(), doer.who, said="by hand")
    keeping.change(incident.id, partial(_with_step, step=step))
    return mitigated(incident, done=True)


def mitigated(incident: Incident, *, done: bool) -> Incident:
    """Return the incident in its phase of mitigation, mitigated at the newest step that worked.

    One that somebody closed meanwhile stays as it is.
    """

    def change(now: Incident) -> Incident:
        if not now.is_open:
            return now
        at = _now() if done else now.mitigated_at
        return replace(now, phase=Phase.MITIGATE, mitigated_at=at)

    return keeping.change(incident.id, change)


def suggested(incident: Incident, book: Playbook) -> tuple[Advice, ...]:
    """Return the steps of mitigation, those first that what was found points to."""
    bad = {subject for step in incident.steps for subject in step.bad}
    helps = [
        each
        for each in book.phases[Phase.MITIGATE]
        if each.cures and any(one.startswith(each.cures) for one in bad)
    ]
    return (*helps, *(each for each in book.phases[Phase.MITIGATE] if each not in helps))


def failing(incident: Incident, since: datetime) -> tuple[Step, ...]:
    """Return the closing steps since a moment that did not hold."""
    steps = [step for step in incident.steps_of(Phase.CLOSE) if step.at >= since]
    return tuple(step for step in steps if step.exit_code != 0)


def close(
    incident: Incident, book: Playbook, doer: Doer, tell: Tell, *, cause: str,
    ended_at: datetime | None, actions: Sequence[tuple[str, str, str]], force: bool,
) -> Incident:  # fmt: skip
    """Look whether it is over, and close it; raises RefusedError where it is not.

    Closing is looked at anew each time: what held an hour ago proves nothing. One that was ended
    and whose closing was killed before the post-mortem stays ended, and is gone on with.
    """

    def with_more(now: Incident) -> Incident:
        known = {(each.what, each.owner, each.due) for each in now.actions}
        for one in actions:
            now = now if one in known else _with_action(now, *one)
        return replace(now, cause=cause or now.cause)

    if not incident.is_open and not incident.is_settled:
        return keeping.change(incident.id, with_more)
    began = _now()
    if ended_at is not None and not incident.started_at <= ended_at <= began:
        raise BadInputError(
            "it cannot be over before it began, nor later than now", hint="correct --ended"
        )
    incident = carry_on(incident, book, Phase.CLOSE, doer, tell, again=True)
    if (bad := failing(incident, began)) and not force:
        names = "; ".join(f"{step.name}: {step.said}" for step in bad)
        raise RefusedError(
            f"{incident.id} is not over: {names}",
            hint="mitigate it, or close it all the same with --force and a --cause that says why",
        )

    def ended(now: Incident) -> Incident:
        _check_open(now)  # somebody else may have closed it meanwhile
        return replace(with_more(now), ended_at=ended_at or _now())

    return keeping.change(incident.id, ended)


def with_action(name: str, what: str, owner: str, due: str) -> Incident:
    """Return the incident of a name with one more thing to do, called a1, a2 and so on."""
    return keeping.change(name, lambda now: _with_action(now, what, owner, due))


def words_of(incident: Incident, target: str) -> dict[str, str]:
    """Return what the words of a playbook's commands stand for."""
    minutes = max(5, round((_now() - incident.started_at).total_seconds() / 60) + 1)
    return {"incident": incident.id, "target": target, "window": f"{min(minutes, 1440)}m"}


def _carry_out(
    incident: Incident, phase: Phase, wanted: Sequence[Advice], doer: Doer, tell: Tell
) -> list[Step]:
    words = words_of(incident, doer.target)
    commands = {each.name: filled(each.command, words) for each in wanted}

    def on_done(step: Step) -> None:
        keeping.change(incident.id, partial(_with_step, step=step))
        tell(step)

    return carry_out(phase, commands, on_done, by=doer.who, timeout_s=doer.timeout_s)


def _with_action(incident: Incident, what: str, owner: str, due: str) -> Incident:
    one = Action(f"a{len(incident.actions) + 1}", what, owner, due)
    return replace(incident, actions=(*incident.actions, one))


def _with_step(incident: Incident, step: Step) -> Incident:
    return replace(incident, steps=(*incident.steps, step))


def _in_phase(incident: Incident, phase: Phase) -> Incident:
    order = list(Phase)
    return replace(incident, phase=max(incident.phase, phase, key=order.index))


def _check_open(incident: Incident) -> None:
    if not incident.is_open:
        raise RefusedError(
            f"{incident.id} is closed since {incident.ended_at:%Y-%m-%d %H:%M} UTC",
            hint="begin a new one: sre incident start",
        )


def _now() -> datetime:
    return datetime.now(UTC)
