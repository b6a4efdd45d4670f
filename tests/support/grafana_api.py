"""A server that speaks the part of Grafana's HTTP API that deploys use, and can be made to fail.

It answers as Grafana 11 documents: versions are checked unless `overwrite` is set, a missing
folder or token is refused, ids and versions are the server's own.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

TOKEN: Final = "glsa_test"
_POLL_S: Final = 0.02


@dataclass
class GrafanaState:
    """What it holds, and how it misbehaves.

    `fail_on` maps the n-th write to what goes wrong: a status, "drop" (the connection ends before
    anything is done) or "drop after" (it is done, and then the connection ends). `mangle` names
    dashboards that the server changes as it stores them.
    """

    url: str = ""
    folders: dict[str, str] = field(default_factory=dict)
    dashboards: dict[str, dict[str, Any]] = field(default_factory=dict)
    folder_of: dict[str, str] = field(default_factory=dict)
    provisioned: set[str] = field(default_factory=set)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    fail_on: dict[int, int | str] = field(default_factory=dict)
    mangle: set[str] = field(default_factory=set)
    writes: list[str] = field(default_factory=list)

    def contents(self) -> dict[str, dict[str, Any]]:
        """Return the dashboards without what the server adds."""
        return {
            uid: {key: value for key, value in body.items() if key not in {"id", "version"}}
            for uid, body in self.dashboards.items()
        }


@contextmanager
def grafana_api() -> Iterator[GrafanaState]:
    """Serve on a free loopback port."""
    state = GrafanaState()
    handler = type("Handler", (_Handler,), {"state": state, "lock": threading.Lock()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: GrafanaState
    lock: threading.Lock

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def _serve(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"message": "Unauthorized"})
            return
        with self.lock:
            fault = self._fault(method)
            if isinstance(fault, int):
                self._send(fault, {"message": "Internal error"})
                return
            answer = None if fault == "drop" else _answer(self.state, method, self.path, body)
        if answer is None or fault == "drop after":
            self.close_connection = True
        else:
            self._send(*answer)

    def _fault(self, method: str) -> int | str | None:
        if method == "GET":
            return None
        self.state.writes.append(f"{method} {self.path}")
        return self.state.fail_on.get(len(self.state.writes))

    def _send(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _answer(state: GrafanaState, method: str, path: str, body: Any) -> tuple[int, object]:
    parts = urlsplit(path)
    query = parse_qs(parts.query)
    for verb, pattern, handle in _ROUTES:
        match = re.fullmatch(pattern, parts.path)
        if verb == method and match:
            return handle(state, *match.groups(), body=body, query=query)
    return 404, {"message": "Not found"}


def _get_folder(state: GrafanaState, uid: str, **_: Any) -> tuple[int, object]:
    if uid not in state.folders:
        return 404, {"message": "folder not found"}
    return 200, {"uid": uid, "title": state.folders[uid]}


def _post_folder(state: GrafanaState, *, body: Any, **_: Any) -> tuple[int, object]:
    if body["uid"] in state.folders:
        return 412, {"message": "a folder with that uid already exists"}
    state.folders[body["uid"]] = body["title"]
    return 200, {"uid": body["uid"], "title": body["title"]}


def _delete_folder(state: GrafanaState, uid: str, **_: Any) -> tuple[int, object]:
    if state.folders.pop(uid, None) is None:
        return 404, {"message": "folder not found"}
    for name in [name for name, folder in state.folder_of.items() if folder == uid]:
        state.dashboards.pop(name, None)
        state.folder_of.pop(name, None)
    return 200, {"message": "Folder deleted"}


def _get_dashboard(state: GrafanaState, uid: str, **_: Any) -> tuple[int, object]:
    if uid not in state.dashboards:
        return 404, {"message": "Dashboard not found"}
    return 200, {
        "dashboard": state.dashboards[uid],
        "meta": {"folderUid": state.folder_of.get(uid, "")},
    }


def _post_dashboard(state: GrafanaState, *, body: Any, **_: Any) -> tuple[int, object]:
    dashboard, folder = dict(body["dashboard"]), body.get("folderUid", "")
    uid = dashboard["uid"]
    if uid in state.provisioned:
        return 400, {"message": "Cannot save provisioned dashboard"}
    if folder and folder not in state.folders:
        return 400, {"message": "folder not found"}
    old = state.dashboards.get(uid)
    if old is not None and not body.get("overwrite") and dashboard.get("version") != old["version"]:
        return 412, {
            "message": "The dashboard has been changed by someone else",
            "status": "version-mismatch",
        }
    version = (old or {"version": 0})["version"] + 1
    identity = (old or {"id": len(state.dashboards) + 1})["id"]
    state.dashboards[uid] = dashboard | {"id": identity, "version": version}
    if uid in state.mangle and not body.get("overwrite"):
        state.dashboards[uid]["title"] += " (changed by the server)"
    state.folder_of[uid] = folder
    return 200, {"status": "success", "uid": uid, "id": identity, "version": version}


def _delete_dashboard(state: GrafanaState, uid: str, **_: Any) -> tuple[int, object]:
    if state.dashboards.pop(uid, None) is None:
        return 404, {"message": "Dashboard not found"}
    state.folder_of.pop(uid, None)
    return 200, {"message": f"Dashboard {uid} deleted"}


def _search(state: GrafanaState, *, query: dict[str, list[str]], **_: Any) -> tuple[int, object]:
    tags = set(query.get("tag", ()))
    return 200, [
        {"uid": uid, "title": body["title"]}
        for uid, body in state.dashboards.items()
        if tags <= set(body.get("tags", ()))
    ]


def _get_annotations(
    state: GrafanaState, *, query: dict[str, list[str]], **_: Any
) -> tuple[int, object]:
    tags = set(query.get("tags", ()))
    return 200, [note for note in state.annotations if tags <= set(note["tags"])]


def _post_annotation(state: GrafanaState, *, body: Any, **_: Any) -> tuple[int, object]:
    state.annotations.append(body)
    return 200, {"message": "Annotation added", "id": len(state.annotations)}


_ROUTES: Final = (
    ("GET", r"/api/folders/([\w-]+)", _get_folder),
    ("POST", r"/api/folders", _post_folder),
    ("DELETE", r"/api/folders/([\w-]+)", _delete_folder),
    ("GET", r"/api/dashboards/uid/([\w-]+)", _get_dashboard),
    ("POST", r"/api/dashboards/db", _post_dashboard),
    ("DELETE", r"/api/dashboards/uid/([\w-]+)", _delete_dashboard),
    ("GET", r"/api/search", _search),
    ("GET", r"/api/annotations", _get_annotations),
    ("POST", r"/api/annotations", _post_annotation),
)
