"""Ask a target for its own word: its health, and its counts of requests."""

from typing import Final

import httpx2

from kit.edge.target import Access
from slo.project.project import Project
from synthetic.load.crosscheck import Counts, counts_in, why_not_compared
from synthetic.load.health import Health, health_in

NONE_SHOWN: Final = ""
"""Of a target that has no metrics there is nothing to say."""


def read_health(
    url: str, path: str | None, *, access: Access, timeout_s: float = 5.0
) -> Health | None:
    """Return what the target says of itself at `path`, None when it has no such page."""
    if path is None:
        return None
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            content = client.get(path).json()
    except (httpx2.HTTPError, ValueError):
        return None
    return health_in(content)


def read_counts(
    url: str, project: Project, *, access: Access, timeout_s: float = 5.0
) -> Counts | str:
    """Return the service's own counts, or why they cannot be had."""
    path = project.scrape
    if why := why_not_compared(project.roles):
        return why
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            answer = client.get(path)
    except httpx2.HTTPError as err:
        return f"{path} cannot be read: {err}"
    if answer.status_code == httpx2.codes.NOT_FOUND:
        return NONE_SHOWN
    if answer.status_code != httpx2.codes.OK:
        return f"{path} answers {answer.status_code}"
    try:
        return counts_in(answer.text, project.roles)
    except ValueError as err:
        return f"{path} is not in Prometheus's format: {err}"
