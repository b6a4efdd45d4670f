"""Which parts of a system a failure has reached, by the checks of each, and what restores them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ops.checks.finding import Checked, Finding, State, worst


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the system: which findings of which check tell of it, and what restores it.

    `subjects` are the beginnings of the findings' subjects; without any all of the check's are.
    """

    name: str
    seen_by: Mapping[str, tuple[str, ...]]
    restore: str
    is_optional: bool = False


COMPONENTS: Final = (
    Component("service", {"health": ("service", "alive", "ready", "status")},
              "kubectl rollout restart deployment/calendar-assistant; see its log"),
    Component("mongodb", {"dependencies": ("mongodb",), "mongodb": ()},
              "bring it back; sre backup verify --live says what is lost, and "
              "sre backup restore components --replace brings that back"),
    Component("redis", {"dependencies": ("redis",), "redis": ()},
              "bring it back; nothing in it is needed: sre backup restore redis --replace",
              is_optional=True),
    Component("language model", {"dependencies": ("llm",)},
              "sre incident mode degraded --why 'the language model fails'", is_optional=True),
    Component("prometheus", {"monitoring": ("Prometheus", "targets")},
              "start it; sre alerts diff says whether its rules are ours"),
    Component("alertmanager", {"monitoring": ("Alertmanager",), "alerts": ("alert path",)},
              "start it; amtool check-config; sre alerts build makes its routes"),
    Component("grafana", {"monitoring": ("Grafana",)},
              "start it; sre dashboards deploy brings the boards back"),
    Component("this machine", {"system": ()}, "sre check system says what it lacks"),
)  # fmt: skip
_HURT: Final = frozenset({State.FAIL, State.WARN})


def judge(parts: Sequence[Checked]) -> tuple[Finding, ...]:
    """Return one finding a component: how it is, by the worst that was seen of it."""
    by_name = {part.check: part for part in parts}
    return tuple(_component(one, by_name) for one in COMPONENTS)


def _component(one: Component, parts: Mapping[str, Checked]) -> Finding:
    found = list(_told(one, parts))
    judged = [each for each in found if each.state is not State.INFO]
    if not judged:
        return _silent(one, found)
    state = worst(each.state for each in judged)
    first = next(each for each in judged if each.state is state)
    value = {State.PASS: "works"}.get(state, f"affected: {first.subject} {first.value}")
    if state is State.NO_DATA:
        value = f"not known: {first.subject} {first.value}"
    return Finding(
        one.name, state, value, since=first.since if state in _HURT else None,
        do_next=one.restore if state in _HURT else first.do_next,
        unreachable=first.unreachable,
    )  # fmt: skip


def _silent(one: Component, found: Sequence[Finding]) -> Finding:
    if one.is_optional:
        return Finding(one.name, State.INFO, found[0].value if found else "not in use")
    return Finding(one.name, State.NO_DATA, "nobody looked at it", do_next="give its address")


def _told(one: Component, parts: Mapping[str, Checked]) -> Iterator[Finding]:
    for check, subjects in one.seen_by.items():
        for finding in parts[check].findings if check in parts else ():
            if not subjects or finding.subject.startswith(subjects) or finding.subject == check:
                yield finding
