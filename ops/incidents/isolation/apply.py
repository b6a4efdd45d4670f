"""Do the steps of an isolation, after the evidence is safe."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError, HarnessError, RefusedError
from kit.pure.exits import exit_of_error
from ops.incidents.evidence.bundle import verify
from ops.incidents.isolation.step import Done, Isolation, Step

FRESH: Final = timedelta(hours=1)
"""An older bundle is of something else."""
_HINT: Final = (
    "make a bundle first: sre incident evidence NAME.tar.gz, and give it with --evidence; "
    "--no-evidence if every second counts"
)


def check_evidence(bundle: Path | None, now: datetime) -> str:
    """Return the SHA-256 of a bundle that is whole and fresh.

    Raises RefusedError when there is none, as stopping and cutting off destroy traces.
    """
    if bundle is None:
        raise RefusedError("no evidence was kept, and isolating destroys traces", hint=_HINT)
    try:
        kept, wrong = verify(bundle)
    except BadInputError as err:
        raise RefusedError(f"no evidence was kept: {err}", hint=_HINT) from err
    if wrong:
        raise RefusedError(f"{bundle} was changed: {wrong[0]}", hint=_HINT)
    made = datetime.fromisoformat(str(kept.manifest["made_at"])).astimezone(UTC)
    if now - made > FRESH:
        raise RefusedError(f"{bundle} was made at {made:%Y-%m-%dT%H:%M:%SZ}", hint=_HINT)
    return kept.sha256


def do_all(steps: Sequence[Step], tell: Callable[[Done], None]) -> list[Done]:
    """Do each step, also after one that failed: what can be cut off is; tell of each."""
    found = []
    for step in steps:
        try:
            done = Done(step, said=step.do())
        except HarnessError as err:
            done = Done(step, problem=str(err), exit=exit_of_error(err))
        tell(done)
        found.append(done)
    return found


def seen_open(isolation: Isolation) -> tuple[list[str] | None, str]:
    """Return what a look finds still open after the steps, or None and why nobody can see it."""
    if isolation.look is None:
        return None, ""
    try:
        return isolation.look(), ""
    except HarnessError as err:
        return None, str(err)
