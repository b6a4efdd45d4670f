"""When another version went live."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from kit.pure.answers import Floats, on_grid
from kit.pure.moments import local, local_at
from reports.period.evidence import Evidence
from reports.period.plan import EPISODE_STEP_S
from reports.period.quality import restarts

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Deploy:
    """Version `version` took the place of `replaced` at `at`.

    That is when the first process of that minute started, or, where no start is known, the step of
    five minutes in which the version was first seen.
    """

    at: datetime
    version: str
    replaced: str


def deploys(evidence: Evidence) -> tuple[Deploy, ...]:
    """Return the deploys of the window: from the role `version`, else from records."""
    versions = versions_at(evidence)
    slots = evidence.fine_slots(EPISODE_STEP_S)
    starts = [when.timestamp() for _, when in restarts(evidence)]
    found, current = [], ""
    for begin, version in zip(slots.begins, versions, strict=True):
        if version == UNKNOWN:
            continue
        if current and version != current:
            # Scrapes lag behind a start, and a slot's first instant may belong to it.
            near = [s for s in starts if begin - slots.step_s <= s <= begin + slots.step_s]
            exact = min(near, default=float(begin))
            found.append(Deploy(local_at(exact, evidence.window.zone), version, current))
        current = version
    if found or current:
        return tuple(found)
    return tuple(
        Deploy(
            local(r.at, evidence.window.zone),
            str(r.data.get("version", r.id)),
            str(r.data.get("replaced", UNKNOWN)),
        )
        for r in evidence.in_window("deploy")
    )


def versions_at(evidence: Evidence) -> tuple[str, ...]:
    """Return which version is the newest live one in each fine slot of the window."""
    slots = evidence.fine_slots(EPISODE_STEP_S)
    first_seen: dict[str, float] = {}
    columns: dict[str, Floats] = {}
    for one in evidence.answer("processes:builds").series:
        live = on_grid(one, slots.ends)
        if np.isfinite(live).any():
            name = one.label("version") or UNKNOWN
            columns[name] = live
            first_seen[name] = float(slots.begins[int(np.argmax(np.isfinite(live)))])
    newest_first = sorted(columns, key=lambda name: (-first_seen[name], name))
    return tuple(
        next((name for name in newest_first if np.isfinite(columns[name][i])), UNKNOWN)
        for i in range(len(slots))
    )
