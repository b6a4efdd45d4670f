"""MongoDB hangs: connections stay open and nothing answers, the worst way to lose a database."""

from collections.abc import Sequence
from typing import Final

from ops.drills.acting import engine
from ops.drills.drill import Check, Drill, Expected
from ops.drills.stack import Stack, answers, ask


def _still_reads_sentences(stack: Stack) -> Sequence[Check]:
    """Without its database the service lives, says so, and does what needs none."""
    answer = ask(f"{stack.url}/health")
    state = str(answer["dependencies"]["mongodb"])
    live = answers(f"{stack.url}/healthz")
    return [
        Check("/health says that MongoDB is away", state != "connected", state),
        Check("/healthz still answers", live),
    ]


DRILL: Final = Drill(
    name="mongodb-lost",
    breaks="MongoDB is frozen: connections stay open and nothing answers",
    expects=(Expected("DatabaseConnectionLost", "P1", "page-L1"),),
    about_s=55,
    inject=lambda stack: [engine(stack.mongodb, "pause")],
    checks=_still_reads_sentences,
    mend=lambda stack: [engine(stack.mongodb, "unpause")],
)
