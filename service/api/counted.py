"""Counting what was done to calendars, and how it ended."""

import contextlib
from collections.abc import Iterator

from service.errors import ProblemError
from service.planning.errors import PlanError
from service.telemetry import Telemetry

_OUTCOME_OF_STATUS = {404: "not_found", 409: "conflict", 412: "conflict", 503: "unavailable"}


@contextlib.contextmanager
def counted(telemetry: Telemetry, operation: str) -> Iterator[None]:
    """Count the block as one operation with its outcome."""
    outcome = "error"
    try:
        yield
        outcome = "ok"
    except PlanError:
        outcome = "rejected"
        raise
    except ProblemError as problem:
        outcome = _OUTCOME_OF_STATUS.get(problem.status, "rejected")
        raise
    finally:
        telemetry.operations.add(operation, outcome)
