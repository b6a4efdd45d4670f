"""Journeys: what users do from beginning to end, walked by the prober against a live service."""

from typing import Final

from synthetic.edge.journeys.calendar_day import CALENDAR_DAY
from synthetic.edge.journeys.journey import Journey

JOURNEYS: Final[tuple[Journey, ...]] = (CALENDAR_DAY,)
"""Every journey, in the order of walking."""

__all__ = ("JOURNEYS", "Journey")
