"""The parts of one running service, put together once in app.py and given to every route."""

from dataclasses import dataclass

from service.diary import Diary
from service.guard.health import Watch
from service.guard.modes import Modes
from service.observe.journal import Journal
from service.reader import Reader
from service.settings import Settings
from service.store.answers import Answers
from service.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    settings: Settings
    telemetry: Telemetry
    journal: Journal
    watch: Watch
    modes: Modes
    answers: Answers
    reader: Reader
    diary: Diary

    def entries(self) -> int:
        """Return how many entries the caches of this process have."""
        return len(self.answers)

    async def forget_answers(self) -> dict[str, int | None]:
        """Empty the caches of every worker; return how many answers each tier had."""
        return await self.answers.forget()
