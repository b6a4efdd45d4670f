"""Run a locustfile as it is: its users decide when to ask, so that stalls hide (a closed model).

The code in the file is the user's own; it runs in a process of its own, and only when it is named.
"""

import json
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError, UnreachableError
from synthetic.edge.load.children import Crew
from synthetic.load.job import Job
from synthetic.load.shape import Model, Profile, Stage

LONGEST_S: Final = 86_400.0
USUAL_S: Final = 60.0
_WAITS_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Locustfile:
    """A file of Locust users, and how many of them there are; a shape in it decides that itself.

    `web_port` is where Locust's own pages are served while it runs, 0 for nowhere.
    """

    path: Path
    users: int = 10
    spawn_rate: float = 10.0
    duration_s: float | None = None
    web_port: int = 0

    def profile(self, ready_path: str) -> Profile:
        """Return the profile that its record holds; raises BadInputError where it is no file."""
        if not self.path.is_file():
            raise BadInputError(f"{self.path}: there is no such file", hint="name a locustfile")
        name = re.sub(r"[^A-Za-z0-9]+", "-", self.path.stem).strip("-")[:63] or "locustfile"
        seconds = self.duration_s or (LONGEST_S if self._shaped() else USUAL_S)
        return Profile(
            name,
            f"the Locust users of {self.path.name}",
            (Stage(seconds, 0.0, 0.0),),
            model=Model.CLOSED,
            users=self.users,
            ready_path=ready_path,
        )

    def check_port(self) -> None:
        """Raise UnreachableError where somebody else has the port for Locust's pages."""
        if not self.web_port:
            return
        try:
            socket.create_server(("127.0.0.1", self.web_port)).close()
        except OSError as err:
            raise UnreachableError(
                f"cannot serve Locust's pages on port {self.web_port}: {err.strerror}",
                hint="end what has the port, or drop --web",
            ) from err

    def _shaped(self) -> bool:
        """Say whether a shape in the file ends the run; its code is not run for that."""
        return "LoadTestShape" in self.path.read_text(encoding="utf-8", errors="replace")


class LocustCrew(Crew):
    """One process: Locust with the users of a file."""

    module = f"{__package__}.locust_worker"

    def __init__(self, jobs: Sequence[Job], of: Locustfile) -> None:
        self._of = of
        super().__init__(jobs)

    def orders(self, jobs: Sequence[Job]) -> list[bytes]:
        """Return what the process is to do, as a line."""
        (job,) = jobs
        order = {
            "file": str(self._of.path.absolute()),
            "folder": str(Path.cwd()),
            "host": job.target_url,
            "users": self._of.users,
            "spawn_rate": self._of.spawn_rate,
            "duration_s": job.profile.duration_s,
            "stop_timeout_s": _WAITS_S,
            "web_port": self._of.web_port,
            "authorization": dict(job.headers).get("Authorization", ""),
            "ca_file": job.ca_file,
        }
        return [json.dumps(order).encode() + b"\n"]
