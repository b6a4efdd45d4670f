"""Pods, events and logs of the cluster that kubectl is set up for."""

import shutil
import subprocess
from typing import Final

from kit.edge.containers.docker import last_line
from kit.pure.errors import UnreachableError
from ops.incidents.evidence.part import Part, Site, Window

_LABEL: Final = "app=calendar-assistant"
_QUESTIONS: Final = {
    "pods.json": ("get", "pods,deployments,hpa", "--output", "json"),
    "events.txt": ("get", "events", "--sort-by=.lastTimestamp"),
}


def cluster(site: Site, window: Window) -> list[Part]:
    """Return what kubectl tells; a note where it is set up for no cluster.

    Raises UnreachableError when the cluster does not answer.
    """
    if shutil.which("kubectl") is None:
        return [Part("cluster/none.txt", "kubectl is not on PATH\n", "kubectl")]
    try:
        _kubectl(("config", "current-context"), site.timeout_s)
    except UnreachableError as err:
        return [Part("cluster/none.txt", f"kubectl knows no cluster: {err}\n", "kubectl")]
    logs = ("logs", "--selector", _LABEL, "--prefix", "--timestamps", "--tail", "5000",
            f"--since-time={window.since:%Y-%m-%dT%H:%M:%SZ}")  # fmt: skip
    return [
        Part(f"cluster/{name}", _kubectl(words, site.timeout_s), f"kubectl {' '.join(words)}")
        for name, words in {**_QUESTIONS, "pods.log": logs}.items()
    ]


def _kubectl(words: tuple[str, ...], timeout_s: float) -> str:
    try:
        done = subprocess.run(
            ("kubectl", *words), capture_output=True, text=True, timeout=timeout_s, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as err:
        raise UnreachableError(f"kubectl {words[0]}: {err}") from err
    if done.returncode != 0:
        raise UnreachableError(f"kubectl {words[0]}: {last_line(done.stderr)}")
    return done.stdout
