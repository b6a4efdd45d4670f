"""The folder of a stack: its secrets, configuration, logs and what Compose reads of it."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kit.edge.containers.catalog import ROOT
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError, RefusedError, UnreachableError

VARIABLE: Final = "SRE_STACK_HOME"
FILE: Final = ROOT / "deployment" / "docker-compose.prod.yml"
DEFAULT: Final = Path("deployment", "stack")
"""Below the working folder, as whatever else is written."""
_LINK: Final = FILE.parent / ".env"
_READABLE: Final = 0o444
"""Servers that are not root read their secret; the folder around it is closed to others."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a stack keeps what it is made from."""

    folder: Path

    @property
    def env_file(self) -> Path:
        """Return what Compose reads: images, ports, sizes. It holds no secret."""
        return self.folder / ".env"

    @property
    def addresses(self) -> Path:
        """Return the variables by which `sre` finds the stack; it holds the operators' key."""
        return self.folder / "secrets" / "sre.env"

    @property
    def unfinished(self) -> Path:
        """Return the note that an upgrade has begun and not ended."""
        return self.folder / "upgrade.json"

    @property
    def proxy_socket(self) -> Path:
        """Return where the proxy is spoken to."""
        return self.folder / "run" / "proxy" / "admin.sock"

    @property
    def _is_beside_the_file(self) -> bool:
        return self.folder == FILE.parent / DEFAULT.name

    def secret(self, name: str) -> Path:
        """Return the file of a secret."""
        return self.folder / "secrets" / name

    def config(self, name: str) -> Path:
        """Return a file, or folder, of the configuration that containers see."""
        return self.folder / "config" / name

    def write_secret(self, name: str, text: str) -> None:
        """Write a secret; who may not enter the folder cannot read it.

        One that is the same stays the same file: containers hold on to the file, not its name.
        """
        path = self.secret(name)
        if path.is_file() and self.read_secret(name) == text.strip():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.secret("").chmod(0o700)
            write_whole(path, text)
            path.chmod(_READABLE)
        except OSError as err:
            raise unwritable(path, err) from err

    def read_secret(self, name: str) -> str:
        """Return a secret, "" where there is none."""
        try:
            return self.secret(name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def environment(self) -> dict[str, str]:
        """Return what `.env` says, empty where it is not there."""
        try:
            lines = self.env_file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.partition("=") for line in lines if "=" in line and line[:1] != "#")
        return {name: value for name, _, value in pairs}

    def write_environment(self, values: Mapping[str, str]) -> None:
        """Write `.env`, and let plain Compose commands find that of the usual folder."""
        head = "# Written by `sre stack`; it holds no secret. Change stack.toml instead.\n"
        write_whole(self.env_file, head + "".join(f"{k}={v}\n" for k, v in values.items()))
        if self._is_beside_the_file and not _LINK.is_symlink():
            _LINK.symlink_to(self.env_file.relative_to(_LINK.parent))

    def service_settings(self) -> str:
        """Return the settings that every new replica gets, "" before there are any."""
        path = self.folder / "service.env"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def write_service_settings(self, text: str) -> None:
        """Write those settings."""
        write_whole(self.folder / "service.env", text)

    def forget_environment(self) -> None:
        """Let plain Compose commands find nothing any more; the folder still knows its stack."""
        if self._is_beside_the_file:
            _LINK.unlink(missing_ok=True)

    def unread(self) -> frozenset[str]:
        """Return the parts whose configuration was written, and that may not have read it yet."""
        path = self.folder / "unread"
        return frozenset(path.read_text(encoding="utf-8").split() if path.is_file() else ())

    def note_unread(self, parts: Iterable[str]) -> None:
        """Note that these are to read theirs anew, whoever is stopped before they have."""
        write_whole(self.folder / "unread", " ".join(sorted(self.unread().union(parts))))

    def forget_unread(self) -> None:
        """Note that all have read theirs."""
        (self.folder / "unread").unlink(missing_ok=True)

    def note_beginning(self) -> None:
        """Note when the stack first served; before that nothing was logged or measured."""
        path = self.folder / "began"
        if not path.is_file():
            write_whole(path, f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")

    def began(self) -> str:
        """Return when the stack first served, RFC 3339; "" where it never has."""
        path = self.folder / "began"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    def make_folders(self) -> None:
        """Make what containers mount; those that they write to are open to their users."""
        try:
            for name in (
                "secrets/alertmanager",
                "secrets/proxy",
                "config",
                "logs",
                "textfile",
                "run/proxy",
            ):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            for name in ("secrets", "run"):
                (self.folder / name).chmod(0o700)
            # Whatever the umask: the servers that read these are not root.
            for name in ("secrets/alertmanager", "secrets/proxy", "textfile"):
                (self.folder / name).chmod(0o755)
            for name, user in (("logs", _SERVICE_USER), ("run/proxy", _PROXY_USER)):
                # As root it is given away; else its sticky bit keeps others from removing files.
                if os.geteuid() == 0:
                    os.chown(self.folder / name, user, user)
                else:
                    (self.folder / name).chmod(0o1777)
        except OSError as err:
            raise unwritable(self.folder, err) from err

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the stack alone; raises RefusedError while another command changes it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("a")
        except OSError as err:
            raise unwritable(self.folder, err) from err
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                raise RefusedError(
                    f"another command is changing the stack of {self.folder}",
                    hint="wait for its end; sre stack status shows how far it is",
                ) from err
            yield


_SERVICE_USER: Final = 10001
_PROXY_USER: Final = 100
"""The users of deployment/images/service and of deployment/images/proxy."""


def home_of(given: Path | None) -> Home:
    """Return the stack's folder: the one given, else SRE_STACK_HOME, else deployment/stack."""
    if not FILE.is_file():
        raise UnreachableError(
            f"{FILE} is not there: a stack is run from a checkout of the project",
            hint="clone the project, then make stack",
        )
    chosen = given or (Path(named) if (named := os.environ.get(VARIABLE)) else DEFAULT)
    if chosen.exists() and not chosen.is_dir():
        raise BadInputError(
            f"{chosen} is no folder of a stack", hint=f"correct --home or {VARIABLE}"
        )
    return Home(chosen.resolve())
