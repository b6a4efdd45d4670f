"""Each check as one call: ask, judge, and say nothing that is secret."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from kit.edge.access import access
from kit.edge.target import Access
from kit.pure.errors import HarnessError
from ops.checks import (
    cache,
    dependencies,
    health,
    mongodb,
    redis,
    system,
)
from ops.checks.concurrently import raise_first, run_concurrently
from ops.checks.evidence import Evidence, Seen, settled
from ops.checks.evidence import to_json as in_json
from ops.checks.finding import Checked, Finding, away, no_data
from ops.checks.observe import clocks, machine
from ops.checks.observe import mongodb as mongodb_edge
from ops.checks.observe import prometheus as figures
from ops.checks.observe import redis as redis_edge
from ops.checks.observe.logs import lost_since
from ops.checks.observe.replies import Reply, get
from ops.checks.own_limits import own_limits
from ops.checks.places import MONGODB, REDIS, Places, needed

Find = Callable[[], Seen]
_OF_THE_ANSWER: Final = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)
"""What judging raises where an answer is of another form than its server's."""
_LONGEST: Final = 300
_NO_SUCH_QUESTION: Final = frozenset({404, 405, 501})
_SPARE_S: Final = 2.0
"""What a check takes beside its questions."""


def bounded(name: str, places: Places, find: Find, *, within_s: float) -> Checked:
    """Return what `find` finds, judged by how much it saw; after `within_s` s, that it hangs.

    Errors of `find` are raised, their texts without secrets.
    """
    began, at = time.monotonic(), now()
    ended = run_concurrently({name: find}, within_s=within_s)[name]
    seen = ended.value
    if isinstance(ended.error, _OF_THE_ANSWER):
        why = f"an answer has a form that is not known: {type(ended.error).__name__}: {ended.error}"
        step = "does each address lead to what it should? look at what it answers"
        shown = places.without_secrets(why)[:_LONGEST]  # half a secret is not known for one
        seen = Seen((no_data(name, shown, step),), ())
    elif ended.error is not None:
        raise _clean_error(ended.error, places)
    if seen is None:
        step = "what it asks takes connections and gives no answer: sre check dependencies"
        seen = Seen((away(name, f"not done within {within_s:g} s", step),), ())
    clean = tuple(_clean(one, places) for one in settled(seen))
    told = tuple(in_json(_shown(one, places)) for one in seen.evidence)
    return Checked(name, at, time.monotonic() - began, clean, evidence=told)


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def check_health(places: Places) -> Checked:
    """Look at the service's own word."""

    def find() -> Seen:
        observed = _health_seen(places)
        return Seen(health.judge(observed), health.evidence(observed))

    return of_one("health", places, find)


def check_mongodb(places: Places) -> Checked:
    """Look at MongoDB; raises BadInputError when nobody said where it is."""
    url = needed(places.mongodb, MONGODB)

    def find() -> Seen:
        observed = mongodb_edge.look(url, database=database_of(places), timeout_s=places.timeout_s)
        patience_s, indexes = places.setting("mongodb_timeout_s"), mongodb_edge.needed_indexes()
        found = mongodb.judge(observed, indexes, own_limits(), patience_s=patience_s)
        return Seen(_since_lost(found, "mongodb", places), mongodb.evidence(observed))

    return of_one("mongodb", places, find, questions=6)


def check_redis(places: Places) -> Checked:
    """Look at Redis; raises BadInputError when nobody said where it is."""
    url = needed(places.redis, REDIS)

    def find() -> Seen:
        observed = redis_edge.look(url, timeout_s=places.timeout_s)
        found = redis.judge(observed, own_limits(), patience_s=places.setting("redis_timeout_s"))
        return Seen(_since_lost(found, "redis", places), redis.evidence(observed))

    return of_one("redis", places, find, questions=3)


def check_dependencies(places: Places) -> Checked:
    """Hold what the service says of its dependencies against what is observed from here."""

    def find() -> Seen:
        asked: dict[str, Callable[[], dependencies.Direct]] = {
            "mongodb": lambda: _mongodb_here(places),
            "redis": lambda: _redis_here(places),
        }
        if places.llm:
            asked["llm"] = lambda: _llm_here(places)
        observed = run_concurrently(asked, within_s=places.timeout_s + _SPARE_S)
        direct = tuple(
            one.value or dependencies.Direct(name, problem=str(one.error or "no answer in time"))
            for name, one in observed.items()
        )
        lost = lost_since(places.logs, now())
        counted = _ask(places, "/metrics") if places.llm else None
        said, failed = _ask(places, "/health"), ""
        if counted is not None:
            failed = dependencies.failures_of("llm", counted)
        found = dependencies.judge(said, direct, lost, llm_failures=failed)
        told = figures.told_by((counted.text,), bears=("llm",)) if counted is not None else ()
        return Seen(found, (*dependencies.evidence(said, direct, counted), *told))

    return of_one("dependencies", places, find, questions=4)


def check_cache(places: Places) -> Checked:
    """Look at how much the cache finds."""

    def find() -> Seen:
        told, said = _ask(places, "/cache/stats"), _ask(places, "/health")
        return Seen(cache.judge(told, own_limits(), said), cache.evidence(told, said))

    return of_one("cache", places, find, questions=2)


def check_system(places: Places) -> Checked:
    """Look at this machine."""

    def find() -> Seen:
        observed = machine.look(timeout_s=places.timeout_s, clocks=clocks.look(places))
        return Seen(system.judge(observed, own_limits()), system.evidence(observed))

    return of_one("system", places, find, questions=5)


def of_one(
    name: str, places: Places, find: Find, *, questions: int = 1, besides_s: int = 0
) -> Checked:
    """Return what a check finds that asks so many questions one after the other."""
    within_s = questions * places.timeout_s + besides_s + _SPARE_S
    return bounded(name, places, find, within_s=within_s)


def _since_lost(found: Sequence[Finding], name: str, places: Places) -> Sequence[Finding]:
    """Return findings of what does not answer with the moment at which the service lost it."""
    if not any(one.unreachable for one in found):
        return found
    since = lost_since(places.logs, now()).get(name)
    return [replace(one, since=since) if one.unreachable else one for one in found]


def _ask(places: Places, path: str) -> Reply:
    return get(places.service, path, access=access(), timeout_s=places.timeout_s)


def _health_seen(places: Places) -> health.ObservedHealth:
    paths = ("/health", "/healthz", "/readyz")
    asked = {path: partial(_ask, places, path) for path in paths}
    observed = run_concurrently(asked, within_s=places.timeout_s + _SPARE_S)
    raise_first(observed)
    replies = [
        observed[path].value or Reply(f"{places.service}{path}", problem="no answer in time")
        for path in paths
    ]
    whole, live, ready = replies
    return health.ObservedHealth(whole, live, ready, lost_since(places.logs, now()))


def _mongodb_here(places: Places) -> dependencies.Direct:
    if not places.mongodb:
        return dependencies.Direct("mongodb", asked=False)
    problem, took_s = mongodb_edge.ping(places.mongodb, timeout_s=places.timeout_s)
    return dependencies.Direct("mongodb", problem=problem, took_s=took_s)


def _redis_here(places: Places) -> dependencies.Direct:
    if not places.redis:
        return dependencies.Direct("redis", asked=False)
    observed = redis_edge.look(places.redis, timeout_s=places.timeout_s)
    return dependencies.Direct("redis", problem=observed.problem, took_s=observed.ping_s)


def _llm_here(places: Places) -> dependencies.Direct:
    """Ask the language model which models it has: the cheapest question that wants its key.

    Gateways that do not answer this one say so, which is an answer all the same.
    """
    reply = get(places.llm, "/models", access=_llm_access(places), timeout_s=places.timeout_s)
    is_well = reply.is_ok or reply.status in _NO_SUCH_QUESTION
    return dependencies.Direct("llm", problem="" if is_well else reply.why, took_s=reply.took_s)


def _llm_access(places: Places) -> Access:
    key = places.settings.get("CALENDAR_LLM_KEY", "")
    return Access((key,) if key else ())


def database_of(places: Places) -> str:
    """Return the database that the settings name; "" for the one in the URL."""
    return places.settings.get("CALENDAR_MONGODB_DATABASE", "")


def _clean(one: Finding, places: Places) -> Finding:
    return replace(
        one,
        subject=places.without_secrets(one.subject),
        value=places.without_secrets(one.value),
        do_next=places.without_secrets(one.do_next),
    )


def _shown(one: Evidence, places: Places) -> Evidence:
    return replace(
        one,
        source=places.without_secrets(one.source),
        lacks=tuple(map(places.without_secrets, one.lacks)),
    )


def _clean_error(err: Exception, places: Places) -> Exception:
    if isinstance(err, HarnessError):
        err.args = tuple(places.without_secrets(str(part)) for part in err.args)
        err.hint = places.without_secrets(err.hint)
    return err
