"""A server in a container, and the ways in which tests break and mend it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import docker
from docker.models.containers import Container
from testcontainers.core.transferable import build_transfer_tar

from tests.support.ready import answers
from tests.support.waiting import wait_for

READY_WITHIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A started server, spoken to at `host`:`port`, which stay the same when it is restarted."""

    role: str
    container_id: str
    host: str
    port: int
    network: str = "bridge"
    alias: str = ""

    def pause(self) -> None:
        """Freeze every process: connections stay open and nothing answers."""
        with self._container() as container:  # an engine may fail to freeze who is forking
            wait_for(lambda: _frozen(container), what=f"{self.role} is frozen", within_s=5)

    def unpause(self) -> None:
        """Undo `pause`."""
        with self._container() as container:
            container.unpause()

    def stop(self) -> None:
        """End the server: connections are refused, data on its disk stay."""
        with self._container() as container:
            container.stop(timeout=5)

    def start(self) -> None:
        """Undo `stop`, and wait until it answers again."""
        with self._container() as container:
            container.start()
        self.wait_until_it_answers()

    def disconnect(self) -> None:
        """Pull the network cable: packets go nowhere."""
        with _client() as client:
            client.networks.get(self.network).disconnect(self.container_id, force=True)

    def connect(self) -> None:
        """Put the network cable back."""
        aliases = [self.alias] if self.alias else None
        with _client() as client:
            client.networks.get(self.network).connect(self.container_id, aliases=aliases)

    def remove(self) -> None:
        """End the server for good, and its data."""
        with self._container() as container:
            container.remove(force=True, v=True)

    def logs(self, lines: int = 30) -> str:
        """Return the last lines that the server wrote."""
        with self._container() as container:
            return str(container.logs(tail=lines).decode(errors="replace"))

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command inside; return its exit code and all that it wrote."""
        with self._container() as container:
            code, output = container.exec_run(list(command))
            return int(code), output.decode(errors="replace")

    def write(self, files: Mapping[str, str]) -> None:
        """Put files into the container, each by its absolute path and text."""
        with self._container() as container:
            for path, text in files.items():
                container.put_archive("/", build_transfer_tar(text.encode(), path))

    def wait_until_it_answers(self) -> None:
        """Return once the server speaks its protocol on the published port.

        Raises AssertionError with its log when it takes too long or has ended.
        """
        wait_for(
            lambda: self._has_ended() or answers(self.role, self.host, self.port),
            what=f"{self.role} answers",
            within_s=READY_WITHIN_S,
            told=self.logs,
        )
        if self._has_ended():
            message = f"{self.role} ended instead of answering:\n{self.logs()}"
            raise AssertionError(message)

    def _has_ended(self) -> bool:
        with self._container() as container:
            return bool(container.status == "exited")

    @contextlib.contextmanager
    def _container(self) -> Iterator[Container]:
        with _client() as client:
            yield client.containers.get(self.container_id)


@contextlib.contextmanager
def _client() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    try:
        yield client
    finally:
        client.close()


def _frozen(container: Container) -> bool:
    container.pause()
    return True
