"""The parts of one running service, put together once in app.py and given to every route."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.availability import Availability
from service.diary import Diary
from service.errors import UnavailableError
from service.guard.admission import Admission
from service.guard.health import Watch
from service.guard.keys import Hashes
from service.guard.known import KnownKeys
from service.guard.modes import Modes
from service.observe.journal import Journal
from service.reader import Reader
from service.settings import Settings
from service.store.answers import Answers
from service.store.bus import Bus
from service.store.changes import Changes
from service.store.keys import Keys
from service.store.mode import Choice, ModeChoice
from service.store.near import NearEvents
from service.store.quality import Feedback, Reviews
from service.telemetry import Telemetry
from service.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    settings: Settings
    telemetry: Telemetry
    journal: Journal
    watch: Watch
    modes: Modes
    mode_choice: ModeChoice
    admission: Admission
    keys: Keys
    hashes: Hashes
    answers: Answers
    near: NearEvents
    bus: Bus
    changes: Changes
    known: KnownKeys
    reader: Reader
    workshop: Workshop
    diary: Diary
    availability: Availability
    feedback: Feedback
    reviews: Reviews

    def entries(self) -> int:
        """Return how many entries the caches of this process have."""
        return len(self.answers) + len(self.near)

    async def forget_answers(self) -> dict[str, int | None]:
        """Empty the caches of every worker; return how many entries each tier had."""
        cleared = await self.answers.forget()
        cleared["memory"] = (cleared["memory"] or 0) + self.near.forget()
        await self.changes.tell(kind="clear")
        return cleared

    async def switch_mode(self, choice: Choice | None) -> None:
        """Switch the mode here at once, and of the others through MongoDB within a second.

        Works without MongoDB too, because that is when it may be needed; then the others are not
        told before it is back, and this worker keeps the choice only until then.
        """
        try:
            await self.mode_choice.write(choice)
        except UnavailableError:
            self.journal.event("ERROR", "mode_not_kept", mode=choice.mode if choice else None)
        self.modes.switch(choice)
        now = self.modes.choice
        self.journal.event("WARNING", "mode", mode=now.mode, reason=now.reason)

    async def look_around(self) -> None:
        """Take over what others have chosen, and count what waits; once per check of MongoDB."""
        choice = await self.mode_choice.read()
        if (choice or self.modes.default) != self.modes.choice:
            self.modes.switch(choice)
            self.journal.event("WARNING", "mode", mode=self.modes.choice.mode)
        self.telemetry.review_queue.set(float(await self.reviews.count()))

    def hear(self, news: Mapping[str, Any]) -> None:
        """Do what another worker says has happened; raises ValueError for what nobody knows."""
        kind = news["kind"]
        if kind == "changing":
            self.near.changing(news["owner"], news["id"], news["change"])
        elif kind == "event":  # of an earlier release, it names no change
            self.near.settled(news["owner"], news["id"], news.get("change", ""))
        elif kind in {"missed", "unknown"}:
            self.near.missed()
            self.answers.forget_here()
            if kind == "unknown":
                self.known.forget_all()
        elif kind == "clear":
            self.near.forget()
            self.answers.forget_here()
        elif kind == "key":
            self.known.forget(news["id"])
        elif kind != "again":  # which only says that news come again
            raise ValueError(f"no such kind of news: {str(kind)[:80]!r}")
