"""Escalations: when each level is notified of what stays open, and that it counts from firing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from alerts.behaviour.case import Case
from alerts.behaviour.pinned import Pinned, Pins
from alerts.behaviour.promtool import TOTAL as IN_ALL
from alerts.behaviour.worlds import page_of
from alerts.routing.escalation import REVIEW, TICKET_ALERT, after_of
from alerts.rule import Alert, Priority, Severity
from alerts.scope import own_alerts
from kit.pure.durations import parse_prometheus

_AT: Final = 5
_DAY: Final = 1440
_A_LITTLE: Final = 3


def escalation_cases(
    service: str, alerts: Iterable[Alert], times: Mapping[str, timedelta]
) -> dict[str, list[Case]]:
    """Return the cases of each escalation of a service by its name."""
    own = own_alerts(alerts, service)
    names = [*(f"EscalatedTo{level}" for level in times), TICKET_ALERT]
    return {name: [each.case for each in escalation_tests(service, name, own, times)]
            for name in names}  # fmt: skip


def escalation_tests(
    service: str, name: str, alerts: Sequence[Alert], times: Mapping[str, timedelta]
) -> list[Pinned]:
    """Return what one escalation does about an alert of each priority and hold, and of others."""
    found = list(_of_tickets(service, alerts) if name == TICKET_ALERT else _of_level(
        service, name.removeprefix("EscalatedTo"), alerts, times
    ))  # fmt: skip
    others = Case("another team's", page_of("another", 700), 714, fires=False, quiet=700)
    unknown = Case("one that is none of ours", page_of(service, 700, alert="Odd"), 714,
                   fires=False, quiet=700)  # fmt: skip
    return [*found, Pinned(others, {713: 0, IN_ALL: 0}), Pinned(unknown, {713: 0, IN_ALL: 0})]


def _of_level(
    service: str, level: str, alerts: Sequence[Alert], times: Mapping[str, timedelta]
) -> Iterator[Pinned]:
    for priority in (Priority.P1, Priority.P2):
        wait = int(after_of(level, priority, times).total_seconds()) // 60
        for alert, hold in _each_hold(alerts, priority):
            yield from _late(service, alert, hold, wait)


def _late(service: str, alert: Alert, hold_s: int, wait: int, at: int = _AT) -> Iterator[Pinned]:
    """Return an alert that stays open, to the second and a little earlier, and one that does not.

    It fires for `wait` minutes before somebody else is notified.
    """
    what, longer = f"{alert.priority} {alert.name}", wait + 10
    for early, first in ((0, at + wait + 1), (_A_LITTLE, at + wait)):
        series = page_of(service, longer, alert=alert.name, hold_s=hold_s + early, now=at)
        name = f"{what} stays open" + (f", {early} s longer" if early else "")
        last = at + longer
        pins: Pins = {first - 1: 0, first: 1, last - 1: 1, last: 0, IN_ALL: last - first}
        yield Pinned(Case(name, series, last + 9, fires=True, quiet=first - 5), pins)
    over = page_of(service, wait, alert=alert.name, hold_s=hold_s, now=at)
    case = Case(f"{what} is over in time", over, at + wait + 9, fires=False, quiet=at + wait - 5)
    yield Pinned(case, {at + wait: 0, IN_ALL: 0})


def _of_tickets(service: str, alerts: Sequence[Alert]) -> Iterator[Pinned]:
    for alert, hold_s in _each_hold(alerts, Priority.P3):
        evening = page_of(service, 20, alert=alert.name, hold_s=hold_s, now=_DAY - 10)
        pins: Pins = {_DAY - 1: 0, _DAY: 1, _DAY + 9: 1, _DAY + 10: 0, IN_ALL: 10}
        case = Case(f"P3 {alert.name} of the evening before", evening, _DAY + 19, fires=True,
                    quiet=_DAY - 15)  # fmt: skip
        yield Pinned(case, pins)
        today = page_of(service, 20, alert=alert.name, hold_s=hold_s, now=_DAY)
        same = Case(f"P3 {alert.name} of this day", today, _DAY + 29, fires=False,
                    quiet=_DAY - 15)  # fmt: skip
        yield Pinned(same, {_DAY + 19: 0, IN_ALL: 0})
        before = page_of(service, 20, alert=alert.name, hold_s=hold_s + _A_LITTLE, now=_DAY)
        just = Case(f"P3 {alert.name} of just before", before, _DAY + 29, fires=True,
                    quiet=_DAY - 15)  # fmt: skip
        yield Pinned(just, {_DAY - 1: 0, _DAY: 1, _DAY + 19: 1, _DAY + 20: 0, IN_ALL: 20})
    week = int(REVIEW.total_seconds()) // 60
    for alert, hold_s in _each_hold(alerts, Priority.P4):
        yield from _late(service, alert, hold_s, week)


def _each_hold(alerts: Sequence[Alert], priority: Priority) -> Iterator[tuple[Alert, int]]:
    """Yield one alert of each hold in seconds among those that notify somebody."""
    found: dict[int, Alert] = {}
    for each in alerts:
        if each.priority is priority and each.severity is not Severity.INFO:
            found.setdefault(int(parse_prometheus(each.hold)), each)
    yield from ((alert, hold) for hold, alert in found.items())
