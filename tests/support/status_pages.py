"""A status page of which every state, notice and window is known."""

from datetime import UTC, datetime, timedelta
from typing import Final

from slo.maintenance import Maintenance
from status.components import Component, Named
from status.measured import DAYS, Day, Measured, State, Stretch
from status.notice import Impact, Kind, Notice, Stage, Update
from status.page import Page, page_of

NOW: Final = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)
MARKUP: Final = '<script>alert(1)</script> "><img src=x onerror=alert(2)>'
RIGHT_TO_LEFT: Final = "\u202eنعمل على إصلاح ذلك الآن"
COMPONENTS: Final = (
    Component("using", "Using the calendar", "Understand, save, find again."),
    Component("speed", f"Speed {MARKUP}", "Answers come soon."),
    Component("words", "Understanding sentences", "What you type is what you meant."),
)


def days(unseen: int) -> tuple[Day, ...]:
    """Return ninety days: the first ones unseen, then one of every kind again and again."""
    found = []
    for number in range(DAYS):
        date = (NOW - timedelta(days=DAYS - 1 - number)).date()
        kind = (number % 9) if number >= unseen else -1
        found.append(
            Day(
                date,
                {3: 25.0, 5: 4.0}.get(kind, 0.0),
                0.0 if kind < 0 else 0.6 if kind == 7 else 1.0,
                None if kind < 0 else 0.02 if kind == 1 else 0.004,
                missed=kind == 1,
                maintenance_min=60.0 if kind == 2 else 0.0,
            )
        )
    return tuple(found)


def incident(name: str, text: str, *, ago: timedelta, over: timedelta | None = None) -> Notice:
    """Return an incident of the first component, open unless it was over so long ago."""
    said = [Update(NOW - ago, Stage.INVESTIGATING, text)]
    if over is not None:
        said.append(Update(NOW - over, Stage.RESOLVED, "Working again."))
    return Notice(
        name, Kind.INCIDENT, f"Saving fails {name}", Impact.OUTAGE, ("using",), tuple(said)
    )


def page(*notices: Notice, now: State = State.WORKS, going: bool = False) -> Page:
    """Return a page; `going` has a measured outage that nobody has announced."""
    stretches = (Stretch(NOW - timedelta(minutes=22), None, State.OUTAGE),) if going else ()
    measured = {
        "using": Measured(State.OUTAGE if going else now, days(20), stretches),
        "speed": Measured(now, days(0)),
        "words": Measured(State.UNKNOWN if going else now, days(60)),
    }
    tomorrow = NOW + timedelta(days=1)
    window = Maintenance(tomorrow, tomorrow + timedelta(hours=1), f"Faster machines. {MARKUP}")
    named = Named("Calendar assistant", "https://status.example.com", COMPONENTS)
    return page_of(named, measured, notices, [window], NOW)
