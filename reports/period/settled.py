"""What was found and is over, so that there is nothing to do about it."""

from reports.period import wording
from reports.period.action import Findings
from reports.period.states import State


def settled(found: Findings) -> tuple[str, ...]:
    """Return what was found and is over, each with its end: there is nothing to do about it."""
    slower = [
        f"{one.route} was slow from {wording.day_and_time(one.begin)}, with {one.deploy.version}, "
        f"to {wording.day_and_time(one.end)} ({wording.lasting(one.begin, one.end)}): "
        f"{one.excess:,.0f} more slow requests; {_ending(one.state, one.mended_by)}"
        for one in found.regressions
        if one.end is not None
    ]
    lower = [
        f"{found.accuracy} was {wording.tenths(one.level)} from {wording.day_and_time(one.start)} "
        f"to {wording.day_and_time(one.end)}; {_ending(one.state, one.mended_by)}"
        for one in found.drops
        if one.state is State.MENDED
    ]
    return (*slower, *lower)


def _ending(state: State, mended_by: str) -> str:
    return f"mended by {mended_by}" if state is State.MENDED else "gone without a deploy"
