"""The part of Grafana's HTTP API that a deploy needs."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx2

from kit.edge.tls import authorities
from kit.pure.errors import RefusedError, UnreachableError
from kit.pure.urls import address_of

_NOT_FOUND: Final = 404
_CONFLICTS: Final = frozenset({409, 412})
_DENIED: Final = frozenset({401, 403})
_SERVER_FAILS: Final = 500
_TIMEOUT_S: Final = 15.0


class Grafana:
    """A Grafana at a URL; `token` is that of a service account with the role Editor.

    Every method raises UnreachableError when it does not answer, and RefusedError when it
    refuses: credentials, a provisioned dashboard, a change by somebody else meanwhile.
    """

    def __init__(self, url: str, token: str = "", *, timeout_s: float = _TIMEOUT_S) -> None:
        place = address_of(url, example="http://host:3000")
        self.url = place.url
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx2.Client(
            base_url=self.url,
            headers={**headers, **place.headers},
            timeout=timeout_s,
            trust_env=False,
            verify=authorities(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def folder(self, uid: str) -> str | None:
        """Return the title of a folder, None when there is none."""
        found = self._ask("GET", f"/api/folders/{uid}", absent=True)
        return None if found is None else str(found["title"])

    def create_folder(self, uid: str, title: str) -> None:
        """Make a folder."""
        self._ask("POST", "/api/folders", {"uid": uid, "title": title})

    def delete_folder(self, uid: str) -> None:
        """Remove a folder and what is in it."""
        self._ask("DELETE", f"/api/folders/{uid}", absent=True)

    def dashboard(self, uid: str) -> dict[str, Any] | None:
        """Return a dashboard with its `id` and `version`, None when there is none."""
        found = self._ask("GET", f"/api/dashboards/uid/{uid}", absent=True)
        return None if found is None else dict(found["dashboard"])

    def folder_of(self, uid: str) -> str:
        """Return the uid of the folder that a dashboard is in, "" for the general one."""
        found = self._ask("GET", f"/api/dashboards/uid/{uid}", absent=True)
        return "" if found is None else str(found.get("meta", {}).get("folderUid") or "")

    def tagged(self, tag: str) -> tuple[str, ...]:
        """Return the uids of the dashboards with a tag."""
        found = self._ask("GET", "/api/search", query={"type": "dash-db", "tag": tag})
        return tuple(sorted(str(item["uid"]) for item in found))

    def save(
        self, dashboard: Mapping[str, Any], *, folder: str, message: str, overwrite: bool
    ) -> int:
        """Write a dashboard and return its version.

        Without `overwrite` the `version` given must be the newest one's.
        """
        body = {
            "dashboard": dict(dashboard),
            "folderUid": folder,
            "message": message,
            "overwrite": overwrite,
        }
        return int(self._ask("POST", "/api/dashboards/db", body)["version"])

    def delete(self, uid: str) -> None:
        """Remove a dashboard; one that is gone already is no error."""
        self._ask("DELETE", f"/api/dashboards/uid/{uid}", absent=True)

    def annotations(self, tag: str) -> list[dict[str, Any]]:
        """Return the annotations with a tag, up to 1,000."""
        found = self._ask("GET", "/api/annotations", query={"tags": tag, "limit": "1000"})
        return [dict(item) for item in found]

    def annotate(self, annotation: Mapping[str, Any]) -> None:
        """Write an annotation for all dashboards that ask for its tags."""
        self._ask("POST", "/api/annotations", annotation)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        absent: bool = False,
    ) -> Any:
        what = f"{method} {path}"
        try:
            answer = self._client.request(
                method, path, json=None if body is None else dict(body), params=query
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as err:
            raise UnreachableError(
                f"Grafana at {self.url} does not answer {what}: {str(err) or type(err).__name__}",
                hint="start it, or give the URL of another one with --grafana",
            ) from err
        if answer.status_code == _NOT_FOUND and absent:
            return None
        if answer.is_success:
            return _json(answer, self.url)
        raise self._refusal(what, answer)

    def _refusal(self, what: str, answer: httpx2.Response) -> Exception:
        try:
            said = answer.json().get("message", "")
        except (ValueError, AttributeError):
            said = answer.text[:200]
        text = f"Grafana at {self.url} answers {answer.status_code} to {what}: {said}"
        if answer.status_code in _DENIED:
            return RefusedError(text, hint="set SRE_GRAFANA_TOKEN to a token of the role Editor")
        if answer.status_code in _CONFLICTS:
            return RefusedError(text, hint="somebody changed it meanwhile: look, and deploy again")
        if answer.status_code >= _SERVER_FAILS:
            return UnreachableError(text, hint="look at Grafana's log")
        return RefusedError(text, hint="a provisioned dashboard is changed by its files only")


def _json(answer: httpx2.Response, url: str) -> Any:
    try:
        return answer.json()
    except json.JSONDecodeError as err:
        raise UnreachableError(
            f"{url} answers {answer.status_code} and no JSON: is it a Grafana?",
            hint="give the URL of a Grafana with --grafana",
        ) from err
