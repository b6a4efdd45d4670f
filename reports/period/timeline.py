"""Everything that happened in the window, on one line of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reports.period import wording
from reports.period.accuracy import Drop
from reports.period.deploys import Deploy
from reports.period.evidence import Evidence
from reports.period.outages import Outage
from reports.period.quality import Gap, restarts

_MOST: Final = 60


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
        Happening(when, None, "restart", f"{name} starts") for name, when in restarts(evidence)
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
        Happening(g.start, g.end, "gap", f"{g.job} was not scraped for {g.minutes:.0f} min")
        for g in gaps
    ]
    found += [
        Happening(r.at, None, "incident", str(r.data.get("title") or r.data.get("summary") or r.id))
        for r in evidence.in_window("incident")
    ]
    return tuple(sorted(found, key=lambda h: (h.at, h.kind, h.text))[:_MOST])


def _outage_text(outage: Outage) -> str:
    if outage.kind == "down":
        return f"no instance answered for {outage.minutes:.0f} min"
    return (
        f"{outage.bad:,.0f} requests failed, {wording.percent(outage.peak)} at worst, for "
        f"{outage.minutes:.0f} min: {outage.where}"
    )
