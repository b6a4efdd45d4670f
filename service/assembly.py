"""Putting the parts of the service together: the only place that knows them all."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import pymongo

from service import model
from service.availability import Availability
from service.diary import Diary, utc_now
from service.guard.admission import Admission
from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, Diagnose, Policy
from service.guard.health import Check, Watch
from service.guard.keys import Hashes
from service.guard.known import LOOK_EVERY_S, KnownKeys
from service.guard.limits import Limits, Quota
from service.guard.logins import FailedLogins
from service.guard.modes import Modes
from service.guard.turns import Turns
from service.observe.journal import Journal
from service.parts import Parts
from service.reader import Reader
from service.settings import Settings
from service.store import mongo, redis_tier, replication
from service.store.answers import Answers
from service.store.bus import Bus
from service.store.changes import Changes
from service.store.doubts import Doubts
from service.store.events import Events
from service.store.keys import Keys
from service.store.lru import Lru
from service.store.mode import Choice, ModeChoice
from service.store.near import NearEvents
from service.store.once import OnceRecords
from service.store.quality import Feedback, Reviews
from service.store.silence import Silence
from service.telemetry import Telemetry
from service.ticking import Ticking
from service.workshop import Workshop

_PREPARE_S: Final = 60.0  # an index of a large calendar takes longer than any request may


@dataclass(frozen=True, slots=True)
class Service:
    """The parts, and what must be started before and stopped after they are used."""

    parts: Parts
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


class _Maker:
    """Makes parts that share settings, telemetry and connections."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings, self.telemetry = settings, telemetry
        self.mongo = mongo.connect(settings, telemetry)
        self.database = mongo.database_of(self.mongo, settings)
        self.redis_client = redis_tier.connect(settings)
        mongodb_policy = Policy(timeout_s=settings.mongodb_timeout_s, attempts=3)
        redis_policy = Policy(timeout_s=settings.redis_timeout_s, attempts=2, pause_s=0.005)
        turns = Turns(
            settings.mongodb_pool_size,
            on_waiting=lambda number: telemetry.pool.set(number, "waiting"),
        )
        self.mongodb = self.dependency("mongodb", mongodb_policy, mongo.diagnose, turns)
        self.redis = self.dependency("redis", redis_policy, redis_tier.diagnose)

    def dependency(
        self, name: str, policy: Policy, diagnose: Diagnose, turns: Turns | None = None
    ) -> Dependency:
        interval_s = self.settings.dependency_check_interval_s
        return Dependency(
            name,
            policy=policy,
            breaker=Breaker(retry_s=interval_s, clock=time.monotonic),
            telemetry=self.telemetry,
            diagnose=diagnose,
            turns=turns,
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

    def tier(self) -> redis_tier.RedisTier | None:
        if self.redis_client is None:
            return None
        settings = self.settings
        return redis_tier.RedisTier(
            self.redis_client,
            self.redis,
            ttl_s=settings.shared_cache_ttl_s,
            release=f"{settings.version}-{settings.revision}",
        )

    def limits(self) -> Limits:
        settings = self.settings
        # Without keys everybody is one owner: a limit per key then means nothing, unless asked for.
        limited = settings.auth == "on" or "rate_limit" in settings.model_fields_set
        return Limits(
            Quota(settings.rate_limit if limited else 0, settings.rate_limit_window_s),
            client=self.redis_client,
            redis=self.redis,
            workers=self.settings.workers,
            clock=time.time,
        )

    def bus(self, journal: Journal) -> Bus:
        alone = self.settings.workers == 1
        return Bus(
            self.redis_client, self.redis, alone=alone, clock=time.monotonic, journal=journal
        )

    def silence(self) -> Silence:
        return Silence(self.database, self.mongodb, clock=time.monotonic)

    def known_keys(self, keys: Keys, bus: Bus) -> KnownKeys:
        return KnownKeys(
            keys.named,
            ttl_s=self.settings.key_memory_s,
            heard_since=bus.heard_since,
            clock=utc_now,
            monotonic=time.monotonic,
        )

    def memory(self) -> Lru[Any]:
        settings = self.settings
        return Lru(size=settings.cache_entries, ttl_s=settings.cache_ttl_s, clock=time.monotonic)

    def near(self, bus: Bus, silence: Silence, doubts: Doubts) -> NearEvents:
        if self.redis_client is None:
            return NearEvents(self.memory(), bus.hears, doubts)
        return NearEvents(self.memory(), lambda: silence.hears_all() and bus.hears(), doubts)

    def admission(
        self, keys: Keys, known: KnownKeys, limits: Limits, hashes: Hashes, journal: Journal
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
            known=known,
            limits=limits,
            logins=logins,
            hashes=hashes,
            telemetry=self.telemetry,
            journal=journal,
            clock=utc_now,
            monotonic=time.monotonic,
        )


def assemble(settings: Settings, telemetry: Telemetry, journal: Journal) -> Service:
    """Return the service. It connects to nothing before it is started."""
    make = _Maker(settings, telemetry)
    events = Events(make.database, make.mongodb)
    once = OnceRecords(make.database, make.mongodb, ttl_s=settings.idempotency_ttl_s)
    keys, hashes = Keys(make.database, make.mongodb), Hashes()
    feedback = Feedback(make.database, make.mongodb)
    reviews = Reviews(make.database, make.mongodb)
    bus, limits, language_model = make.bus(journal), make.limits(), make.model()
    silence, doubts = make.silence(), Doubts(time.monotonic)
    near = make.near(bus, silence, doubts)
    changes = Changes(near, doubts, bus, silence)
    known = make.known_keys(keys, bus)
    answers = Answers(make.memory(), make.tier(), telemetry)
    default = Choice(settings.mode, "set by the environment", settings.manual_review)
    modes = Modes(default, telemetry)
    workshop = Workshop(longest_s=settings.request_deadline_s)
    diary = Diary(events, near=near, once=once, changes=changes, workshop=workshop, clock=utc_now)
    indexed = (events, once, keys, feedback, reviews, silence)
    parts: Parts
    watch = Watch(
        _checks(make, lambda: parts, [collection.create_indexes for collection in indexed]),
        interval_s=settings.dependency_check_interval_s,
        telemetry=telemetry,
        journal=journal,
    )
    parts = Parts(
        settings=settings,
        telemetry=telemetry,
        journal=journal,
        watch=watch,
        modes=modes,
        mode_choice=ModeChoice(make.database, make.mongodb),
        admission=make.admission(keys, known, limits, hashes, journal),
        keys=keys,
        hashes=hashes,
        answers=answers,
        near=near,
        bus=bus,
        changes=changes,
        known=known,
        reader=Reader(
            settings,
            answers=answers,
            reviews=reviews,
            model=language_model,
            modes=modes,
            telemetry=telemetry,
            journal=journal,
            workshop=workshop,
            clock=utc_now,
        ),
        workshop=workshop,
        diary=diary,
        availability=Availability(diary, workshop),
        feedback=feedback,
        reviews=reviews,
    )
    bus.listen(parts.hear)
    return _service(make, parts, limits, language_model)


def _checks(
    make: _Maker,
    parts: Callable[[], Parts],
    prepare: list[Callable[[], Awaitable[None]]],
) -> tuple[Check, ...]:
    async def look_at_mongodb() -> None:
        await replication.look(make.database, make.telemetry)
        await parts().look_around()

    async def create_indexes() -> None:
        with pymongo.timeout(_PREPARE_S):
            for create in prepare:
                await create()

    async def nothing() -> None:
        """Do nothing: Redis needs no preparation."""

    mongodb = Check(make.mongodb, ping=look_at_mongodb, on_return=create_indexes)
    if make.redis_client is None:
        return (mongodb,)
    return mongodb, Check(make.redis, ping=make.redis_client.ping, on_return=nothing)


def _service(
    make: _Maker, parts: Parts, limits: Limits, language_model: model.Model | None
) -> Service:
    looks = (
        Ticking(parts.changes.look, every_s=LOOK_EVERY_S),
        Ticking(parts.known.look, every_s=LOOK_EVERY_S),
    )

    async def start() -> None:
        await parts.watch.start()
        parts.bus.start()
        for look in looks:
            look.start()
        limits.start()

    async def stop() -> None:
        parts.workshop.close()
        await limits.stop()
        for look in looks:
            await look.stop()
        await parts.changes.stop()
        await parts.bus.stop()
        await parts.watch.stop()
        if language_model is not None:
            await language_model.close()
        if make.redis_client is not None:
            await make.redis_client.aclose()
        await make.mongo.close()

    return Service(parts, start, stop)
