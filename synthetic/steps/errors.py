"""Why a step did not give what its user needs."""

from typing import Final

LOOK: Final = "see sre check health"


class UnknownVariableError(ValueError):
    """A variable has no value where a step needs it."""

    def __init__(self, name: str, why: str = "nothing was saved under that name") -> None:
        super().__init__(f"{{{name}}} has no value: {why}")
        self.name = name


class StepFailedError(Exception):
    """A step of a journey did not give what a user needs.

    `step` says which, `why` what came, `advice` what to do about it; `answered` is false when
    nothing came.
    """

    def __init__(self, step: str, why: str, *, advice: str = LOOK, answered: bool = True) -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why, self.advice, self.answered = step, why, advice, answered
