"""Redis ends. Users must not notice; somebody must be notified at once, in office hours or not."""

from typing import Final

from ops.drills.acting import engine
from ops.drills.drill import Drill, Expected

DRILL: Final = Drill(
    name="redis-lost",
    breaks="Redis is stopped: connections are refused",
    expects=(Expected("DependencyDown", "P2", "ticket-urgent"),),
    about_s=50,
    inject=lambda stack: [engine(stack.redis, "stop")],
    mend=lambda stack: [engine(stack.redis, "start")],
    # A cache that is away makes it slower, never wrong: only what was under way may fail.
    most_failed_share=0.02,
)
