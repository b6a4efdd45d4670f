"""Dashboards: how fast they are built, checked and drawn, and how fast they answer on a month."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from dashboards.choices import values_on
from dashboards.live import ask, span_of
from dashboards.queries import prometheus_targets
from dashboards.source import QueryError
from ops.cli.main import run
from ops.containers.images import ImageLadder
from ops.dashboards.files import GENERATED, read_all
from ops.dashboards.source import PrometheusSource
from ops.prometheus import Prometheus
from tests.support.environment import prepare_environment, remove_session_folder, session_folder
from tests.support.month import exposed, machine, recorded, routes_of, write_files
from tests.support.service_process import running_service

DAYS = 30
EVERY_S = int(os.environ.get("SRE_BENCH_SCRAPE_S", "600"))
LIMIT_S = 1.0
_BLOCKS = "prometheus_tsdb_blocks_loaded "


def main() -> None:
    """Print each figure beside its limit."""
    print(f"{'':<52}{'measured':>10}{'limit':>9}")
    with tempfile.TemporaryDirectory(prefix="dashboards-bench-") as name:
        folder = Path(name)
        _timed("build all, in this process", 2, "build", "--out", str(folder / "made"))
        _timed("check all by their files", 20, "check")
        if not os.environ.get("SRE_BENCH_MONTH"):
            print("the month of data is left out: SRE_BENCH_MONTH=1 takes a quarter of an hour")
            return
        end = int(time.time()) // EVERY_S * EVERY_S
        with _month(folder, end) as url:
            _slowest(url, end)
            moment = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            at = ("--prometheus", url, "--scrape", str(EVERY_S), "--at", moment)
            _timed("check all on a month", 20, "check", *at, "--range", "86400")
            one = str(GENERATED / "calendar-operations.json")
            _timed("preview the largest", 5, "preview", one, *at, "--out", str(folder / "pages"))


def _timed(what: str, limit_s: float, *arguments: str) -> None:
    begun = time.monotonic()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 -- a device
        run(["dashboards", *arguments])
    print(f"{what:<52}{time.monotonic() - begun:>8.2f} s{limit_s:>7g} s")


def _slowest(url: str, now: float) -> None:
    """Time every query of every dashboard over the month, as Grafana would ask it."""
    took: dict[str, float] = defaultdict(float)
    with Prometheus(url) as server:
        source = PrometheusSource(server)
        span = span_of(DAYS * 86400, now, EVERY_S)
        for board in read_all([GENERATED]):
            values, _ = values_on(board, source, span, EVERY_S)
            for panel, target in prometheus_targets(board):
                key = f"{board.uid.removeprefix('calendar-')} / {panel.title} {target.ref}"
                begun = time.monotonic()
                with contextlib.suppress(QueryError):  # as slow as the server lets it be
                    ask(source, target, values, span)
                took[key] = time.monotonic() - begun
    print(f"{len(took)} queries over {DAYS} days, a scrape every {EVERY_S} s; the slowest:")
    for key, seconds in sorted(took.items(), key=lambda item: -item[1])[:8]:
        print(f"  {key[:50]:<50}{seconds:>8.2f} s{LIMIT_S:>7g} s")


@contextlib.contextmanager
def _month(folder: Path, end: int) -> Iterator[str]:
    """Fill a Prometheus with a month of what the service exposes and give its URL."""
    with running_service() as service:
        text = service.ask("GET", "/metrics").text
    series = list(exposed(text, "calendar-api", "api:8000"))
    series += [*recorded(routes_of(series)), *machine()]
    files = folder / "past"
    files.mkdir()
    begun = time.monotonic()
    count, samples = write_files(series, files, end=end, days=DAYS, every_s=EVERY_S)
    written_s = time.monotonic() - begun
    data = folder / "data"
    data.mkdir(mode=0o777)
    data.chmod(0o777)
    prepare_environment()
    session_folder().mkdir(exist_ok=True)
    image = ImageLadder(lambda _line: None).ensure("prometheus")
    loop = "for f in /past/*.om; do promtool tsdb create-blocks-from openmetrics -q $f /data; done"
    common = ["docker", "run", "--rm", "-v", f"{files}:/past", "-v", f"{data}:/data"]
    subprocess.run(
        [
            *common,
            "--user",
            "0",
            "--entrypoint",
            "sh",
            image,
            "-c",
            f"{loop}; chmod -R a+rwX /data",
        ],
        check=True,
        capture_output=True,
    )
    print(
        f"{count} series, {samples / 1e6:.1f} million samples; written in {written_s:.0f} s, "
        f"read in by promtool {time.monotonic() - begun - written_s:.0f} s later"
    )
    identity = subprocess.run(
        ["docker", "run", "-d", "--rm", "-p", "127.0.0.1::9090", "-v", f"{data}:/data", image,
         "--storage.tsdb.path=/data", "--storage.tsdb.retention.time=90d",
         "--config.file=/dev/null"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    try:
        url = _ready(identity)
        _wait_until_compacted(url)
        yield url
    finally:
        subprocess.run(["docker", "rm", "-f", identity], check=False, capture_output=True)
        with contextlib.suppress(OSError):
            remove_session_folder()


def _wait_until_compacted(url: str) -> None:
    """A month that has grown lies in few large blocks, not in hundreds of two hours."""
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


def _ready(identity: str) -> str:
    told = subprocess.run(
        ["docker", "port", identity, "9090"], check=True, capture_output=True, text=True
    ).stdout
    url = f"http://{told.split()[0]}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception), Prometheus(url) as server:
            server.get("/api/v1/status/buildinfo")
            return url
        time.sleep(1)
    raise SystemExit(f"Prometheus at {url} is not ready after two minutes")
