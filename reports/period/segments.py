"""Stretches of time in which something holds."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kit.pure.moments import local_at
from reports.period.slots import Slots


@dataclass(frozen=True, slots=True)
class Segment:
    """Slots `first` up to, not including, `after`, from `start_s` to `end_s` of the epoch."""

    first: int
    after: int
    start_s: float
    end_s: float

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return start and end as people of a zone read them."""
        return local_at(self.start_s, zone), local_at(self.end_s, zone)


def segments(
    holds: NDArray[np.bool_], slots: Slots, *, bridge_slots: int = 0
) -> tuple[Segment, ...]:
    """Return the stretches in which `holds`; a pause of up to `bridge_slots` joins two."""
    padded = np.concatenate(([False], holds, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    pairs: list[tuple[int, int]] = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if pairs and first - pairs[-1][1] <= bridge_slots:
            pairs[-1] = (pairs[-1][0], after)
        else:
            pairs.append((first, after))
    return tuple(
        Segment(a, b, float(slots.begins[a]), float(slots.begins[b - 1]) + slots.step_s)
        for a, b in pairs
    )
