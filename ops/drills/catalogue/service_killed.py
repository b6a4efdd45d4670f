"""The service is killed outright, as by a lack of memory, and nothing starts it again."""

import signal
from typing import Final

from ops.drills.acting import timed
from ops.drills.drill import Drill, Expected

DRILL: Final = Drill(
    name="service-killed",
    breaks="the service is killed outright (SIGKILL) and stays away",
    expects=(Expected("ServiceDown", "P1", "page-L1"),),
    about_s=50,
    inject=lambda stack: [
        timed("kill -KILL the service", lambda: stack.service.send(signal.SIGKILL))
    ],
    mend=lambda stack: [timed("start the service", stack.service.start)],
)
