"""The mildest isolation: the service goes on, and nothing can be written."""

import shlex

from kit.edge.access import access, target_url
from ops.incidents.instance import Instance, NotDoneError
from ops.incidents.isolation.step import Step
from ops.incidents.mode import reason_of, switch
from ops.incidents.people import somebody

_WITHIN_S = 15.0


def read_only_step(target: str | None, why: str) -> Step:
    """Return the step that refuses writes and waits until the service confirms it."""
    instance = Instance(target_url(target), access())
    url, reason = instance.url, reason_of(somebody(None), why)

    def do() -> str:
        done = switch([instance], "read_only", reason, within_s=_WITHIN_S)
        if done.waiting:
            raise NotDoneError(f"{url} does not confirm it in {_WITHIN_S:g} s")
        return f"before it was {done.before.mode}"

    words = ["sre", "incident", "mode", "read_only", "--target", url, "--why", why]
    undo = ["sre", "incident", "mode", "normal", "--target", url, "--why", "the incident is over"]
    return Step(
        "writes get 503; reading goes on", shlex.join(words), shlex.join(undo), do
    )  # fmt: skip
