"""What must be true of the service's data whoever wrote them, held against the data."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bson.codec_options import CodecOptions

from ops.backup.servers import Database, Document
from ops.checks.finding import Finding, State, info
from ops.maintenance.step import Step
from service.errors import ProblemError
from service.store.documents import document_of, event_of

_TTL_PATIENCE: Final = timedelta(minutes=5)
"""The server looks for expired documents once a minute, and each pass takes its time."""
_UNFINISHED_AFTER: Final = timedelta(hours=1)
_SCOPES: Final = frozenset({"calendar", "metrics", "admin", "traces"})
_MODES: Final = frozenset({"normal", "degraded", "read_only"})
_NAMED: Final = 3
_AWARE: Final = CodecOptions[Document](tz_aware=True)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What every document of a collection fulfils; `broken` says in which way one does not."""

    subject: str
    collection: str
    broken: Callable[[Document], str]
    do_next: str


def judge(database: Database, *, now: datetime, ttl_s: int) -> Iterator[Finding]:
    """Yield how the data are; reads every document of the service once, in constant memory."""
    for rule in _rules(now):
        yield _hold(database, rule)
    yield _duplicates(database, "events", ("owner", "uid"))
    yield _duplicates(database, "feedback", ("owner", "decision_id"))
    yield _expired(database, now=now, ttl_s=ttl_s)
    yield _owners(database)


def clean_ups(database: Database, *, now: datetime, ttl_s: int) -> list[Step]:
    """Return the steps that remove what should have gone by itself."""
    wanted = _expired_before(now, ttl_s)
    count = database["idempotency"].count_documents(wanted)
    if not count:
        return []

    def remove() -> str:
        return f"{database['idempotency'].delete_many(wanted).deleted_count:,} removed"

    return [Step(f"remove {count:,} expired records of idempotency", remove)]


def _rules(now: datetime) -> Sequence[_Rule]:
    old = now - _UNFINISHED_AFTER

    def creation(document: Document) -> str:
        stuck = not document["done"] and document["created_at"] < old
        return f"unfinished since {document['created_at']:%Y-%m-%d %H:%M}" if stuck else ""

    step = "repair or remove it by hand, after sre backup create"
    return (
        _Rule("events can be read and found by time", "events", _broken_event, step),
        _Rule("creations have ended", "idempotency", creation, "none: a retry finishes them"),
        _Rule("reviews wait or are done", "reviews", _broken_review, step),
        _Rule("keys open known scopes", "api_keys", _broken_key, "revoke it and make another"),
        _Rule("settings can be read", "settings", _broken_setting, "set it: sre incident mode"),
    )


def _hold(database: Database, rule: _Rule) -> Finding:
    named: list[str] = []
    count = broken = 0
    documents = database.get_collection(rule.collection, codec_options=_AWARE).find({})
    for document in documents:
        count += 1
        try:
            problem = rule.broken(document)
        except ProblemError as err:
            problem = err.detail
        except (KeyError, TypeError, ValueError, AttributeError) as err:
            problem = f"{type(err).__name__}: {err}"
        broken += bool(problem)
        if problem and len(named) < _NAMED:
            named.append(f"{document['_id']}: {problem}")
    if not broken:
        return Finding(rule.subject, State.PASS, f"{count:,} in {rule.collection}")
    value = f"{broken:,} of {count:,} do not: {'; '.join(named)}"
    state = State.WARN if rule.collection == "idempotency" else State.FAIL
    return Finding(rule.subject, state, value[:500], do_next=rule.do_next)


def _broken_event(document: Document) -> str:
    """Compare what lists are found by with what follows from the event itself."""
    event = event_of(document)
    again = document_of(event, series_end=document["to"] if event.recurrence else None)
    wrong = [name for name in ("span", "from", "to") if again[name] != document[name]]
    if document["to"] < document["from"]:
        wrong.append("to, before from")
    return f"wrong {', '.join(wrong)}: lists by time miss it" if wrong else ""


def _broken_review(document: Document) -> str:
    status = document["status"]
    if status not in {"waiting", "done"}:
        return f"status {status!r}"
    return "" if status == "waiting" or "resolved_at" in document else "done without a time"


def _broken_key(document: Document) -> str:
    unknown = set(document["scopes"]) - _SCOPES
    if unknown:
        return f"scopes {', '.join(sorted(unknown))}"
    return "" if str(document["hash"]).startswith("$") else "its hash is none"


def _broken_setting(document: Document) -> str:
    if document["_id"] != "mode":
        return "is not known to the service"
    return "" if document["mode"] in _MODES else f"mode {document['mode']!r}"


def _duplicates(database: Database, collection: str, fields: tuple[str, ...]) -> Finding:
    """Look for what a unique index forbids: it may be missing, or have been."""
    subject = f"{collection} are unique by {' and '.join(fields)}"
    stages: list[Any] = [
        {"$group": {"_id": {name: f"${name}" for name in fields}, "n": {"$sum": 1}}},
        {"$match": {"n": {"$gt": 1}}},
        {"$limit": 1000},
    ]
    found = list(database[collection].aggregate(stages, allowDiskUse=True))
    if not found:
        return Finding(subject, State.PASS, "no duplicates")
    named = "; ".join(", ".join(str(v) for v in each["_id"].values()) for each in found[:_NAMED])
    step = "keep the one with the highest version, remove the others, after sre backup create"
    return Finding(subject, State.FAIL, f"{len(found):,} more than once: {named}", do_next=step)


def _expired_before(now: datetime, ttl_s: int) -> Document:
    return {"created_at": {"$lt": now - timedelta(seconds=ttl_s) - _TTL_PATIENCE}}


def _expired(database: Database, *, now: datetime, ttl_s: int) -> Finding:
    count = database["idempotency"].count_documents(_expired_before(now, ttl_s))
    if not count:
        return Finding("expired documents are gone", State.PASS, "none is left")
    step = "--apply removes them; is the index idempotency.expiry there?"
    return Finding("expired documents are gone", State.WARN, f"{count:,} are left", do_next=step)


def _owners(database: Database) -> Finding:
    """Say how many events belong to owners without a key that still opens anything."""
    now = datetime.now(UTC)
    alive = {"revoked_at": None, "$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
    owners = database["api_keys"].distinct("owner", alive)
    lost = database["events"].count_documents({"owner": {"$nin": owners}})
    return info("events of owners without a valid key", f"{lost:,}", measured=lost)
