"""The generator processes of a run: started together, ended whatever happens."""

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from synthetic.load.job import Job

ROOT: Final = Path(__file__).resolve().parents[3]
PIPE_BYTES: Final = 1 << 20
"""Room for a second of samples at 30,000 a second, so that the generator never waits for us."""
LAST_WORDS_S: Final = 5.0


GO: Final = b"go\n"


class Crew:
    """Generator processes, one a job. Use as a context: leaving it leaves no process behind."""

    module = f"{__package__}.generator"

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._orders = self.orders(jobs)
        self._children: list[subprocess.Popen[bytes]] = []
        self._errors: list[IO[bytes]] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        try:
            for worker, order in enumerate(self._orders):
                self._start(worker, order)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def orders(self, jobs: Sequence[Job]) -> list[bytes]:
        """Return what each process reads from its standard input: a job as a line."""
        return [job.to_line() for job in jobs]

    def arguments(self) -> list[str]:
        """Return further arguments of each process."""
        return []

    def go(self) -> None:
        """Tell every worker that all are ready: the schedule begins now."""
        self._tell(GO)

    @property
    def running(self) -> int:
        """Return how many workers still have something to say."""
        return len(self._selector.get_map())

    def read(self, *, wait_s: float) -> Iterator[tuple[int, bytes]]:
        """Yield (worker, bytes) that have arrived; empty bytes mean that this worker is done."""
        for key, _ in self._selector.select(wait_s):
            data = os.read(key.fd, PIPE_BYTES)
            if not data:
                self._selector.unregister(key.fileobj)
            yield key.data, data

    def ask_to_stop(self) -> None:
        """Tell every worker to send nothing more and to report what it has."""
        for child in self._children:
            child.terminate()
        self._tell(GO)  # those that wait for it must come to their end, too

    def exit_code(self, worker: int) -> int:
        """Return the exit code of a worker whose pipe has ended."""
        try:
            return self._children[worker].wait(LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL

    def last_words(self, worker: int) -> str:
        """Return the last line that a worker wrote to its standard error."""
        self._errors[worker].seek(0)
        lines = self._errors[worker].read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def _start(self, worker: int, order: bytes) -> None:
        errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the crew
        self._errors.append(errors)
        child = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments()],
            cwd=ROOT,
            env={**os.environ, "SRE_PARENT_PID": str(os.getpid()), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        self._children.append(child)
        if child.stdin is None or child.stdout is None:
            raise AssertionError("both were asked for as pipes")
        with contextlib.suppress(OSError):  # the limit of the system is smaller: a smaller pipe
            fcntl.fcntl(child.stdout.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._selector.register(child.stdout, selectors.EVENT_READ, worker)
        with contextlib.suppress(BrokenPipeError):  # it died at once: its exit code will tell
            child.stdin.write(order)
            child.stdin.flush()

    def _tell(self, line: bytes) -> None:
        for child in self._children:
            with contextlib.suppress(BrokenPipeError):  # it died: its exit code will tell
                if child.stdin is not None:
                    child.stdin.write(line)
                    child.stdin.flush()

    def _end(self) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
        for errors in self._errors:
            errors.close()
        self._selector.close()
