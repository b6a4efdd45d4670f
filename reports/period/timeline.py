"""Everything that happened in the window, on one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kit.pure import words
from reports.period import wording
from reports.period.accuracy import Drop
from reports.period.deploys import Deploy
from reports.period.evidence import Evidence
from reports.period.outages import Outage
from reports.period.quality import Gap, restarts

_MOST: Final = 60
_MOST_NAMES: Final = 4


@dataclass(frozen=True, slots=True)
class Happening:
    """Of `kind` outage, down, deploy, restart, accuracy, gap or incident; a point has no `end`."""

    at: datetime
    end: datetime | None
    kind: str
    text: str


def timeline(
    evidence: Evidence,
    *,
    outages: tuple[Outage, ...],
    deploys: tuple[Deploy, ...],
    drops: tuple[Drop, ...],
    gaps: tuple[Gap, ...],
) -> tuple[Happening, ...]:
    """Return what happened in the order of time."""
    found = [
        Happening(o.start, o.end, "outage" if o.kind == "failing" else "down", _outage_text(o))
        for o in outages
    ]
    found += [
        Happening(d.at, None, "deploy", f"{d.version} takes the place of {d.replaced}")
        for d in deploys
    ]
    found += [
        Happening(
            d.start,
            d.end,
            "accuracy",
            f"{evidence.project.reports.accuracy} {wording.tenths(d.level)}, "
            f"usually {wording.tenths(d.usual)}",
        )
        for d in drops
    ]
    found += [
        Happening(g.start, g.end, "gap", f"{g.job} was not scraped for {words.minutes(g.minutes)}")
        for g in gaps
    ]
    found += [
        Happening(r.at, None, "incident", str(r.data.get("title") or r.data.get("summary") or r.id))
        for r in evidence.in_window("incident")
    ]
    found += _starts(restarts(evidence), _MOST - len(found))
    return tuple(sorted(found, key=lambda h: (h.at, h.kind, h.text))[:_MOST])


def _starts(starts: Sequence[tuple[str, datetime]], room: int) -> list[Happening]:
    """Return starts of processes by minute, or by day where those are more than there is room."""
    for form in ("%Y-%m-%d %H:%M %z", "%Y-%m-%d"):
        groups: dict[str, list[tuple[str, datetime]]] = {}
        for name, when in starts:
            groups.setdefault(when.strftime(form), []).append((name, when))
        if len(groups) <= room:
            break
    every = [
        Happening(some[0][1], None, "restart", _starts_text([name for name, _ in some]))
        for some in groups.values()
    ]
    return every[: max(room, 0)]


def _starts_text(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} starts"
    different = sorted(set(names))
    if len(names) > len(different) or len(different) > _MOST_NAMES:
        return f"{len(names)} starts of {words.counted(len(different), 'instance')}"
    return f"{', '.join(different[:-1])} and {different[-1]} start"


def _outage_text(outage: Outage) -> str:
    if outage.kind == "down":
        return f"no instance answered for {words.minutes(outage.minutes)}"
    return (
        f"{outage.bad:,.0f} requests failed, {wording.percent(outage.peak)} at worst, for "
        f"{words.minutes(outage.minutes)}: {outage.where}"
    )
