"""How a verdict becomes an exit code."""

from kit.pure.exits import Exit
from slo.verdict import Verdict


def exit_of_verdict(verdict: Verdict) -> Exit:
    """Return 0 for a pass, 1 for a failure, 5 for everything that does not decide."""
    if verdict is Verdict.PASS:
        return Exit.HOLDS
    return Exit.BAD if verdict is Verdict.FAIL else Exit.NOT_ENOUGH_DATA
