"""What the service does at present: all, all but the language model, or only reading."""

from service.errors import ProblemError
from service.observe.declared import closed
from service.store.mode_store import ModeChoice
from service.telemetry import Telemetry


class Modes:
    """The mode of this worker: the environment's until another is chosen."""

    def __init__(self, default: ModeChoice, telemetry: Telemetry) -> None:
        self.default, self._telemetry = default, telemetry
        self.choice = default
        self.switch(default)

    def switch(self, choice: ModeChoice | None) -> None:
        """Change the mode; None goes back to the environment's."""
        self.choice = choice or self.default
        for name in closed("service_mode", "mode"):
            self._telemetry.mode.set(float(name == self.choice.mode), name)

    @property
    def may_ask_model(self) -> bool:
        """Whether the language model may be asked."""
        return self.choice.mode == "normal"

    def must_write(self) -> None:
        """Raise `read_only`, with the reason, when writing is off."""
        if self.choice.mode == "read_only":
            detail = f"the service is read-only: {self.choice.reason}" if self.choice.reason else ""
            raise ProblemError("read_only", detail, headers={"Retry-After": "60"})
