"""The labels that set the recorded series of an objective apart from all others.

Names of objectives are each team's own, and several teams may share a Prometheus. So the series
of a service name it; those of a project that was there first name none, and a selector of them asks
for that: a new label on them would show budgets as full until a whole period has passed.
"""

from typing import Final

from slo.objective import Objective

SLO_LABEL: Final = "slo"
SERVICE_LABEL: Final = "service"


def is_ours(objective: Objective) -> bool:
    """Say whether the first project's own alerts are about this objective."""
    return objective.is_first


def labels_of(objective: Objective) -> tuple[tuple[str, str], ...]:
    """Return the labels of each recorded series of an objective."""
    slo = (SLO_LABEL, objective.name)
    return (slo,) if is_ours(objective) else (slo, (SERVICE_LABEL, objective.service))


def selector_of(*objectives: Objective) -> str:
    """Select the recorded series of these objectives of one service, in PromQL."""
    names = [each.name for each in objectives]
    labels = [dict(labels_of(each)).get(SERVICE_LABEL, "") for each in objectives]
    return f"{{{_any(SLO_LABEL, names)},{_any(SERVICE_LABEL, labels)}}}"


def _any(label: str, values: list[str]) -> str:
    first, *others = dict.fromkeys(values)
    return f'{label}=~"{"|".join((first, *others))}"' if others else f'{label}="{first}"'
