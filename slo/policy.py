"""OpenSLO's alert policies: one burn rate over one window, and who is notified."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kit.pure.durations import parse_openslo
from kit.pure.fields import Field
from slo.documents import Library, check_description, check_metadata

OPERATORS: Final = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">"}
SEVERITIES: Final = ("page", "critical", "ticket", "warning", "info")


@dataclass(frozen=True, slots=True)
class Condition:
    """The burn rate over `lookback` is `op` `threshold` for as long as `after`."""

    severity: str  # one of SEVERITIES
    op: str  # one of OPERATORS
    threshold: float
    lookback: timedelta
    after: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """A condition, and the names of those who are notified; `breaching` says whether they are."""

    name: str
    condition: Condition
    targets: tuple[str, ...]
    breaching: bool = True


def reachable(policy: Policy, budget: float) -> bool:
    """Say whether an objective with this budget can burn as fast as the policy asks.

    When everything is bad the burn rate is 1 / budget, and no more.
    """
    fastest, asked = 1 / budget, policy.condition.threshold
    return {"gt": asked < fastest, "gte": asked <= fastest}.get(policy.condition.op, True)


def policies_of(slo_spec: Field, library: Library) -> tuple[Policy, ...]:
    """Return an SLO's alert policies, each once."""
    listed = slo_spec.get("alertPolicies")
    found: dict[str, Policy] = {}
    for each in listed.items() if listed else ():
        if isinstance(each.value, str):
            raise each.wrong("is a bare name", f"write `- alertPolicyRef: {each.value}`")
        body, name = _inline_or_named(each, "AlertPolicy", "alertPolicyRef", library)
        if name in found:
            raise each.wrong(f"names the policy {name} a second time", "remove one of them")
        found[name] = read_policy(body, name, library)
    return tuple(found.values())


def _inline_or_named(
    place: Field, kind: str, reference_key: str, library: Library
) -> tuple[Field, str]:
    """Return an object that stands here or is named here, and its name."""
    reference = place.get(reference_key)
    if reference is not None:
        place.only(reference_key)
        return library.find(kind, reference), reference.text()
    if place.get("spec") is None:
        raise place.wrong(f"is no {kind}", f"write `{reference_key}: NAME`, or kind and spec")
    place.only("apiVersion", "kind", "metadata", "spec")
    if found := place.get("kind"):
        found.choice(kind)
    return place, check_metadata(place.need("metadata"), kind=kind)


def read_policy(body: Field, name: str, library: Library) -> Policy:
    """Return the policy that an object describes."""
    spec = body.need("spec")
    flags = ("alertWhenNoData", "alertWhenResolved", "alertWhenBreaching")
    spec.only("description", *flags, "conditions", "notificationTargets")
    check_description(spec)
    said = {flag: place.flag() for flag in flags if (place := spec.get(flag))}
    conditions = spec.need("conditions", "add one AlertCondition")
    listed = list(conditions.items())
    if len(listed) != 1:
        raise conditions.wrong("must have exactly one element", "write one policy a condition")
    condition, _ = _inline_or_named(listed[0], "AlertCondition", "conditionRef", library)
    targets = spec.need("notificationTargets", "add one AlertNotificationTarget")
    notified = tuple(_notified(each, library) for each in targets.items())
    if not notified:
        raise targets.wrong("has no element", "add one AlertNotificationTarget")
    breaching = said.get("alertWhenBreaching", True)
    return Policy(name, read_condition(condition.need("spec")), notified, breaching)


def _notified(place: Field, library: Library) -> str:
    body, name = _inline_or_named(place, "AlertNotificationTarget", "targetRef", library)
    check_target(body.need("spec"))
    return name


def read_condition(spec: Field) -> Condition:
    """Return the condition that the spec of an AlertCondition describes."""
    spec.only("description", "severity", "condition")
    check_description(spec)
    severity = spec.need("severity", "add `severity: page` or ticket").choice(*SEVERITIES)
    condition = spec.need("condition")
    condition.only("kind", "op", "threshold", "lookbackWindow", "alertAfter")
    condition.need("kind", "add `kind: burnrate`").choice("burnrate")
    op = condition.need("op", "add `op: gt`").choice(*OPERATORS)
    threshold = condition.need("threshold", "add the burn rate, such as `threshold: 2`").number()
    lookback, after = (
        _duration(condition.need(name, f"add `{name}: 1h`"))
        for name in ("lookbackWindow", "alertAfter")
    )
    return Condition(severity, op, threshold, lookback, after)


def check_target(spec: Field) -> None:
    """Check the spec of an AlertNotificationTarget."""
    spec.only("description", "target")
    check_description(spec)
    spec.need("target", "add `target:` with who is notified, such as email").text()


def _duration(place: Field) -> timedelta:
    found = parse_openslo(place.text())
    if found is None:
        raise place.wrong("is not a duration", "write a number and one of m h d w M Q Y: 5m")
    return found
