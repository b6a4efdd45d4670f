"""Are the doors shut: who may come in, what is shown, what is written down, and where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kit.pure.words import counted
from ops.checks import reachable
from ops.checks.dependencies import said_by
from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.observe.replies import Reply
from ops.checks.transport import is_local, judge_databases, judge_service

_OLD: Final = timedelta(days=90)
"""Keys older than this should be exchanged: what leaks is noticed late, if at all."""
_SHORTEST_KEY: Final = 32
_FEWEST_LETTERS: Final = 10
_HEADERS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": "",
    "referrer-policy": "",
    "strict-transport-security": "",
}
CLOSED: Final = ("/events?limit=1", "/metrics", "/admin/mode")
HIDDEN: Final = ("/redoc", "/debug", "/.env", "/.git/config")
_TRACES: Final = ("Traceback (most recent call last)", 'File "/', "site-packages")
_OTHERS_MAY_READ: Final = 0o004
_GOOD_HASH: Final = "argon2id"
_OPEN: Final = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104 -- looked for, not listened on


@dataclass(frozen=True, slots=True)
class ObservedSecurity:
    """What was observed from outside, without a key, and on this machine.

    `keys` are those that `/admin/keys` lists, or why they are not known; `hashes` the kind of each
    kept hash, of `hashes_there` keys; `reached` are the network policies, why they are not known,
    or None where nobody asked; `readable` are files that others may read, of `files_there` those in
    `unlooked` could not be looked at; `listening` the addresses on which the service's port is
    open here, None where that cannot be seen.
    """

    target: str
    health: Reply
    without_key: Mapping[str, Reply]
    hidden: Mapping[str, Reply]
    missing: Reply
    keys: Sequence[Mapping[str, object]] | str
    hashes: Sequence[str] | str
    listening: Sequence[str] | None
    readable: Sequence[Path] | None
    settings: Mapping[str, str]
    addresses: Mapping[str, str]
    now: datetime
    reached: reachable.Reached | str | None = None
    hashes_there: int | None = None
    files_there: int = 0
    unlooked: Sequence[Path] = ()


def evidence(observed: ObservedSecurity) -> tuple[Evidence, ...]:
    """Return how much was there to look at."""
    pages = {"/health": observed.health, **observed.without_key, **observed.hidden,
             "a page that is none": observed.missing}  # fmt: skip
    told = [path for path, reply in pages.items() if not reply.problem]
    lacks = tuple(path for path in pages if path not in told)
    keys, hashes = observed.keys, observed.hashes
    listed = 0 if isinstance(keys, str) else sum("created_at" in one for one in keys)
    kept = 0 if isinstance(hashes, str) else len(hashes)
    there = max(kept, observed.hashes_there or 0)
    step = "set SRE_API_KEYS to a key with the scope admin, and give --mongodb URL"
    found = [
        Evidence("pages", len(pages), len(told), "answers", lacks,
                 ("authentication", "hidden pages", "debug", "headers")),
        Evidence("/admin/keys", max(listed, there), listed, "kept keys", bears=("keys",),
                 do_next=step),
        Evidence("MongoDB", max(listed, there), kept, "hashes of keys", bears=("hashes of keys",),
                 do_next=step),
        *_ways(observed),
    ]  # fmt: skip
    if observed.readable is not None:
        looked_at = observed.files_there - len(observed.unlooked)
        names = tuple(path.name for path in observed.unlooked)
        found.append(Evidence("files", observed.files_there, looked_at, "files", names, ("files",)))
    if is_local(observed.target):
        found.append(Evidence("sockets", 1, float(bool(observed.listening)), "lists of them",
                              bears=("listens",)))  # fmt: skip
    return tuple(found)


def _ways(observed: ObservedSecurity) -> Iterator[Evidence]:
    """Yield whether the addresses of what the service says that it uses are known here."""
    said = said_by(observed.health)
    used = [name for name, state in said.items() if state != "not_configured"]
    if not said and not observed.health.problem:
        yield Evidence("/health", 1, 0, "answers", ("dependencies",), ("way to", "headers"))
    if used:
        there = [name for name, url in observed.addresses.items() if url]
        step = "set CALENDAR_MONGODB_URL and CALENDAR_REDIS_URL"
        yield named("addresses of dependencies", used, there, unit="addresses", bears=("way to",),
                    do_next=step)  # fmt: skip


def judge(observed: ObservedSecurity) -> tuple[Finding, ...]:
    """Return which doors are open."""
    outside: tuple[Finding, ...]
    if observed.health.problem:
        outside = (
            away(
                "service", f"{observed.health.url}: {observed.health.problem}", "sre check health"
            ),
        )
    else:
        outside = (
            _authentication(observed),
            _pages(observed.hidden),
            _errors(observed.missing),
            _headers(observed.health),
        )
    return (
        *outside,
        judge_service(observed.target),
        *judge_databases(observed.addresses),
        *_inside(observed),
        *reachable.judge(observed.reached),
    )


def _inside(observed: ObservedSecurity) -> Iterator[Finding]:
    yield from _listening(observed)
    yield _keys(observed.keys, observed.now)
    yield _hashes(observed.hashes)
    yield from _settings(observed.settings)
    yield _files(observed.readable)


def _authentication(observed: ObservedSecurity) -> Finding:
    opened = [path for path, reply in observed.without_key.items() if reply.is_ok]
    if not opened:
        unknown = [p for p, reply in observed.without_key.items() if not reply.is_refused]
        if unknown:
            first = observed.without_key[unknown[0]]
            return no_data("authentication", f"{unknown[0]} {first.why}", "sre check health")
        return Finding("authentication", State.PASS, "every asked route wants a key")
    value = f"open without a key: {', '.join(path.partition('?')[0] for path in opened)}"
    local = is_local(observed.target)
    state = State.WARN if local else State.FAIL
    step = "set CALENDAR_AUTH=on; only a service on loopback may be without"
    return Finding("authentication", state, value, limit="a key each", do_next=step)


def _pages(found: Mapping[str, Reply]) -> Finding:
    shown = [path for path, reply in found.items() if reply.is_ok]
    if shown:
        step = "close them in the service or at the ingress"
        return Finding("hidden pages", State.FAIL, f"shown: {', '.join(shown)}", do_next=step)
    silent = [reply for reply in found.values() if reply.problem]
    if silent:
        return no_data("hidden pages", f"{silent[0].url}: {silent[0].why}", "sre check health")
    return Finding("hidden pages", State.PASS, f"none of {', '.join(found)} is shown")


def _errors(reply: Reply) -> Finding:
    """Judge what an error tells: a trace names code and places."""
    if any(mark in reply.text for mark in _TRACES):
        step = "turn debugging off: an error must not name code"
        return Finding("debug", State.FAIL, f"{reply.url} shows a trace", do_next=step)
    if reply.problem:
        return no_data("debug", f"{reply.url}: {reply.why}", "sre check health")
    return Finding("debug", State.PASS, "errors show no trace")


def _headers(reply: Reply) -> Finding:
    sent = reply.headers
    lacking = [
        name for name, wanted in _HEADERS.items() if name not in sent or wanted not in sent[name]
    ]
    if lacking:
        step = "does a proxy strip them? the service itself sends them"
        return Finding("headers", State.WARN, f"missing: {', '.join(lacking)}", do_next=step)
    return Finding("headers", State.PASS, f"{len(_HEADERS)} of {len(_HEADERS)} are sent")


def _listening(observed: ObservedSecurity) -> Iterator[Finding]:
    if not observed.listening:
        if is_local(observed.target):
            value = f"nobody is seen to listen on the port of {observed.target}"
            yield no_data("listens", value, "look where the service runs")
        return
    value = f"on {', '.join(observed.listening)}"
    if not set(observed.listening) & _OPEN:
        yield Finding("listens", State.PASS, value)
        return
    authenticated = _authentication(observed).state is State.PASS
    state = State.INFO if authenticated else State.FAIL
    step = "" if authenticated else "listen on 127.0.0.1, or set CALENDAR_AUTH=on"
    yield Finding("listens", state, f"{value}, which is every network", do_next=step)


def _keys(found: Sequence[Mapping[str, object]] | str, now: datetime) -> Finding:
    if isinstance(found, str):
        return no_data("keys", found, "set SRE_API_KEYS to a key with the scope admin")
    if not found:
        return no_data("keys", "none is kept", "POST /admin/keys makes one for each user")
    if not all("created_at" in one for one in found):
        return no_data("keys", "/admin/keys does not say when each was made")
    usable = [one for one in found if one.get("revoked_at") is None and not _is_over(one, now)]
    old = [one for one in usable if now - _moment(one["created_at"]) > _OLD]
    everlasting = sum(one.get("expires_at") is None for one in usable)
    value = f"{counted(len(usable), 'usable key')}, {everlasting} without an end"
    if not old:
        return Finding("keys", State.PASS, value, limit=f"younger than {_OLD.days} days")
    first = min(old, key=lambda one: str(one["created_at"]))
    age = (now - _moment(first["created_at"])).days
    step = f"make a new key (POST /admin/keys), then DELETE /admin/keys/{first['id']}"
    return Finding(
        "keys", State.WARN, f"{value}; {len(old)} are old, the oldest {age} days",
        limit=f"younger than {_OLD.days} days", since=_moment(first["created_at"]), do_next=step,
    )  # fmt: skip


def _hashes(found: Sequence[str] | str) -> Finding:
    if isinstance(found, str):
        return no_data("hashes of keys", found, "give --mongodb URL")
    if not found:
        return no_data("hashes of keys", "none is kept here", "is it the service's database?")
    weak = sorted({kind for kind in found if kind != _GOOD_HASH})
    if weak:
        value = f"{sum(kind != _GOOD_HASH for kind in found)} are {', '.join(weak)}"
        step = "exchange those keys: their hashes can be guessed"
        return Finding("hashes of keys", State.FAIL, value, limit=_GOOD_HASH, do_next=step)
    return Finding("hashes of keys", State.PASS, f"{len(found)} of {len(found)} are {_GOOD_HASH}")


def _settings(settings: Mapping[str, str]) -> Iterator[Finding]:
    """Judge what the environment here would set; a service elsewhere has its own."""
    key = settings.get("CALENDAR_ADMIN_KEY", "")
    weak = []
    if key and (len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_LETTERS):
        weak.append(
            ("CALENDAR_ADMIN_KEY is short or of few letters: openssl rand -hex 32", State.FAIL)
        )
    elif key:
        weak.append(("CALENDAR_ADMIN_KEY is set: take it out once real keys exist", State.WARN))
    if settings.get("CALENDAR_LOG_TEXT", "").lower() in {"1", "true", "yes", "on"}:
        weak.append(("CALENDAR_LOG_TEXT writes down what people say: turn it off", State.WARN))
    if settings.get("CALENDAR_RATE_LIMIT") == "0":
        weak.append(("CALENDAR_RATE_LIMIT=0 lets one key take everything: set it", State.WARN))
    if settings.get("CALENDAR_AUTH") == "off":
        weak.append(("CALENDAR_AUTH=off lets everybody in: turn it on", State.WARN))
    if not any(name.startswith("CALENDAR_") for name in settings):
        yield info("settings here", "none: no CALENDAR_ variable is set in this shell")
        return
    for text, state in weak:
        what, _, step = text.partition(": ")
        yield Finding("settings here", state, what, do_next=step)
    if not weak:
        yield Finding("settings here", State.PASS, "none is known to be weak")


def _files(readable: Sequence[Path] | None) -> Finding:
    if readable is None:
        return no_data("files", "no folder with logs was given", "give --logs, or CALENDAR_LOG_DIR")
    if not readable:
        return Finding("files", State.PASS, "no log or file of settings may be read by everybody")
    step = f"chmod o-rwx {' '.join(map(str, readable))}"
    value = f"everybody here may read {', '.join(one.name for one in readable)}"
    return Finding("files", State.FAIL, value, do_next=step)


def may_be_read(mode: int) -> bool:
    """Say whether everybody on a machine may read what has these permissions."""
    return bool(mode & _OTHERS_MAY_READ)


def _is_over(key: Mapping[str, object], now: datetime) -> bool:
    return key.get("expires_at") is not None and _moment(key["expires_at"]) <= now


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
