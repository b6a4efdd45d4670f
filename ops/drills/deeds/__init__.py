"""What a drill file can do to its stack: each name under `do`, and the function that does it.

A deed takes the stack and the other keys of its step, and yields what it did. The schema of drill
files (`drills/schema.json`) says which keys each takes.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kit.pure.json_values import JsonMapping
from ops.drills.deeds import commands, data, parts, people, releases, watching
from ops.drills.drill import Action
from ops.drills.stack import Stack

Deed = Callable[..., Iterable[Action]]
DEEDS: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "container": parts.container,
        "service": parts.service,
        "prober": parts.prober,
        "link": parts.link,
        "redis": parts.redis_command,
        "descriptors": parts.descriptors,
        "inside": parts.inside,
        "sre": commands.run_sre,
        "ask": commands.ask_service,
        "await": commands.await_alert,
        "release": releases.release,
        "roll-back": releases.roll_back,
        "corrupt-answers": data.corrupt_answers,
        "spoil-events": data.spoil_events,
        "scrape": watching.scrape,
        "deploy-rules": watching.deploy_running,
        "crowd": people.crowd,
        "disperse": people.disperse,
        "users": people.users_pause,
    }
)


def doing(steps: Iterable[JsonMapping]) -> Callable[[Stack], Iterable[Action]]:
    """Return what does all steps, one after the other, on a stack."""
    kept = [dict(step) for step in steps]

    def do(stack: Stack) -> Iterable[Action]:
        for step in kept:
            words = {name.replace("-", "_"): value for name, value in step.items() if name != "do"}
            yield from DEEDS[step["do"]](stack, **words)

    return do
