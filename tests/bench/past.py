"""A Prometheus in a container with a past, filled block by block to spare disk and memory."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.request import urlopen

from kit.edge.containers.images import ImageLadder
from kit.edge.prometheus import Prometheus
from tests.support.month import Drawn, write_blocks

_BLOCKS = "prometheus_tsdb_blocks_loaded "
_LABEL = "calendar-sre.bench=past"


@contextlib.contextmanager
def prometheus_with(
    series: Sequence[Drawn], *, end: int, days: int, every_s: int, role: str = "prometheus"
) -> Iterator[str]:
    """Give the URL of a Prometheus in which each series has lived for `days` up to `end`."""
    image = ImageLadder(lambda _line: None).ensure(role)
    with tempfile.TemporaryDirectory(prefix="prometheus-past-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        texts = write_blocks(series, folder, end=end, days=days, every_s=every_s)
        _fill(image, folder, texts)
        samples = len(series) * days * 86_400 // every_s
        print(
            f"{len(series):,} series, {days} days, a scrape every {every_s} s: {samples:,} samples"
        )
        with _container(image, folder, "--storage.tsdb.path=/past/data",
                        "--storage.tsdb.retention.time=3650d",
                        "--config.file=/dev/null") as started:  # fmt: skip
            url = _ready(started)
            _wait_until_compacted(url)
            yield url


def _fill(image: str, folder: Path, texts: Iterable[Path]) -> None:
    """Read one text after another in, each while the next is being written."""
    begun = time.monotonic()
    with _container(image, folder, "600000", entrypoint="sleep") as started:
        running: tuple[Path, subprocess.Popen[bytes]] | None = None
        for path in texts:
            _wait(running)
            tool = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "-q"]
            inside = [*tool, f"/past/{path.name}", "/past/data"]
            running = path, subprocess.Popen(["docker", "exec", started, *inside])
        _wait(running)
    print(f"filled in {time.monotonic() - begun:.0f} s")


def _wait(running: tuple[Path, subprocess.Popen[bytes]] | None) -> None:
    if running is None:
        return
    path, child = running
    if child.wait():
        raise SystemExit(f"promtool does not take {path.name}")
    path.unlink()


@contextlib.contextmanager
def _container(
    image: str, folder: Path, *arguments: str, entrypoint: str | None = None
) -> Iterator[str]:
    """Run a container that sees the folder as /past; it is gone when the block ends."""
    asked = ["docker", "run", "-d", "--rm", "--label", _LABEL]
    # As ourselves, so that all it leaves in the folder can be removed.
    asked += ["--user", str(os.getuid()), "-p", "127.0.0.1::9090", "-v", f"{folder}:/past"]
    asked += ["--entrypoint", entrypoint] if entrypoint else []
    told = subprocess.run([*asked, image, *arguments], check=True, capture_output=True, text=True)
    started = told.stdout.strip()
    try:
        yield started
    finally:
        subprocess.run(["docker", "rm", "-f", started], check=False, capture_output=True)


def _ready(started: str) -> str:
    told = subprocess.run(
        ["docker", "port", started, "9090"], check=True, capture_output=True, text=True
    )
    url = f"http://{told.stdout.split()[0]}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception), Prometheus(url) as server:
            server.get("/api/v1/status/buildinfo")
            return url
        time.sleep(1)
    raise SystemExit(f"Prometheus at {url} is not ready after two minutes")


def _wait_until_compacted(url: str) -> None:
    """A past that has grown lies in few large blocks, not in hundreds of two hours."""
    begun, before, since = time.monotonic(), "", time.monotonic()
    while time.monotonic() - begun < 900:
        with urlopen(f"{url}/metrics", timeout=30) as answer:  # noqa: S310 -- always http
            text = answer.read().decode()
        now = next(line for line in text.splitlines() if line.startswith(_BLOCKS))
        if now != before:
            before, since = now, time.monotonic()
        if time.monotonic() - since > 75:
            break
        time.sleep(2)
    print(f"compacted to {before.split()[1]} blocks in {time.monotonic() - begun:.0f} s")
