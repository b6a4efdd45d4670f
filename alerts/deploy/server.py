"""A Prometheus server: what it runs, and making it read its rules again."""

from dataclasses import dataclass
from typing import Any, Final

import httpx2 as httpx

from slo.errors import HarnessError, UnreachableError

_OK: Final = 200
_FORBIDDEN: Final = frozenset({403, 404, 405})


class ReloadRefusedError(HarnessError):
    """The server keeps its old rules, and says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Prometheus at `url`; every request is given `timeout_s`."""

    url: str
    timeout_s: float = 10.0

    def groups(self) -> list[dict[str, Any]]:
        """Return the groups of `/api/v1/rules`."""
        found: list[dict[str, Any]] = self._get("/api/v1/rules")["data"]["groups"]
        return found

    def metrics(self) -> frozenset[str]:
        """Return the name of every series that the server has."""
        return frozenset(self._get("/api/v1/label/__name__/values")["data"])

    def reload(self) -> None:
        """Make it read its rule files; raises when it will not or cannot."""
        try:
            response = httpx.post(f"{self._base()}/-/reload", timeout=self.timeout_s)
        except httpx.HTTPError as err:
            raise self._silent(err) from err
        if response.status_code in _FORBIDDEN:
            raise ReloadRefusedError(
                f"Prometheus at {self.url} does not take reloads ({response.status_code})",
                hint="start it with --web.enable-lifecycle",
            )
        if response.status_code != _OK:
            reason = " ".join(response.text.split())[:300]
            raise ReloadRefusedError(
                f"Prometheus at {self.url} refuses the reload: {reason}",
                hint="its configuration or a rule file beside ours is broken; see its log",
            )

    def _get(self, path: str) -> dict[str, Any]:
        try:
            response = httpx.get(f"{self._base()}{path}", timeout=self.timeout_s)
            value = response.json()
        except (httpx.HTTPError, ValueError) as err:
            raise self._silent(err) from err
        if response.status_code != _OK or value.get("status") != "success":
            raise UnreachableError(
                f"Prometheus at {self.url} answers {response.status_code} to {path}",
                hint="check the URL",
            )
        return dict(value)

    def _base(self) -> str:
        return self.url.rstrip("/")

    def _silent(self, err: Exception) -> UnreachableError:
        return UnreachableError(
            f"Prometheus at {self.url} does not answer: {str(err) or type(err).__name__}",
            hint="check the URL (--prometheus or SRE_PROMETHEUS_URL) and that it runs",
        )
