"""The service freezes: it accepts connections and never answers. Only killing it helps."""

import signal
from collections.abc import Iterator
from typing import Final

from ops.drills.acting import timed
from ops.drills.drill import Action, Drill, Expected
from ops.drills.stack import Stack


def _replace(stack: Stack) -> Iterator[Action]:
    yield timed("kill -KILL the frozen service", lambda: stack.service.send(signal.SIGKILL))
    yield timed("start the service", stack.service.start)


DRILL: Final = Drill(
    name="service-frozen",
    breaks="the service is frozen (SIGSTOP): it takes connections and answers nothing",
    expects=(Expected("ServiceDown", "P1", "page-L1"),),
    about_s=55,
    inject=lambda stack: [
        timed("kill -STOP the service", lambda: stack.service.send(signal.SIGSTOP))
    ],
    mend=_replace,
)
