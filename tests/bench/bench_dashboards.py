"""Dashboards: how fast they are built, checked and drawn, and how fast they answer on a month."""

import contextlib
import os
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from dashboards.choices import values_on
from dashboards.edge.files import GENERATED, read_all
from dashboards.edge.source import PrometheusSource
from dashboards.live import ask, span_of
from dashboards.queries import prometheus_targets
from dashboards.source import QueryError
from kit.edge.prometheus import Prometheus
from sre.running import run
from tests.bench.past import prometheus_with
from tests.support.month import Drawn, exposed, machine, recorded, routes_of
from tests.support.service_process import running_service

DAYS = 30
EVERY_S = int(os.environ.get("SRE_BENCH_SCRAPE_S", "600"))
LIMIT_S = 1.0


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
        with prometheus_with(_series(), end=end, days=DAYS, every_s=EVERY_S) as url:
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


def _series() -> list[Drawn]:
    """Return what the service really exposes, what is recorded of it, and what is around it."""
    with running_service() as service:
        text = service.ask("GET", "/metrics").text
    series = list(exposed(text, "calendar-api", "api:8000"))
    return [*series, *recorded(routes_of(series)), *machine()]
