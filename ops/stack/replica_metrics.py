"""What single replicas counted, read from their own /metrics."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from kit.pure.errors import UnreachableError, reason_of
from ops.stack.canary import Counted
from ops.stack.containers import Container
from slo.project.project import Project

_PORT: Final = 8000
_TIMEOUT_S: Final = 10.0
_NETWORK: Final = "monitoring"


def counted(replicas: Iterable[Container], key: str, project: Project) -> Counted:
    """Return the sum of what these replicas counted since each began.

    Raises UnreachableError when one of them does not tell.
    """
    answered: Counter[tuple[str, str, str]] = Counter()
    within: Counter[tuple[str, str, float]] = Counter()
    with httpx2.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
        for one in replicas:
            add(_metrics(client, one, key), project, answered, within)
    return Counted(answered, within)


def add(
    text: str,
    project: Project,
    answered: "Counter[tuple[str, str, str]]",
    within: "Counter[tuple[str, str, float]]",
) -> None:
    """Add what one exposition says of its requests, by the roles of the project."""
    requests, latency = project.roles.requests, project.roles.latency
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = sample.labels
            if requests is not None and sample.name == requests.counter:
                where = (_label(labels, requests.method), _label(labels, requests.route))
                answered[(*where, _label(labels, requests.status))] += sample.value  # type: ignore[assignment]
            elif latency is not None and sample.name == f"{latency.histogram}_bucket":
                where = (_label(labels, latency.method), _label(labels, latency.route))
                within[(*where, float(labels["le"]))] += sample.value  # type: ignore[assignment]


def _label(labels: dict[str, str], name: str | None) -> str:
    return labels.get(name, "") if name else ""


def _metrics(client: httpx2.Client, one: Container, key: str) -> str:
    url = f"http://{one.addresses.get(_NETWORK, '')}:{_PORT}/metrics"
    try:
        answer = client.get(url, headers={"Authorization": f"Bearer {key}"})
    except httpx2.HTTPError as err:
        raise UnreachableError(
            f"{one.name} does not tell what it counted: {reason_of(err)}",
            hint="sre stack status shows whether it runs",
        ) from err
    if answer.status_code != 200:  # noqa: PLR2004 -- OK
        raise UnreachableError(
            f"{one.name} answers {answer.status_code} on /metrics",
            hint="sre stack up makes the key that opens it",
        )
    return answer.text
