"""A problem points at the part of the rule that is wrong."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error makes the rule useless or wrong; a warning is worth a look; the rest is advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """`check` is `family/name`; `fragment` is the offending part, as it stands in the file."""

    check: str
    level: Level
    file: str
    line: int
    rule: str
    fragment: str
    message: str
    fix: str

    def text(self) -> str:
        """Return the problem in one line."""
        place = f"{self.file}:{self.line}: {self.rule}" if self.rule else f"{self.file}:{self.line}"
        shown = f": {self.fragment}" if self.fragment else ""
        return f"{place}: {self.check} {self.level}: {self.message}{shown}; {self.fix}"
