"""The timeline as JSON, as text, and as the beginning of a post-mortem in Markdown."""

from collections.abc import Iterator
from datetime import datetime

from ops.incidents.timeline.gather import Timeline
from ops.incidents.timeline.impact import Cost, as_plain
from ops.incidents.timeline.phases import NAMES, Moment, Phases

SCHEMA = "calendar-sre/incident-timeline/v1"


def plain(timeline: Timeline) -> dict[str, object]:
    """Return the timeline as JSON has it; times are in UTC."""
    return {
        "schema": SCHEMA,
        "since": _stamp(timeline.window.since),
        "until": _stamp(timeline.window.until),
        "phases": {name: _moment(getattr(timeline.phases, name)) for name in NAMES},
        "entries": [
            {"at": _stamp(e.at), "kind": str(e.kind), "what": e.what, "source": e.source,
             "topic": e.topic, "priority": e.priority}
            for e in timeline.entries
        ],
        "impact": [as_plain(cost) for cost in timeline.costs],
        "missing": [{"source": m.source, "why": m.why} for m in timeline.missing],
    }  # fmt: skip


def text(timeline: Timeline) -> Iterator[str]:
    """Yield the timeline line by line."""
    for name, said in _phase_lines(timeline.phases):
        yield f"{name:<12}{said}"
    yield ""
    for entry in timeline.entries:
        yield f"{_stamp(entry.at)}  {entry.kind:<16} {entry.what}"
    if timeline.costs:
        yield ""
        yield from (f"{cost.objective:<14}{_cost(cost)}" for cost in timeline.costs)
    for each in timeline.missing:
        yield f"lacks       {each.source}: {each.why}"


def markdown(timeline: Timeline, title: str) -> str:
    """Return the beginning of a post-mortem: what can be known without asking people."""
    lines = [f"# {title}", "", "## Summary", "", "_What happened, in three sentences._", ""]
    lines += ["| moment | when (UTC) |", "|---|---|"]
    lines += [f"| {name} | {_cell(said)} |" for name, said in _phase_lines(timeline.phases)]
    lines += ["", "## Impact", ""]
    if timeline.costs:
        lines += ["| objective | target | bad events | of | share of its budget | left now |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_cost_row(cost) for cost in timeline.costs]
    else:
        lines += ["_Not counted: no Prometheus was asked, or nothing began._"]
    lines += ["", "## What happened", "", "| when (UTC) | what | who says so |", "|---|---|---|"]
    lines += [
        f"| {_stamp(e.at)} | {e.kind}: {_cell(e.what)} | {e.source} |" for e in timeline.entries
    ]
    for each in timeline.missing:
        lines += ["", f"Not asked: {each.source}: {each.why}"]
    for heading in ("Why it happened", "What went well", "What went badly", "What we do about it"):
        lines += ["", f"## {heading}", "", "_To be written._"]
    return "\n".join(lines) + "\n"


def _phase_lines(phases: Phases) -> Iterator[tuple[str, str]]:
    start = phases.start.at if phases.start else None
    for name in NAMES:
        moment: Moment | None = getattr(phases, name)
        if moment is None:
            yield name, "it still lasts" if name == "end" and start else "not known"
            continue
        guess = " (guessed)" if moment.guessed else ""
        after = f", {_span(start, moment.at)} after the start" if start and name != "start" else ""
        yield name, f"{_stamp(moment.at)}{guess}{after}; {moment.because}"


def _cost(cost: Cost) -> str:
    if cost.share is None:
        return cost.problem or "not known"
    return (
        f"{cost.bad:,.0f} bad of {cost.total:,.0f} {cost.unit}: {cost.share:.1%} of the budget, "
        f"{cost.left:.1%} left"
    )


def _cost_row(cost: Cost) -> str:
    head = f"| {cost.objective} | {cost.target * 100:g} %"
    if cost.share is None:
        return f"{head} | {_cell(cost.problem)} | | | |"
    left = f"{cost.left:.1%}"
    return f"{head} | {cost.bad:,.0f} {cost.unit} | {cost.total:,.0f} | {cost.share:.1%} | {left} |"


def _moment(moment: Moment | None) -> dict[str, object] | None:
    if moment is None:
        return None
    return {"at": _stamp(moment.at), "because": moment.because, "guessed": moment.guessed}


def _span(start: datetime, end: datetime) -> str:
    seconds = round((end - start).total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (hours > 0 or minutes > 0)
    return " ".join([*parts, f"{seconds} s"])


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", " ")
