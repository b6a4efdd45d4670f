"""The parts of one running service, put together once in app.py and given to every route."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.availability import Availability
from service.diary import Diary
from service.guard.health import Watch
from service.guard.modes import Modes
from service.observe.journal import Journal
from service.reader import Reader
from service.settings import Settings
from service.store.answers import Answers
from service.store.bus import Bus
from service.store.near import NearEvents
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
    near: NearEvents
    bus: Bus
    reader: Reader
    diary: Diary
    availability: Availability

    def entries(self) -> int:
        """Return how many entries the caches of this process have."""
        return len(self.answers) + len(self.near)

    async def forget_answers(self) -> dict[str, int | None]:
        """Empty the caches of every worker; return how many entries each tier had."""
        cleared = await self.answers.forget()
        cleared["memory"] = (cleared["memory"] or 0) + self.near.forget()
        await self.bus.tell(kind="clear")
        return cleared

    def hear(self, news: Mapping[str, Any]) -> None:
        """Do what another worker says has happened."""
        kind = news["kind"]
        if kind == "event":
            self.near.changed(news["owner"], news["id"])
        elif kind == "missed":
            self.near.forget()
        elif kind == "clear":
            self.near.forget()
            self.answers.forget_here()
        elif kind == "mode":
            self.modes.switch(news["mode"], news["reason"])
