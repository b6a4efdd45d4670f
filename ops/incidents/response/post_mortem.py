"""The draft of a post-mortem: what is known without asking people, and room for what they know."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ops.incidents.response.incident import Incident, Step
from ops.incidents.timeline import render
from ops.incidents.timeline.entry import ACTIONS, Entry, Kind
from ops.incidents.timeline.gather import Timeline

CHANGES = timedelta(hours=24)
"""A change may take so long to hurt."""
_CHANGED = ACTIONS | {Kind.RUN}
_TO_WRITE = ("Why it happened", "What went well", "What went badly")


def draft(incident: Incident, timeline: Timeline | None, why_not: str = "") -> str:
    """Return the draft as Markdown; `why_not` says why there is no timeline."""
    title = f"{incident.id}: {incident.title}"
    lines = [f"# {title}", "", *_head(incident), ""]
    lines += ["## Changes before it", "", *_changes(incident, timeline), ""]
    lines += ["## What we did", "", *_steps(incident), ""]
    lines += ["## What we said", "", *_said(incident), ""]
    if timeline is None:
        lines += ["## Impact", "", f"_Not counted: {why_not or 'nobody was asked'}._", ""]
    else:
        lines += _of_timeline(timeline, title)
    for heading in _TO_WRITE:
        known = incident.cause if heading == "Why it happened" and incident.cause else ""
        lines += [f"## {heading}", "", known or "_To be written._", ""]
    lines += ["## What we do about it", "", *_actions(incident)]
    return "\n".join(lines) + "\n"


def _head(incident: Incident) -> Iterator[str]:
    yield f"Severity {incident.severity}, led by {incident.commander}. {incident.impact}"
    yield ""
    yield "| moment | when (UTC) | after the start |"
    yield "|---|---|---|"
    moments = {
        "began": incident.started_at, "declared": incident.opened_at,
        "mitigated": incident.mitigated_at, "over": incident.ended_at,
    }  # fmt: skip
    for name, at in moments.items():
        after = "" if at is None else _span(at - incident.started_at)
        yield f"| {name} | {_stamp(at) if at else 'not noted'} | {after} |"


def _changes(incident: Incident, timeline: Timeline | None) -> Iterator[str]:
    if timeline is None:
        yield "_Nobody was asked._"
        return
    since = incident.started_at - CHANGES
    found = [e for e in timeline.entries
             if e.kind in _CHANGED and since <= e.at <= incident.started_at]  # fmt: skip
    if not found:
        yield f"None is known of the {CHANGES.total_seconds() / 3600:.0f} hours before it."
        return
    yield "| when (UTC) | before it | what | who says so |"
    yield "|---|---|---|---|"
    for one in found:
        yield _change(one, incident.started_at)


def _change(entry: Entry, start: datetime) -> str:
    before = _span(start - entry.at)
    return f"| {_stamp(entry.at)} | {before} | {entry.kind}: {_cell(entry.what)} | {entry.source} |"


def _steps(incident: Incident) -> Iterator[str]:
    if not incident.steps:
        yield "_Nothing is on record._"
        return
    yield "| when (UTC) | phase | step | by | took | what came of it |"
    yield "|---|---|---|---|---|---|"
    for one in incident.steps:
        yield _step(one)


def _step(one: Step) -> str:
    what = f"`{one.command}`" if one.command else one.name
    took = f"{one.took_s:.1f} s" if one.exit_code is not None else ""
    return (
        f"| {_stamp(one.at)} | {one.phase} | {_cell(what)} | {_cell(one.by)} | {took} "
        f"| {_cell(one.said)} |"
    )


def _said(incident: Incident) -> Iterator[str]:
    if not incident.messages:
        yield "_Nothing is on record._"
        return
    yield "| when (UTC) | to | stage | sent | first line |"
    yield "|---|---|---|---|---|"
    for one in incident.messages:
        first = (one.text.splitlines() or [""])[0]
        sent = "yes" if one.sent else "written only"
        yield f"| {_stamp(one.at)} | {one.audience} | {one.stage} | {sent} | {_cell(first)} |"


def _actions(incident: Incident) -> Iterator[str]:
    if not incident.actions:
        yield "_Nothing yet: sre incident actions --add._ The weekly report asks for it."
        return
    yield "| id | what | owner | due | done |"
    yield "|---|---|---|---|---|"
    for one in incident.actions:
        done = _stamp(one.done_at) if one.done_at else "open"
        yield f"| {one.id} | {_cell(one.what)} | {_cell(one.owner)} | {one.due} | {done} |"


def _of_timeline(timeline: Timeline, title: str) -> Iterator[str]:
    """Yield impact and order of events, as `sre incident timeline --markdown` has them."""
    text = render.markdown(timeline, title)
    for heading in ("## Impact", "## What happened"):
        _, _, rest = text.partition(f"{heading}\n")
        yield heading
        yield rest.partition("\n## ")[0].rstrip()
        yield ""


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _span(span: timedelta) -> str:
    minutes, rest = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    words = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(hours or minutes)
    return " ".join([*words, f"{rest} s"])


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", " ")
