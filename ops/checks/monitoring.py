"""Does what watches the service work itself: Prometheus with its targets, Alertmanager, Grafana."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.observe.replies import Reply

PATHS: Final[Mapping[str, str]] = {
    "Prometheus": "/-/healthy",
    "Alertmanager": "/-/healthy",
    "Grafana": "/api/health",
}
_WORDS: Final[Mapping[str, str]] = {
    "Prometheus": "Healthy", "Alertmanager": "OK", "Grafana": '"database":"ok"',
}  # fmt: skip
"""What stands in the page of each, and not in that of a stranger or a proxy."""
TARGETS: Final = "/api/v1/targets?state=active"


@dataclass(frozen=True, slots=True)
class ObservedMonitoring:
    """What each part answered, None where nobody gave its address; `absent` was declared so."""

    replies: Mapping[str, Reply | None]
    targets: Reply | None = None
    absent: frozenset[str] = frozenset()


def judge(observed: ObservedMonitoring) -> tuple[Finding, ...]:
    """Return whether each part answers, and which targets Prometheus cannot scrape."""
    is_asked = observed.targets is not None or observed.replies.get("Prometheus") is not None
    targets = _targets(observed.targets) if is_asked else ()
    found = observed.replies.items()
    return (*(_one(name, reply, observed.absent) for name, reply in found), *targets)


def evidence(observed: ObservedMonitoring, job: str) -> tuple[Evidence, ...]:
    """Return how much each part told; `job` must be among the targets."""
    found = []
    for name, reply in observed.replies.items():
        if reply is None or not reply.is_ok:
            seen = float(reply is not None)
            found.append(Evidence(name, 1, seen, "addresses", bears=(name,), is_judged=True))
        else:
            word = _WORDS[name]
            there = [word] if word in "".join(reply.text.split()) else []
            found.append(named(name, [word], there, unit="answers", bears=(name,)))
    if observed.replies.get("Prometheus") is not None:
        jobs = _jobs(observed.targets)
        step = "deployment/prometheus/prometheus.yml has the scrape jobs"
        found.append(named("targets", [job], jobs, unit="jobs", bears=("targets",), do_next=step))
    return tuple(found)


def _jobs(reply: Reply | None) -> list[str]:
    data: Any = reply.data if reply is not None and reply.is_ok else None
    try:
        return [str(one["labels"]["job"]) for one in data["data"]["activeTargets"]]
    except (KeyError, TypeError):
        return []


def _one(name: str, reply: Reply | None, absent: frozenset[str]) -> Finding:
    if reply is None and name.lower() in absent:
        return info(name, "declared absent")
    if reply is None:
        step = f"give --{name.lower()} URL, or set SRE_{name.upper()}_URL"
        return no_data(name, "no address given", step)
    if reply.problem:
        return away(name, f"{reply.url}: {reply.problem}", f"start {name}; see its log")
    if reply.is_ok:
        return Finding(name, State.PASS, f"answers in {reply.took_s * 1000:.0f} ms")
    step = f"is this the address of {name}? see its log"
    return Finding(name, State.FAIL, f"{reply.url} {reply.why}", do_next=step)


def _targets(reply: Reply | None) -> Iterator[Finding]:
    if reply is None or reply.problem:
        why = "no answer in time" if reply is None else f"{reply.url}: {reply.problem}"
        yield no_data("targets", why, "sre check morning --timeout 10 waits longer")
        return
    answer: Any = reply.data if reply.is_ok else None
    try:
        active = answer["data"]["activeTargets"]
        down = [one for one in active if one["health"] == "down"]
        named = [f"{one['labels'].get('job')} {one['labels'].get('instance')}" for one in down]
    except (KeyError, TypeError):
        yield no_data("targets", f"{reply.url} {reply.why}: those are no targets")
        return
    up = sum(one["health"] == "up" for one in active)
    value = f"{up} of {len(active)} are scraped"
    if not active:
        step = "deployment/prometheus/prometheus.yml has the scrape jobs"
        yield Finding("targets", State.FAIL, "Prometheus scrapes nothing", do_next=step)
    elif down:
        step = f"why: {str(down[0].get('lastError', 'it does not say'))[:120]}"
        yield Finding("targets", State.WARN, f"{value}; not {', '.join(named[:4])}", do_next=step)
    elif up < len(active):
        yield no_data("targets", f"{value}; the others were not yet", "look again in a minute")
    else:
        yield Finding("targets", State.PASS, value)
