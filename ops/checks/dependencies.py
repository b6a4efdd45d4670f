"""What the service says of its dependencies, beside what this machine sees of them itself.

Where the two differ the fault is in between: the network or the credentials of one side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families

from kit.pure.words import seconds
from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, no_data
from ops.checks.observe.replies import Reply

_FAILURES: Final = "component_failures_total"
_UP, _NONE = "connected", "not_configured"
_NEEDED: Final = frozenset({"mongodb"})
_CHECKED: Final = frozenset({"mongodb", "redis"})


@dataclass(frozen=True, slots=True)
class Direct:
    """What this machine saw: `problem` says why not; `asked` is False where it had no address."""

    name: str
    asked: bool = True
    problem: str = ""
    took_s: float | None = None

    @property
    def is_up(self) -> bool:
        """Say whether it answered."""
        return self.asked and not self.problem


def said_by(health: Reply) -> Mapping[str, str]:
    """Return what the service says of each dependency; nothing where it does not say."""
    answer: Any = health.data if health.is_ok else None
    found = answer.get("dependencies") if isinstance(answer, dict) else None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def failures_of(component: str, metrics: Reply) -> str:
    """Return in words how often a component of the service failed, by its page of metrics."""
    if not metrics.is_ok:
        return ""
    try:
        found = [
            (sample.labels.get("reason", ""), sample.value)
            for family in text_string_to_metric_families(metrics.text)
            for sample in family.samples
            if sample.name == _FAILURES and sample.labels.get("component") == component
        ]
    except ValueError:
        return ""
    counts = ", ".join(f"{count:,.0f} {reason}" for reason, count in found if count)
    return f"failed for the service since its start: {counts}" if counts else ""


def evidence(
    health: Reply, direct: tuple[Direct, ...], metrics: Reply | None
) -> tuple[Evidence, ...]:
    """Return of each dependency which sides told of it: the service, and this machine.

    Of the language model /health says nothing; there `metrics`, the service's page, is its side.
    """
    said = said_by(health)
    found = []
    for one in direct:
        told = said.get(one.name, "")
        if told == _NONE and not one.asked:
            continue
        counted = metrics is not None and one.name == "llm" and _counts(one.name, metrics)
        sides = ["the service"] * bool(told or counted) + ["this machine"] * one.asked
        step = f"give --{one.name} URL, or set CALENDAR_{one.name.upper()}_URL"
        if one.asked:
            step = "set SRE_API_KEYS to a key with the scope metrics" if not told else ""
        found.append(
            named(one.name, ("the service", "this machine"), sides, unit="sides",
                  bears=(one.name,), do_next=step)
        )  # fmt: skip
    return tuple(found)


def _counts(component: str, metrics: Reply) -> bool:
    """Say whether a page of metrics counts the failures of a component, be it none."""
    return metrics.is_ok and f'component="{component}"' in metrics.text


def judge(
    health: Reply,
    direct: tuple[Direct, ...],
    down_since: Mapping[str, datetime],
    *,
    llm_failures: str = "",
) -> tuple[Finding, ...]:
    """Return one finding a dependency, and one where the service itself says nothing.

    `llm_failures` is what the service counted of its language model, which /health leaves out.
    """
    said = said_by(health)
    found = [_both(one, said.get(one.name, ""), down_since.get(one.name)) for one in direct]
    if not said:
        step = "sre check health"
        return (
            Finding("service", State.FAIL, f"says nothing: {health.url} {health.why}",
                    do_next=step, unreachable=bool(health.problem)),
            *found,
        )  # fmt: skip
    if llm_failures:
        found = [_with(one, llm_failures) if one.subject == "llm" else one for one in found]
    return tuple(found)


def _with(one: Finding, more: str) -> Finding:
    return replace(one, value=f"{one.value}; {more}")


def _both(direct: Direct, said: str, since: datetime | None) -> Finding:
    name, here = direct.name, _seen(direct)
    value = f"service: {said or 'says nothing of it'}, here: {here}"
    if said == _NONE and not direct.asked:
        return Finding(name, State.INFO, "not configured")
    if said == _NONE:
        step = f"the service does not use it: set CALENDAR_{name.upper()}_URL for the service"
        return Finding(name, State.WARN, value, do_next=step)
    if said == _UP or not said:
        return _fine_there(direct, value, said)
    if direct.is_up:
        step = (
            f"only the service cannot: compare its CALENDAR_{name.upper()}_URL, its credentials "
            "and the network between them"
        )
        return Finding(name, _lost(name), value, limit="both", since=since, do_next=step)
    step = f"sre check {name}" if direct.asked else f"sre check {name} --{name} URL"
    return Finding(name, _lost(name), value, limit="both", since=since, do_next=step)


def _fine_there(direct: Direct, value: str, said: str) -> Finding:
    """Judge what the service reaches, or says nothing of."""
    name = direct.name
    if direct.is_up:
        return Finding(name, State.PASS, value, limit="both", measured=direct.took_s)
    if direct.asked:
        if said:
            step = "only this machine cannot: are address and password right, the firewall open?"
            return Finding(name, State.WARN, value, limit="both", do_next=step)
        step = (
            f"sre check {name}"
            if name in _CHECKED
            else f"curl -sv $CALENDAR_{name.upper()}_URL/models"
        )
        return Finding(name, _lost(name), value, limit="both", do_next=step, unreachable=True)
    if said:
        return Finding(name, State.PASS, value)
    return no_data(name, value, "start with sre check health")


def _lost(name: str) -> State:
    return State.FAIL if name in _NEEDED else State.WARN


def _seen(direct: Direct) -> str:
    if not direct.asked:
        return "no address given"
    if direct.problem:
        return direct.problem
    return "answers" if direct.took_s is None else f"answers in {seconds(direct.took_s)}"
