"""Restore a backup: verified first, onto data or under a service that writes only when asked to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from kit.pure.errors import BadInputError
from ops.backup.checking import Checked, check_or_unfinished
from ops.backup.folder import DamagedError, Entry
from ops.backup.mongodb_restore import (
    MongodbPlan,
    MongodbRestored,
    MongodbTarget,
    plan_mongodb,
    recover_mongodb,
    restore_mongodb,
)
from ops.backup.progress import Progress
from ops.backup.redis_restore import (
    RedisPlan,
    RedisRestored,
    RedisTarget,
    plan_redis,
    restore_redis,
)
from ops.backup.writers import Service, check_quiet, forget_answers, forget_copies


@dataclass(frozen=True, slots=True)
class Order:
    """What to restore, to where, and what is allowed; a target that is None is not restored.

    `is_live` says that the service works on the target, so that it must not write meanwhile.
    """

    entry: Entry
    mongodb: MongodbTarget | None
    redis: RedisTarget | None
    service: Service
    is_live: bool
    is_forced: bool = False
    is_salvage: bool = False
    is_dry_run: bool = False


@dataclass(slots=True)
class Restored:
    """What was or would be done, and what else the person has to know."""

    checked: Checked
    is_dry_run: bool
    mongodb_plan: MongodbPlan | None = None
    redis_plan: RedisPlan | None = None
    mongodb: MongodbRestored | None = None
    redis: RedisRestored | None = None
    notes: list[str] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def lost(self) -> int:
        """Return how many documents and keys damage has cost."""
        mongodb = self.mongodb.lost_documents if self.mongodb else 0
        return mongodb + (self.redis.lost_keys if self.redis else 0)


def restore(order: Order, progress: Progress) -> Restored:
    """Carry out an order; everything that can be refused is, before anything is changed."""
    begun = datetime.now(UTC)
    checked = check_or_unfinished(order.entry, progress)
    _check_restorable(order, checked)
    done = Restored(checked, order.is_dry_run)
    if order.is_live and not order.is_forced:
        done.notes.append(check_quiet(order.service))
    _plan(order, done)
    if not order.is_dry_run:
        _carry_out(order, done, progress)
    done.took_s = (datetime.now(UTC) - begun).total_seconds()
    return done


def _check_restorable(order: Order, checked: Checked) -> None:
    manifest = order.entry.manifest
    if manifest is None:
        raise DamagedError(
            f"{order.entry.path}: {checked.damage[0].problem}",
            hint="choose another backup: sre backup list; gunzip still reads its .bson.gz files",
        )
    for part, target in (("mongodb", order.mongodb), ("redis", order.redis)):
        if target is not None and not manifest.holds(part):
            raise BadInputError(
                f"{order.entry.name} holds no {part}", hint="sre backup list shows what each holds"
            )
    if checked.damage and not order.is_salvage:
        first = checked.damage[0]
        raise DamagedError(
            f"{order.entry.name} is damaged: {first.file}: {first.problem}; "
            f"{sum(d.documents - d.intact_documents for d in checked.damage):,} documents are lost",
            hint="restore another backup, or what is left of this one: --salvage",
        )


def _plan(order: Order, done: Restored) -> None:
    manifest = order.entry.manifest
    assert manifest is not None  # noqa: S101 -- _check_restorable has seen to it
    if order.mongodb and manifest.mongodb:
        if not order.is_dry_run:
            done.notes += filter(None, [recover_mongodb(order.mongodb)])
        done.mongodb_plan = plan_mongodb(manifest.mongodb, order.mongodb)
    if order.redis and manifest.redis:
        done.redis_plan = plan_redis(manifest.redis, order.redis)


def _carry_out(order: Order, done: Restored, progress: Progress) -> None:
    manifest = order.entry.manifest
    assert manifest is not None  # noqa: S101 -- _check_restorable has seen to it
    if order.mongodb and manifest.mongodb:
        path = order.entry.path
        done.mongodb = restore_mongodb(manifest.mongodb, path, order.mongodb, progress)
        done.notes += done.mongodb.notes
        if order.is_live:
            # Before Redis: what is forgotten includes every answer that is in Redis.
            done.notes.append(forget_answers(order.service))
    if order.redis and manifest.redis:
        done.redis = restore_redis(manifest.redis, order.entry.path, order.redis, progress)
        if order.is_live:
            done.notes.append(forget_copies(order.redis.server))
