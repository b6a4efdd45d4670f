"""`sre incident start|diagnose|mitigate|close`: an incident from its first minute to its end."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge.access import target_url
from kit.edge.outputs import check_writable
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, HarnessError
from kit.pure.exits import Exit
from kit.pure.moments import moment_of
from ops.incidents.evidence.part import Window
from ops.incidents.masking import masking_of
from ops.incidents.notices.contacts import SEVERITIES
from ops.incidents.notices.notice import incident_name
from ops.incidents.people import somebody
from ops.incidents.response import flow, keeping
from ops.incidents.response.incident import Incident, Phase, Step
from ops.incidents.response.messages import FIRST, RESOLVED, UPDATE
from ops.incidents.response.playbook import Playbook, playbook
from ops.incidents.response.post_mortem import CHANGES, draft
from ops.incidents.timeline.gather import Sources, Timeline, timeline_of
from sre.answer import Answer
from sre.incident_actions import checked_action
from sre.incident_screen import answer_of, line_of
from sre.incident_telling import Contact, Publish, Reach, Sending, StatusFolder, tell
from sre.options import Logs, Project, Prometheus, Target, Who
from sre.screen import console

_NAME = typer.Argument(help="The incident; without it the only open one.")
_STEP_S = typer.Option("--step-timeout", min=1, help="Seconds for each step.")
Name = Annotated[str | None, _NAME]
StepTime = Annotated[float, _STEP_S]
_Rules = Annotated[
    Path | None, typer.Option(help="The folder that sre alerts deploy puts rules into.")
]


def start(
    what_kind: Annotated[
        str, typer.Argument(metavar="KIND", help="A playbook, or the alert that led here.")
    ],
    what: Annotated[str | None, typer.Option(help="What happens, in one line.")] = None,
    impact: Annotated[str, typer.Option(help="Who feels what.")] = "not known yet",
    severity: Annotated[str | None, typer.Option(help="P1 to P4; else the playbook's.")] = None,
    commander: Annotated[str | None, typer.Option(help="Who leads; else you.")] = None,
    since: Annotated[
        str, typer.Option(help="Since when: 20m ago, or a time with its offset.")
    ] = "now",
    incident: Annotated[str | None, typer.Option(help="Its name; else made of the time.")] = None,
    who: Who = None,
    target: Target = None,
    notify: Sending = False,
    publish: Publish = False,
    contacts: Contact = None,
    status_dir: StatusFolder = None,
    prometheus: Prometheus = None,
    project: Project = None,
    step_timeout: StepTime = 60.0,
) -> Answer:
    """Begin an incident: put it on record, look at what is affected, write the first words.

    Each step is recorded with who, when and what came of it, in runs/incident. --notify sends the
    words to whom the contacts name, --publish puts those for users on the status page. Exits 4
    where an incident of that name is on record.
    """
    book, now = playbook(what_kind), datetime.now(UTC).replace(microsecond=0)
    began, chosen = moment_of(since, now), (severity or book.severity).upper()
    if began > now:
        raise BadInputError(f"--since {since} is still to come", hint="give when it began")
    if chosen not in SEVERITIES:
        raise BadInputError(f"no severity is called {chosen!r}", hint="P1, P2, P3 or P4")
    me = somebody(who)
    title = " ".join((what or "").split()) or book.title
    made = Incident(
        incident_name(incident, began), title, impact, chosen, book.name, somebody(commander),
        began, now,
    )  # fmt: skip
    reach = Reach(notify, publish, contacts, status_dir, prometheus, project)
    reach.check(made)
    keeping.begin(made)
    doer = flow.Doer(me, target_url(target), step_timeout)
    made = flow.carry_on(made, book, Phase.START, doer, _tell)
    return _said(made, book, FIRST, reach, me)


def diagnose(
    incident: Name = None,
    again: Annotated[bool, typer.Option("--again", help="Also what was looked at before.")] = False,
    who: Who = None,
    target: Target = None,
    step_timeout: StepTime = 120.0,
) -> Answer:
    """Look for the cause, by what the playbook knows, and say which mitigation it points to.

    What was looked at and is on record is not done again, unless --again: a diagnosis that was
    interrupted goes on where it was.
    """
    found = keeping.meant(incident)
    book = playbook(found.playbook)
    doer = flow.Doer(somebody(who), target_url(target), step_timeout)
    found = flow.carry_on(found, book, Phase.START, doer, _tell)  # a start that was killed
    found = flow.carry_on(found, book, Phase.DIAGNOSE, doer, _tell, again=again)
    return answer_of(found, keeping.path_of(found.id), flow.suggested(found, book))


def mitigate(
    incident: Name = None,
    apply: Annotated[str | None, typer.Option(help="Carry out this step of the playbook.")] = None,
    did: Annotated[str | None, typer.Option(help="Note what you did by hand.")] = None,
    who: Who = None,
    target: Target = None,
    notify: Sending = False,
    publish: Publish = False,
    contacts: Contact = None,
    status_dir: StatusFolder = None,
    prometheus: Prometheus = None,
    project: Project = None,
    step_timeout: StepTime = 600.0,
) -> Answer:
    """Show what may help, those first that the diagnosis points to; --apply does one of them.

    Commands of others than `sre` are yours to run; --did notes them, and whatever else was done.
    With --notify and --publish those who were told before hear of it. Exits 1 when the step failed.
    """
    found, me = keeping.meant(incident), somebody(who)
    book = playbook(found.playbook)
    doer, code = flow.Doer(me, target_url(target), step_timeout), int(Exit.HOLDS)
    reach = Reach(notify, publish, contacts, status_dir, prometheus, project)
    reach.check(found)
    if apply is None and did is None:
        return answer_of(found, keeping.path_of(found.id), flow.suggested(found, book))
    if apply is not None:
        found, step = flow.apply(found, book.advice(Phase.MITIGATE, apply), doer, _tell)
        code = Exit.HOLDS if step.exit_code == 0 else Exit.BAD
    if did is not None:
        found = flow.note(found, Phase.MITIGATE, did, doer)
    if reach.is_wanted:
        return _said(found, book, UPDATE, reach, me, code)
    return answer_of(found, keeping.path_of(found.id), flow.suggested(found, book), code=code)


def close(
    incident: Name = None,
    cause: Annotated[str, typer.Option(help="Why it happened, as far as it is known.")] = "",
    ended: Annotated[str | None, typer.Option(help="When it was over; else now.")] = None,
    action: Annotated[
        list[str] | None, typer.Option(help="What to change: WHAT; OWNER; DAY. May be repeated.")
    ] = None,
    post_mortem: Annotated[
        Path | None, typer.Option(help="Where the draft goes; else beside the record.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where a look does not hold.")
    ] = False,
    who: Who = None,
    target: Target = None,
    notify: Sending = False,
    publish: Publish = False,
    contacts: Contact = None,
    status_dir: StatusFolder = None,
    prometheus: Prometheus = None,
    logs: Logs = None,
    rules: _Rules = None,
    project: Project = None,
    step_timeout: StepTime = 600.0,
) -> Answer:
    """Look whether it is over, end it, and write the draft of its post-mortem.

    Refuses (4) while a closing look does not hold. The draft has the timeline, the changes before,
    the cost in each budget, what was done and said, and the actions, which the weekly report asks
    for until they are done.
    """
    found = keeping.meant(incident, lambda each: not each.is_settled)
    me, now = somebody(who), datetime.now(UTC).replace(microsecond=0)
    book, out = playbook(found.playbook), post_mortem or keeping.folder() / f"{found.id}.md"
    check_writable(out)
    reach = Reach(notify, publish, contacts, status_dir, prometheus, project)
    reach.check(found)
    wanted = [_action_of(text) for text in action or ()]
    doer = flow.Doer(me, target_url(target), step_timeout)
    over = moment_of(ended, now) if ended else None
    found = flow.close(found, book, doer, _tell, cause=cause, ended_at=over, actions=wanted,
                       force=force)  # fmt: skip
    timeline, why_not = _timeline(found, reach.prometheus_url, logs, rules, now)
    answer = _said(found, book, RESOLVED, reach, me)
    write_whole(out, masking_of(os.environ).text(draft(found, timeline, why_not)))
    found = keeping.with_draft(found.id, str(out))
    return answer_of(found, keeping.path_of(found.id), (), code=answer.exit, trouble=answer.trouble)


def _said(
    found: Incident, book: Playbook, stage: str, reach: Reach, me: str, code: int = Exit.HOLDS
) -> Answer:
    found, trouble = tell(found, book, stage, reach, me)
    advice = () if stage == RESOLVED else flow.suggested(found, book)
    return answer_of(found, keeping.path_of(found.id), advice, code=code, trouble=trouble)


def _timeline(
    found: Incident, url: str, logs: Path | None, rules: Path | None, now: datetime
) -> tuple[Timeline | None, str]:
    where = os.environ.get("CALENDAR_LOG_DIR")
    sources = Sources(url, logs or (Path(where) if where else None), rules)
    window = Window(found.started_at - CHANGES, now)
    said = {"start": found.started_at}
    said |= {"mitigation": found.mitigated_at} if found.mitigated_at else {}
    said |= {"end": found.ended_at} if found.ended_at else {}
    try:
        return timeline_of(sources, window, masking_of(os.environ), said, now), ""
    except HarnessError as err:
        return None, str(err)


def _action_of(text: str) -> tuple[str, str, str]:
    """Return what, owner and day of `WHAT; OWNER; DAY`."""
    return checked_action(*(*text.split(";"), "", "")[:3])


def _tell(step: Step) -> Any:
    console(to_stderr=True).out(line_of(step))
