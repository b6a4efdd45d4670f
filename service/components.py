"""The components of one running service, built once in assembly.py and given to every route."""

from dataclasses import dataclass

from service.availability import Availability
from service.compute_pool import ComputePool
from service.errors import UnavailableError
from service.event_service import EventService
from service.guard.admission import Admission
from service.guard.given import Given
from service.guard.health import Watch
from service.guard.key_cache import KeyCache
from service.guard.keys import Hashes
from service.guard.modes import Modes
from service.guard.rate_limits import RateLimiter
from service.import_jobs import ImportJobs
from service.importing import Importer
from service.observe.journal import Journal
from service.owner_data import OwnerData
from service.reader import Reader
from service.settings import Settings
from service.store.answer_cache import AnswerCache
from service.store.event_cache import EventCache
from service.store.invalidation import Invalidation
from service.store.keys import Keys
from service.store.mode_store import ModeChoice, ModeStore
from service.store.pubsub import Message, MessageBus
from service.store.quality import Feedback, Reviews
from service.store.subscriptions import Subscriptions
from service.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Components:
    """What the routes work with."""

    settings: Settings
    telemetry: Telemetry
    journal: Journal
    watch: Watch
    modes: Modes
    mode_store: ModeStore
    admission: Admission
    given: Given
    keys: Keys
    hashes: Hashes
    answer_cache: AnswerCache
    event_cache: EventCache
    bus: MessageBus
    invalidation: Invalidation
    key_cache: KeyCache
    reader: Reader
    compute_pool: ComputePool
    event_service: EventService
    availability: Availability
    importer: Importer
    import_jobs: ImportJobs
    feedback: Feedback
    reviews: Reviews
    subscriptions: Subscriptions
    owner_data: OwnerData
    rate_limiter: RateLimiter

    def entries(self) -> int:
        """Return how many entries the caches of this process have."""
        return len(self.answer_cache) + len(self.event_cache)

    async def forget_answers(self) -> dict[str, int | None]:
        """Empty the caches of every worker; return how many entries each tier had."""
        cleared = await self.answer_cache.forget()
        cleared["memory"] = (cleared["memory"] or 0) + self.event_cache.forget()
        await self.invalidation.publish(kind="clear")
        return cleared

    async def switch_mode(self, choice: ModeChoice | None) -> None:
        """Switch the mode here at once, and of the others through MongoDB within a second.

        Works without MongoDB too, because that is when it may be needed; then the others learn
        of it when it is back, and this worker keeps the choice only until then.
        """
        try:
            await self.mode_store.write(choice)
        except UnavailableError:
            self.journal.event("ERROR", "mode_not_kept", mode=choice.mode if choice else None)
        self.modes.switch(choice)
        now = self.modes.choice
        self.journal.event("WARNING", "mode", mode=now.mode, reason=now.reason)

    async def adopt_mode(self) -> None:
        """Adopt the mode that others have chosen; once per check."""
        choice = await self.mode_store.read()
        if (choice or self.modes.default) != self.modes.choice:
            self.modes.switch(choice)
            self.journal.event("WARNING", "mode", mode=self.modes.choice.mode)

    async def count_reviews(self) -> None:
        """Count the reviews that wait; once per check."""
        self.telemetry.review_queue.set(float(await self.reviews.count()))

    def on_message(self, message: Message) -> None:
        """Invalidate what a message of another worker names; ValueError for an unknown kind."""
        kind = message["kind"]
        if kind == "changing":
            self.event_cache.changing(message["owner"], message["id"], message["change"])
        elif kind == "event":  # of an earlier release, it names no change
            self.event_cache.change_ended(
                message["owner"], message["id"], message.get("change", "")
            )
        elif kind in {"missed", "unknown"}:
            self.event_cache.missed()
            self.answer_cache.forget_here()
            if kind == "unknown":
                self.key_cache.forget_all()
        elif kind == "clear":
            self.event_cache.forget()
            self.answer_cache.forget_here()
        elif kind == "erased":
            self.event_cache.forget_owner(message["owner"])
            self.answer_cache.forget_owner_here(message["owner"])
        elif kind == "key":
            self.key_cache.forget(message["id"])
        elif kind != "again":  # which only says that messages come again
            raise ValueError(f"no such kind of message: {str(kind)[:80]!r}")
