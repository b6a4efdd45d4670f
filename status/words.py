"""What the page says, in words for people who are not engineers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from kit.pure.words import percent
from status.measured import WATCHED, Day, Measured, State
from status.notice import Impact, Stage

HEADLINE: Final[Mapping[State, str]] = {
    State.WORKS: "Everything works",
    State.MAINTENANCE: "Planned maintenance is going on",
    State.UNKNOWN: "We cannot see how things are right now",
    State.DEGRADED: "Some things are slow or fail",
    State.OUTAGE: "Something does not work",
}
STATE: Final[Mapping[State, str]] = {
    State.WORKS: "Works",
    State.MAINTENANCE: "Maintenance",
    State.UNKNOWN: "Not measured",
    State.DEGRADED: "Slow or failing for some",
    State.OUTAGE: "Does not work",
}
STAGE: Final[Mapping[Stage, str]] = {
    Stage.POSTED: "Posted",
    Stage.INVESTIGATING: "We are looking into it",
    Stage.IDENTIFIED: "We know what it is",
    Stage.MONITORING: "Mended; we are watching",
    Stage.RESOLVED: "Over",
}
IMPACT: Final[Mapping[Impact, str]] = {
    Impact.NONE: "You should not notice anything",
    Impact.DEGRADED: "Some of you notice it",
    Impact.OUTAGE: "Parts do not work",
}
WITHHELD: Final = "We are working on it, and will say more here."
MAINTENANCE: Final = "Planned maintenance"
TEMPLATES: Final[Mapping[str, str]] = {
    "down": "Not working at the moment: {what}. We are looking into it, and will write again "
    "within {next} minutes.",
    "slow": "Slower than usual at the moment: {what}. We are looking into it, and will write again "
    "within {next} minutes.",
    "failing": "Failing for some of you at the moment: {what}. Trying again often helps. We are "
    "looking into it, and will write again within {next} minutes.",
    "identified": "We know the cause and are mending it. The next word is within {next} minutes.",
    "monitoring": "Mended: {what}. We are watching whether it stays that way.",
    "resolved": "Working again: {what}. Thank you for your patience, and sorry for the trouble.",
    "data": "We are checking whether anything that you saved is missing. Until then, please do not "
    "delete your own copies. The next word is within {next} minutes.",
}
"""Texts for the usual cases; `{what}` are the components, `{next}` the minutes to the next word."""


def text_of(template: str, components: tuple[str, ...], minutes: int) -> str:
    """Return the text of a template about these components by name; empty is the service."""
    what = _listed(components) if components else "the whole service"
    return TEMPLATES[template].format(what=what, next=minutes)


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def of_day(day: Day) -> str:
    """Return the truth of a day in one sentence, without its date."""
    if day.state is State.UNKNOWN:
        return "not measured"
    parts = [f"did not work for {span(day.down_min)}"] if day.down_min >= 1 else []
    if day.failed and day.missed:
        parts.append(f"{percent(day.failed, 2 if day.failed < 0.1 else 0)} slow or failed")  # noqa: PLR2004 -- two digits are enough
    if not parts:
        parts = ["worked"] if day.watched or day.failed is not None else []
    if day.maintenance_min:
        parts.append(f"{span(day.maintenance_min)} of planned maintenance")
    if day.watched < WATCHED:
        parts.append(f"only {percent(day.watched, 0)} of the day was measured")
    return ", ".join(parts)


def uptime(measured: Measured) -> str:
    """Return the share of the measured time in which it worked, and of how many days."""
    share = measured.uptime
    if share is None:
        return "no measurements yet"
    shown = "100 %" if share > 1 - 1e-9 else percent(min(share, 0.99999), 3 if share > 0.99 else 2)  # noqa: PLR2004 -- more digits near the whole
    days = measured.days_seen
    return f"worked {shown} of {'the day' if days == 1 else f'{days} days'} measured"


def span(minutes: float) -> str:
    """Return minutes as people say them."""
    whole = max(1, round(minutes))
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{whole} minute{'s' if whole != 1 else ''}"
    said = f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{said} {rest} min" if rest else said


def moment(at: datetime) -> str:
    """Return a moment as `29 November 2026, 14:05 UTC`."""
    found = at.astimezone(UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def until(end: datetime, start: datetime) -> str:
    """Return the end of a time; of one that ends on the day on which it began the clock time."""
    same = end.astimezone(UTC).date() == start.astimezone(UTC).date()
    return f"{end.astimezone(UTC):%H:%M} UTC" if same else moment(end)
