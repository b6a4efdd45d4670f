"""One instance of the service as an operator speaks to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from kit.edge.target import Access, addressed
from kit.pure.errors import BadInputError, HarnessError, UnreachableError, reason_of

MODES: Final = ("normal", "degraded", "read_only")
_REFUSED: Final = frozenset({401, 403})


class NotDoneError(HarnessError):
    """The service answers, but not with what was asked of it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mode of a service, why, and whether uncertain decisions wait for a person."""

    mode: str
    reason: str
    manual_review: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """The service at `url`, asked with the first key of `access`; a key with the scope admin."""

    url: str
    access: Access
    timeout_s: float = 5.0

    def __post_init__(self) -> None:
        url, access = addressed(self.url, self.access)
        object.__setattr__(self, "url", url)
        object.__setattr__(self, "access", access)

    def chosen(self) -> Chosen:
        """Return the mode that it is in."""
        return _chosen(self._asked("GET", "/admin/mode").json())

    def choose(self, wish: Chosen) -> Chosen:
        """Put it, and all that share its database, into a mode; return what it then says."""
        body = {"mode": wish.mode, "reason": wish.reason, "manual_review": wish.manual_review}
        return _chosen(self._asked("PUT", "/admin/mode", json=body).json())

    def shown_mode(self) -> str | None:
        """Return the one mode that its /metrics show, None while they show none or several.

        Workers of one instance are added up: all of them must be in it.
        """
        text = self._asked("GET", "/metrics").text
        modes = {
            sample.labels["mode"]: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "service_mode"
        }
        on = [mode for mode, value in modes.items() if value > 0]
        return on[0] if len(on) == 1 else None

    def _asked(self, method: str, path: str, json: object = None) -> httpx2.Response:
        try:
            with self.access.client(self.url, timeout_s=self.timeout_s) as client:
                answer = client.request(method, path, json=json)
        except httpx2.HTTPError as err:
            raise UnreachableError(
                f"{self.url}{path} does not answer: {reason_of(err)}",
                hint="is this its address (--target), and does it live?",
            ) from err
        if answer.status_code in _REFUSED:
            raise BadInputError(
                f"{self.url}{path} answers {answer.status_code}",
                hint="set SRE_API_KEYS to a key with the scopes admin and metrics",
            )
        if answer.status_code != httpx2.codes.OK:
            raise NotDoneError(
                f"{self.url}{path} answers {answer.status_code}: {_detail(answer)}",
                hint="is that the calendar service?",
            )
        return answer


def _chosen(reply: Mapping[str, object]) -> Chosen:
    return Chosen(
        str(reply["mode"]), str(reply.get("reason", "")), bool(reply.get("manual_review"))
    )


def _detail(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:80]
