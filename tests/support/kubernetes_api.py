"""As much of a Kubernetes API server as kubectl needs to change policies and to scale down."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Raw = dict[str, Any]
_GROUP = "networking.k8s.io"
_SCHEMAS = "/openapi/v2"
_SCHEMAS_KIND = "application/octet-stream"
_VERBS = ["create", "delete", "get", "list", "patch"]


@dataclass(slots=True)
class Cluster:
    """The pods and policies of one namespace; `refusals` are methods that are forbidden.

    Scaled to `replicas`, as many pods stay, and those that are `stuck`.
    """

    pods: list[Raw] = field(default_factory=list)
    policies: dict[str, Raw] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=set)
    replicas: int = 1
    stuck: int = 0

    def answer(self, method: str, path: str, query: str, body: Raw) -> tuple[int, Raw]:
        """Return the status and the body of an answer."""
        if method in self.refusals and "networkpolicies" in path:
            return 403, _status(403, "Forbidden", "policies are not yours")
        if path in _DISCOVERY:
            return 200, _DISCOVERY[path]
        if path.endswith("/pods"):
            wanted = parse_qs(query)["labelSelector"][0].split("=")
            found = [p for p in self.pods if p["metadata"]["labels"].get(wanted[0]) == wanted[1]]
            return 200, {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": found}
        if "/deployments/" in path:
            return 200, self._scaled(method, path, body)
        if "/networkpolicies" in path:
            name = path.rpartition("/networkpolicies")[2].strip("/")
            return self._policies(method, name, body, parse_qs(query).get("fieldSelector", []))
        return 404, _status(404, "NotFound", path)

    def _scaled(self, method: str, path: str, body: Raw) -> Raw:
        if method in {"PUT", "PATCH"}:
            self.replicas = body["spec"]["replicas"]
            del self.pods[max(self.replicas, self.stuck) :]
        about = {"name": path.split("/")[7], "namespace": "prod"}
        is_scale = path.endswith("/scale")
        kind = {"kind": "Scale", "apiVersion": "autoscaling/v1"} if is_scale else {
            "kind": "Deployment", "apiVersion": "apps/v1"}  # fmt: skip
        return {**kind, "metadata": about, "spec": {"replicas": self.replicas}}

    def _policies(self, method: str, name: str, body: Raw, selected: list[str]) -> tuple[int, Raw]:
        if method == "POST":
            self.policies[body["metadata"]["name"]] = body
            return 201, body
        if not name:
            known = self.policies.items()
            items = [one for key, one in known if selected in ([], [f"metadata.name={key}"])]
            about = {"kind": "NetworkPolicyList", "apiVersion": f"{_GROUP}/v1", "metadata": {}}
            return 200, {**about, "items": items}
        if name not in self.policies:
            return 404, _status(404, "NotFound", f"networkpolicies {name!r} not found")
        if method == "DELETE":
            del self.policies[name]
            return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        if method == "PATCH":
            self.policies[name] = merged(self.policies[name], body)
        return 200, self.policies[name]


def merged(value: Any, patch: Any) -> Any:
    """Return a value with a JSON merge patch applied (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(value) if isinstance(value, dict) else {}
    for name, each in patch.items():
        if each is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), each)
    return found


def policy(name: str, spec: Raw) -> Raw:
    """Return a NetworkPolicy as the server keeps it."""
    metadata = {"name": name, "namespace": "prod"}
    kind = {"apiVersion": f"{_GROUP}/v1", "kind": "NetworkPolicy"}
    return {**kind, "metadata": metadata, "spec": spec}


def pod(name: str, **labels: str) -> Raw:
    """Return a pod that runs."""
    about = {"name": name, "namespace": "prod", "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": {},
            "status": {"phase": "Running"}}  # fmt: skip


@contextmanager
def listening_cluster(folder: Path) -> Iterator[tuple[Cluster, Path]]:
    """Listen for as long as the block lasts; give the cluster and the KUBECONFIG that names it."""
    cluster = Cluster()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.raw_requestline and self.parse_request():
                self._answer()
            else:
                self.close_connection = True

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"{}")
            url = urlsplit(self.path)
            kind, code, content = _SCHEMAS_KIND, 200, b""  # no schema: kubectl validates nothing
            if url.path != _SCHEMAS:
                code, answer = cluster.answer(self.command, url.path, url.query, body)
                kind, content = "application/json", json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield cluster, _config(folder, server.server_port)
        finally:
            server.shutdown()
            thread.join()


def _config(folder: Path, port: int) -> Path:
    named = {"name": "test"}
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{**named, "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "contexts": [{**named, "context": {"cluster": "test", "user": "test"}}],
        "users": [{**named, "user": {"token": "test"}}],
    }  # fmt: skip
    path.write_text(json.dumps(config))
    return path


def _status(code: int, reason: str, message: str) -> Raw:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
            "reason": reason, "message": message}  # fmt: skip


def _resources(group: str, name: str, kind: str) -> Raw:
    one = {"name": name, "singularName": "", "namespaced": True, "kind": kind, "verbs": _VERBS}
    return {"kind": "APIResourceList", "groupVersion": group, "resources": [one]}


_VERSION = {"groupVersion": f"{_GROUP}/v1", "version": "v1"}
_APPS = {"groupVersion": "apps/v1", "version": "v1"}
_DISCOVERY: dict[str, Raw] = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
        {"name": name, "versions": [version], "preferredVersion": version}
        for name, version in ((_GROUP, _VERSION), ("apps", _APPS))]},
    "/apis/apps/v1": {"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [
        {"name": "deployments", "singularName": "", "namespaced": True, "kind": "Deployment",
         "verbs": _VERBS},
        {"name": "deployments/scale", "singularName": "", "namespaced": True, "kind": "Scale",
         "group": "autoscaling", "version": "v1", "verbs": ["get", "patch", "update"]}]},
    "/api/v1": _resources("v1", "pods", "Pod"),
    f"/apis/{_GROUP}/v1": _resources(f"{_GROUP}/v1", "networkpolicies", "NetworkPolicy"),
    "/openapi/v3": {"paths": {f"apis/{_GROUP}/v1": {"serverRelativeURL": "/openapi/v3/ours"}}},
    # That the server itself judges the fields, so that kubectl need not.
    "/openapi/v3/ours": {"openapi": "3.0.0", "info": {"title": "test", "version": "1"}, "paths": {
        f"/apis/{_GROUP}/v1/namespaces/{{namespace}}/networkpolicies/{{name}}": {"patch": {
            "parameters": [{"name": "fieldValidation", "in": "query"}],
            "x-kubernetes-group-version-kind":
                {"group": _GROUP, "version": "v1", "kind": "NetworkPolicy"},
            "responses": {}}}}},
}  # fmt: skip
