"""A Prometheus server: what it runs, and making it read its rules again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx2 as httpx

from kit.edge.tls import authorities
from kit.pure.errors import HarnessError, UnreachableError
from kit.pure.prometheus_api import PROMETHEUS_EXAMPLE, no_prometheus, read_answer
from kit.pure.urls import address_of

_OK: Final = 200
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = frozenset({403, 404, 405})


class ReloadRefusedError(HarnessError):
    """The server keeps its old rules, and says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Prometheus at `url`; every request is given `timeout_s` and carries `headers`."""

    url: str
    timeout_s: float = 10.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        place = address_of(self.url, example=PROMETHEUS_EXAMPLE)
        object.__setattr__(self, "url", place.url)
        object.__setattr__(self, "headers", {**self.headers, **place.headers})

    def groups(self) -> list[dict[str, Any]]:
        """Return the groups of `/api/v1/rules`."""
        path = "/api/v1/rules"
        data = self._get(path)
        if not isinstance(data, dict) or not isinstance(data.get("groups"), list):
            raise no_prometheus(self.url, f"{path} without groups")
        found: list[dict[str, Any]] = data["groups"]
        return found

    def metrics(self) -> frozenset[str]:
        """Return the name of every series that the server has."""
        return self._names("/api/v1/label/__name__/values")

    def count(self, expr: str) -> int | None:
        """Return how many series an expression gives now; None when the server cannot tell."""
        path = "/api/v1/query?" + urlencode({"query": f"count({expr})"})
        try:
            found = self._get(path)["result"]
        except (UnreachableError, KeyError, TypeError):
            return None  # a rule that fails is found when it is evaluated, with its reason
        return int(float(found[0]["value"][1])) if found else 0

    def _names(self, path: str) -> frozenset[str]:
        data = self._get(path)
        if not isinstance(data, list):
            raise no_prometheus(self.url, f"{path} without names")
        return frozenset(str(name) for name in data)

    def reload(self) -> None:
        """Make it read its rule files; raises when it will not or cannot."""
        try:
            response = httpx.post(
                f"{self.url}/-/reload",
                headers=dict(self.headers),
                timeout=self.timeout_s,
                verify=authorities(),
            )
        except httpx.HTTPError as err:
            raise self._silent(err) from err
        if response.status_code == _UNAUTHORIZED:
            raise ReloadRefusedError(
                f"Prometheus at {self.url} does not take reloads from anybody (401)",
                hint="set SRE_PROMETHEUS_TOKEN to a token that may reload",
            )
        if response.status_code in _FORBIDDEN:
            raise ReloadRefusedError(
                f"Prometheus at {self.url} does not take reloads ({response.status_code})",
                hint="start it with --web.enable-lifecycle; before a proxy, may this token reload?",
            )
        if response.status_code != _OK:
            reason = " ".join(response.text.split())[:300]
            raise ReloadRefusedError(
                f"Prometheus at {self.url} refuses the reload: {reason}",
                hint="its configuration or a rule file beside ours is broken; see its log",
            )

    def _get(self, path: str) -> Any:
        try:
            response = httpx.get(
                f"{self.url}{path}",
                headers=dict(self.headers),
                timeout=self.timeout_s,
                verify=authorities(),
            )
        except httpx.HTTPError as err:
            raise self._silent(err) from err
        if response.status_code in {_UNAUTHORIZED, 403}:
            raise UnreachableError(
                f"Prometheus at {self.url} does not answer anybody ({response.status_code})",
                hint="set SRE_PROMETHEUS_TOKEN to a token that may read",
            )
        answer = read_answer(self.url, path, response.status_code, response.content)
        if response.status_code != _OK or answer["status"] != "success":
            reason = answer.get("error", "")
            raise UnreachableError(
                f"Prometheus at {self.url} answers {response.status_code} to {path}: {reason}",
                hint="check the URL",
            )
        return answer["data"]

    def _silent(self, err: Exception) -> UnreachableError:
        return UnreachableError(
            f"Prometheus at {self.url} does not answer: {str(err) or type(err).__name__}",
            hint="check the URL (--prometheus or SRE_PROMETHEUS_URL) and that it runs",
        )
