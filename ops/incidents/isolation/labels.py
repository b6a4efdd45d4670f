"""Which pods a label selector of Kubernetes means.

Source: Kubernetes, Labels and Selectors, "Resources that support set-based requirements".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kit.pure.fields import Field


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on one label; `operator` is In, NotIn, Exists or DoesNotExist."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Say whether labels meet it; NotIn also holds where the label is absent."""
        if self.operator in {"In", "NotIn"}:
            return (labels.get(self.key) in self.values) is (self.operator == "In")
        return (self.key in labels) is (self.operator == "Exists")

    @property
    def shown(self) -> str:
        """Return it as `kubectl --selector` writes it."""
        if self.operator in {"In", "NotIn"}:
            return f"{self.key} {self.operator.lower()} ({','.join(self.values)})"
        return self.key if self.operator == "Exists" else f"!{self.key}"


@dataclass(frozen=True, slots=True)
class Selector:
    """All requirements hold for what is selected; none at all selects everything."""

    requirements: tuple[Requirement, ...] = ()

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Say whether something with these labels is meant."""
        return all(each.holds(labels) for each in self.requirements)

    @property
    def shown(self) -> str:
        """Return it in words; "" for everything."""
        return ",".join(each.shown for each in self.requirements)


def read_selector(field: Field | None) -> Selector:
    """Return the selector at a place; an absent one selects everything."""
    if field is None:
        return Selector()
    field.only("matchLabels", "matchExpressions")
    found = []
    if labels := field.get("matchLabels"):
        found += [Requirement(k, "In", (value,)) for k, value in read_labels(labels).items()]
    if expressions := field.get("matchExpressions"):
        found += [_requirement(each) for each in expressions.items()]
    return Selector(tuple(found))


def _requirement(field: Field) -> Requirement:
    field.only("key", "operator", "values")
    operator = field.need("operator").choice("In", "NotIn", "Exists", "DoesNotExist")
    given = field.get("values")
    values = tuple(_value(each) for each in given.items()) if given else ()
    if (operator in {"In", "NotIn"}) is not bool(values):
        raise field.wrong("does not fit its operator", "In and NotIn have values, others none")
    return Requirement(field.need("key").text(), operator, values)


def read_labels(field: Field) -> dict[str, str]:
    """Return labels by name; a value may be empty."""
    return {name: _value(field.need(name)) for name in field.names()}


def _value(field: Field) -> str:
    if not isinstance(field.value, str):
        raise field.wrong("is no label's value", "write a text, in quotes if it is a number")
    return field.value
