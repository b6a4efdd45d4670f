"""Is the service well: alive, ready, and what it says of what it stands on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ops.checks.evidence import Evidence, named, paths_in
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.observe.replies import Reply

_STATES: Final = {"healthy": State.PASS, "degraded": State.WARN, "unhealthy": State.FAIL}
_LINKS: Final = {"connected": State.PASS, "not_configured": State.INFO}
_NEEDED: Final = frozenset({"mongodb"})
_FIELDS: Final = ("status", "version", "dependencies.mongodb", "dependencies.redis")
_ALIVE, _READY = "ok", "ready"
"""What the two pages say, and nothing else."""


@dataclass(frozen=True, slots=True)
class ObservedHealth:
    """The answers of the three addresses, and since when each dependency is lost, if known."""

    health: Reply
    live: Reply
    ready: Reply
    down_since: Mapping[str, datetime] = field(default_factory=dict)


def judge(observed: ObservedHealth) -> tuple[Finding, ...]:
    """Return what the service's own word is worth."""
    if observed.live.problem and observed.health.problem:
        step = "is it running, and is this its address? sre serve; see its log"
        return (away("service", f"{observed.live.url}: {observed.live.problem}", step),)
    return (_live(observed.live), _ready(observed.ready), *_word(observed))


def evidence(observed: ObservedHealth) -> tuple[Evidence, ...]:
    """Return how much the three addresses told."""
    return (
        named("/health", _FIELDS, paths_in(observed.health.data, _FIELDS), unit="fields",
              bears=("status", "mongodb", "redis", "dependencies")),
        _page("/healthz", observed.live, _ALIVE, "alive"),
        _page("/readyz", observed.ready, _READY, "ready"),
    )  # fmt: skip


def _page(path: str, reply: Reply, word: str, subject: str) -> Evidence:
    """Return whether a page told: a refusal tells, and of a 200 only its own word does."""
    told = reply.text.strip() == word if reply.is_ok else not reply.problem
    lacks = () if told else (f"the word {word!r}" if reply.is_ok else reply.why,)
    return Evidence(path, 1, float(told), "answers", lacks, bears=(subject,))


def _live(reply: Reply) -> Finding:
    if reply.problem:
        step = "it hangs: look at CPU and memory (sre check system), then restart it"
        return away("alive", f"/healthz: {reply.why}", step)
    state = State.PASS if reply.is_ok else State.FAIL
    step = "" if reply.is_ok else "is a proxy in between? ask the service itself"
    value = f"{reply.took_s * 1000:.0f} ms" if reply.is_ok else f"/healthz {reply.why}"
    return Finding("alive", state, value, measured=reply.took_s, do_next=step)


def _ready(reply: Reply) -> Finding:
    if reply.is_ok:
        return Finding("ready", State.PASS, "takes requests")
    value = f"takes no requests: /readyz {reply.why}"
    return Finding("ready", State.FAIL, value, do_next="sre check dependencies")


def _word(observed: ObservedHealth) -> Iterator[Finding]:
    answer: Any = observed.health.data if observed.health.is_ok else None
    if not _is_health(answer):
        yield no_data("status", f"/health {observed.health.why}: that is no health answer")
        return
    status = str(answer["status"])
    yield Finding(
        "status",
        _STATES.get(status, State.FAIL),
        status,
        do_next=_about(status, answer["dependencies"]),
    )
    yield info("version", str(answer.get("version", "unknown")))
    if not answer["dependencies"]:
        yield no_data("dependencies", "/health names none", "sre check dependencies")
    for name, link in answer["dependencies"].items():
        yield _dependency(str(name), str(link), observed.down_since.get(name))


def _is_health(answer: object) -> bool:
    return (
        isinstance(answer, dict)
        and "status" in answer
        and isinstance(answer.get("dependencies"), dict)
    )


def _about(status: str, dependencies: Mapping[str, object]) -> str:
    """Return what to do about a status: a lost dependency, else the mode that somebody set."""
    if status == "healthy":
        return ""
    lost = [name for name, link in dependencies.items() if link not in _LINKS]
    if lost:
        return f"sre check {lost[0]}"
    return 'curl -s -H "X-API-Key: $KEY" URL/admin/mode says which mode it is in, and why'


def _dependency(name: str, link: str, since: datetime | None) -> Finding:
    lost = State.FAIL if name in _NEEDED else State.WARN
    state = _LINKS.get(link, lost)
    if state is State.INFO:
        return info(name, "not configured")
    step = "" if state is State.PASS else f"sre check dependencies, then sre check {name}"
    return Finding(name, state, link, since=None if not step else since, do_next=step)
