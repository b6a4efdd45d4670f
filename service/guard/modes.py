"""What the service does at present: all, all but the language model, or only reading."""

from service.errors import ProblemError
from service.settings import Mode
from service.telemetry import MODES, Telemetry


class Modes:
    """The mode of this worker."""

    def __init__(self, mode: Mode, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self.now: Mode = mode
        self.reason = ""
        self.switch(mode, "set at start")

    def switch(self, mode: Mode, reason: str) -> None:
        """Change the mode; the reason is told to those whose writes are refused."""
        self.now, self.reason = mode, reason
        for name in MODES:
            self._telemetry.mode.set(float(name == mode), name)

    def must_write(self) -> None:
        """Raise `read_only` when writing is off."""
        if self.now == "read_only":
            detail = f"the service is read-only: {self.reason}" if self.reason else ""
            raise ProblemError("read_only", detail, headers={"Retry-After": "60"})
