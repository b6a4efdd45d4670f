"""Building the components of the service: the only place that knows them all."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import pymongo

from service import model
from service.availability import Availability
from service.background import Repeating
from service.components import Components
from service.compute_pool import ComputePool
from service.event_service import EventService, utc_now
from service.guard.admission import Admission
from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, Diagnose, Policy
from service.guard.given import Given
from service.guard.health import Check, Watch
from service.guard.key_cache import REFRESH_EVERY_S, KeyCache
from service.guard.keys import Hashes
from service.guard.logins import FailedLogins
from service.guard.modes import Modes
from service.guard.rate_limits import Quota, RateLimiter
from service.guard.semaphore import CountedSemaphore
from service.import_jobs import ImportJobs
from service.importing import Importer
from service.observe.journal import Journal
from service.observe.keeper import Keeper
from service.owner_data import OwnerData
from service.reader import Reader
from service.settings import Settings
from service.store import mongo, replication, shared_cache
from service.store.answer_cache import AnswerCache
from service.store.event_cache import EventCache
from service.store.events import Events
from service.store.idempotency import IdempotencyRecords
from service.store.imports import ImportParts, Imports
from service.store.in_flight import InFlightChanges
from service.store.invalidation import Invalidation
from service.store.keys import Keys
from service.store.lru import Lru
from service.store.mode_store import ModeChoice, ModeStore
from service.store.pubsub import MessageBus
from service.store.quality import Feedback, Reviews
from service.store.silent_workers import SilentWorkers
from service.store.subscriptions import Subscriptions
from service.telemetry import Telemetry

_PREPARE_S: Final = 60.0  # an index of a large calendar takes longer than any request may


@dataclass(frozen=True, slots=True)
class Service:
    """The components, and what must be started before and stopped after they are used."""

    components: Components
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


class _Maker:
    """Makes components that share settings, telemetry and connections."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings, self.telemetry = settings, telemetry
        self.mongo = mongo.connect(settings, telemetry)
        self.database = mongo.database_of(self.mongo, settings)
        self.redis_client = shared_cache.connect(settings)
        mongodb_policy = Policy(timeout_s=settings.mongodb_timeout_s, attempts=3)
        redis_policy = Policy(timeout_s=settings.redis_timeout_s, attempts=2, pause_s=0.005)
        semaphore = CountedSemaphore(
            settings.mongodb_pool_size,
            on_waiting=lambda number: telemetry.pool.set(number, "waiting"),
        )
        self.mongodb = self.dependency("mongodb", mongodb_policy, mongo.diagnose, semaphore)
        in_turn = CountedSemaphore(shared_cache.AT_ONCE, on_waiting=lambda _number: None)
        self.redis = self.dependency(
            "redis",
            redis_policy,
            shared_cache.diagnose,
            in_turn,
            shared_cache.peer_of(self.redis_client),
        )

    def dependency(
        self,
        name: str,
        policy: Policy,
        diagnose: Diagnose,
        semaphore: CountedSemaphore | None = None,
        peer: tuple[str, str] = ("", ""),
    ) -> Dependency:
        interval_s = self.settings.dependency_check_interval_s
        return Dependency(
            name,
            policy=policy,
            breaker=Breaker(retry_s=interval_s, clock=time.monotonic),
            telemetry=self.telemetry,
            diagnose=diagnose,
            semaphore=semaphore,
            peer=peer,
        )

    def model(self) -> model.Model | None:
        settings = self.settings
        if not settings.llm_url:
            return None
        endpoint = model.Endpoint(
            url=settings.llm_url,
            key=settings.llm_key.get_secret_value(),
            model=settings.llm_model,
            timeout_s=settings.llm_timeout_s,
            per_hour=settings.llm_budget_per_hour,
        )
        policy = Policy(timeout_s=settings.llm_timeout_s)
        return model.Model(
            endpoint, self.dependency("llm", policy, model.diagnose), clock=time.monotonic
        )

    def shared_cache(self) -> shared_cache.SharedCache | None:
        if self.redis_client is None:
            return None
        settings = self.settings
        return shared_cache.SharedCache(
            self.redis_client,
            self.redis,
            ttl_s=settings.shared_cache_ttl_s,
            release=f"{settings.version}-{settings.revision}",
        )

    def rate_limiter(self) -> RateLimiter:
        settings = self.settings
        # Without keys everybody is one owner: a limit per key then means nothing, unless asked for.
        limited = settings.auth == "on" or "rate_limit" in settings.model_fields_set
        return RateLimiter(
            Quota(settings.rate_limit if limited else 0, settings.rate_limit_window_s),
            client=self.redis_client,
            redis=self.redis,
            workers=self.settings.workers,
            clock=time.time,
        )

    def bus(self, journal: Journal) -> MessageBus:
        alone = self.settings.workers == 1
        return MessageBus(
            self.redis_client, self.redis, alone=alone, clock=time.monotonic, journal=journal
        )

    def silent_workers(self) -> SilentWorkers:
        return SilentWorkers(self.database, self.mongodb, clock=time.monotonic)

    def key_cache(self, keys: Keys, bus: MessageBus) -> KeyCache:
        return KeyCache(
            keys.named,
            ttl_s=self.settings.key_memory_s,
            away_s=self.settings.known_keys_s,
            heard_since=bus.heard_since,
            clock=utc_now,
            monotonic=time.monotonic,
        )

    def memory(self) -> Lru[Any]:  # Any: whatever its user keeps in it
        settings = self.settings
        return Lru(size=settings.cache_entries, ttl_s=settings.cache_ttl_s, clock=time.monotonic)

    def event_cache(
        self, bus: MessageBus, silent_workers: SilentWorkers, in_flight: InFlightChanges
    ) -> EventCache:
        if self.redis_client is None:
            return EventCache(self.memory(), bus.hears, in_flight)
        return EventCache(
            self.memory(), lambda: silent_workers.hears_all() and bus.hears(), in_flight
        )

    def admission(
        self,
        keys: Keys,
        key_cache: KeyCache,
        rate_limiter: RateLimiter,
        hashes: Hashes,
        journal: Journal,
    ) -> Admission:
        settings = self.settings
        logins = FailedLogins(
            most=settings.failed_login_limit,
            window_s=settings.rate_limit_window_s,
            clock=time.monotonic,
        )
        return Admission(
            settings,
            keys=keys,
            key_cache=key_cache,
            rate_limiter=rate_limiter,
            logins=logins,
            hashes=hashes,
            telemetry=self.telemetry,
            journal=journal,
            is_away=lambda: self.mongodb.breaker.is_open,
            clock=utc_now,
            monotonic=time.monotonic,
        )


def assemble(settings: Settings, telemetry: Telemetry, journal: Journal, keeper: Keeper) -> Service:
    """Return the service. It connects to nothing before it is started."""
    make = _Maker(settings, telemetry)
    events = Events(make.database, make.mongodb)
    idempotency = IdempotencyRecords(make.database, make.mongodb, ttl_s=settings.idempotency_ttl_s)
    keys, hashes = Keys(make.database, make.mongodb), Hashes()
    feedback = Feedback(make.database, make.mongodb)
    reviews = Reviews(make.database, make.mongodb)
    bus, rate_limiter, language_model = make.bus(journal), make.rate_limiter(), make.model()
    silent_workers, in_flight = make.silent_workers(), InFlightChanges(time.monotonic)
    event_cache = make.event_cache(bus, silent_workers, in_flight)
    invalidation = Invalidation(event_cache, in_flight, bus, silent_workers)
    key_cache = make.key_cache(keys, bus)
    answer_cache = AnswerCache(make.memory(), make.shared_cache(), telemetry)
    default = ModeChoice(settings.mode, "set by the environment", settings.manual_review)
    modes = Modes(default, telemetry)
    compute_pool = ComputePool(longest_s=settings.request_deadline_s)
    event_service = EventService(
        events,
        event_cache=event_cache,
        idempotency=idempotency,
        invalidation=invalidation,
        compute_pool=compute_pool,
        clock=utc_now,
    )
    imports = Imports(make.database, make.mongodb)
    import_parts = ImportParts(make.database, make.mongodb)
    importer = Importer(event_service, compute_pool)
    subscriptions = Subscriptions(make.database, make.mongodb)
    indexed = (  # an import whose job is erased first adds nothing more
        *(imports, import_parts, events, idempotency, keys, feedback, reviews),
        *(subscriptions, silent_workers),
    )
    components: Components
    watch = Watch(
        _checks(make, lambda: components, [collection.create_indexes for collection in indexed]),
        interval_s=settings.dependency_check_interval_s,
        telemetry=telemetry,
        journal=journal,
    )
    components = Components(
        settings=settings,
        telemetry=telemetry,
        journal=journal,
        watch=watch,
        modes=modes,
        mode_store=ModeStore(make.database, make.mongodb),
        admission=make.admission(keys, key_cache, rate_limiter, hashes, journal),
        given=Given(telemetry, journal, time.monotonic),
        keys=keys,
        hashes=hashes,
        answer_cache=answer_cache,
        event_cache=event_cache,
        bus=bus,
        invalidation=invalidation,
        key_cache=key_cache,
        reader=Reader(
            settings,
            answer_cache=answer_cache,
            reviews=reviews,
            model=language_model,
            modes=modes,
            telemetry=telemetry,
            journal=journal,
            compute_pool=compute_pool,
            clock=utc_now,
        ),
        compute_pool=compute_pool,
        event_service=event_service,
        availability=Availability(event_service, compute_pool),
        importer=importer,
        import_jobs=ImportJobs(
            imports,
            import_parts,
            importer,
            compute_pool=compute_pool,
            journal=journal,
            may_write=lambda: modes.choice.mode != "read_only",
            clock=utc_now,
            on_end=keeper.work_ended,
        ),
        feedback=feedback,
        reviews=reviews,
        subscriptions=subscriptions,
        owner_data=OwnerData(
            indexed,
            keys,
            event_cache=event_cache,
            answer_cache=answer_cache,
            bus=bus,
            step_s=settings.request_deadline_s,
        ),
        rate_limiter=rate_limiter,
    )
    bus.subscribe(components.on_message)
    return _service(make, components, rate_limiter, language_model)


def _checks(
    make: _Maker,
    components: Callable[[], Components],
    prepare: list[Callable[[], Awaitable[None]]],
) -> tuple[Check, ...]:
    async def ping_mongodb() -> None:
        await make.database.command("ping")
        await components().adopt_mode()  # a ping alone needs no password and no data

    async def look_at_mongodb() -> None:
        await replication.look(make.database, make.telemetry)
        await components().count_reviews()

    async def create_indexes() -> None:
        with pymongo.timeout(_PREPARE_S):
            for create in prepare:
                await create()

    mongodb = Check(make.mongodb, ping_mongodb, create_indexes, look_at_mongodb)
    if make.redis_client is None:
        return (mongodb,)
    return mongodb, Check(make.redis, make.redis_client.ping)


def _service(
    make: _Maker,
    components: Components,
    rate_limiter: RateLimiter,
    language_model: model.Model | None,
) -> Service:
    looks = (
        Repeating(components.invalidation.refresh, every_s=REFRESH_EVERY_S, name="invalidation"),
        Repeating(components.key_cache.refresh, every_s=REFRESH_EVERY_S, name="keys"),
    )

    async def start() -> None:
        await components.watch.start()
        components.bus.start()
        for look in looks:
            look.start()
        rate_limiter.start()
        components.import_jobs.start()

    async def stop() -> None:
        await components.import_jobs.stop()
        components.compute_pool.close()
        components.hashes.close()
        await rate_limiter.stop()
        for look in looks:
            await look.stop()
        await components.invalidation.stop()
        await components.bus.stop()
        await components.watch.stop()
        if language_model is not None:
            await language_model.close()
        if make.redis_client is not None:
            await make.redis_client.aclose()
        await make.mongo.close()

    return Service(components, start, stop)
