"""Times that a budget leaves out because somebody announced them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.pure.fields import Field
from kit.pure.moments import in_utc, read_moment
from slo.documents import read_bodies
from slo.period import Period

_EXAMPLE = "2026-11-01T02:00:00+01:00"


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One announced time, from `start` (included) to `end`, and why.

    `components` are the parts that the public status page shows as maintained; empty is all.
    """

    start: datetime
    end: datetime
    reason: str
    components: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.end - self.start


def read_maintenance(source: str, text: str) -> tuple[Maintenance, ...]:
    """Return the windows of a file: a list of start, end and reason, alone or under `maintenance`.

    Raises BadInputError naming file, field, value and fix.
    """
    (body, *others) = read_bodies(source, text)
    if others:
        raise others[0].wrong("is a second document", "write one list")
    if isinstance(body.value, dict):
        body.only("maintenance")
        body = body.need("maintenance")
    return tuple(_window(each) for each in body.items())


def within(windows: Sequence[Maintenance], period: Period) -> tuple[Maintenance, ...]:
    """Return what of the windows lies in the part of a period that has passed, none twice.

    Windows that overlap or touch become one, with both reasons.
    """
    begin, end = period.start, min(period.now, period.end)
    clipped = sorted(
        (max(each.start, begin), min(each.end, end), each.reason)
        for each in windows
        if each.start < end and each.end > begin
    )
    merged: list[Maintenance] = []
    for start, stop, reason in clipped:
        if merged and start <= merged[-1].end:
            last = merged.pop()
            reasons = last.reason if reason in last.reason else f"{last.reason}; {reason}"
            merged.append(Maintenance(last.start, max(stop, last.end), reasons))
        else:
            merged.append(Maintenance(start, stop, reason))
    return tuple(merged)


def _window(place: Field) -> Maintenance:
    place.only("start", "end", "reason", "components")
    start, end = (
        _moment(place.need(name, f"add `{name}: {_EXAMPLE}`")) for name in ("start", "end")
    )
    reason = place.need("reason", "say why: nobody may leave time out without a reason")
    if end <= start:
        raise place.need("end").wrong("is not after start", "swap them, or mend the date")
    listed = place.get("components")
    named = tuple(each.text() for each in listed.items()) if listed else ()
    return Maintenance(start, end, reason.text(), named)


def _moment(place: Field) -> datetime:
    """Return a time with an offset; YAML makes one of a text that stands without quotes."""
    found = place.value
    try:
        return in_utc(found) if isinstance(found, datetime) else read_moment(place.text())
    except ValueError as err:
        raise place.wrong(str(err), f"write {_EXAMPLE}, or Z at its end") from err
