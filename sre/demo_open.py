"""Keep the demonstration's stack up: service, prober, console and status page, until Ctrl-C."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2 as httpx
from prometheus_client import generate_latest

from console.edge.about import About
from console.edge.running import Opened, Place, serving
from kit.edge.prometheus import connect
from kit.edge.records import runs_dir
from kit.edge.target import Access
from kit.edge.tls import authorities
from ops.demo_monitoring import monitoring
from ops.embedded import embedded_service, temporary_folder
from reports.edge.gathering import Target
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from status.components import Named, named_of
from status.edge.measuring import measure
from status.edge.notices import MAINTENANCE, read_notices, read_windows, status_folder
from status.edge.public_site import public_notices, public_windows, write_site
from status.page import page_of
from synthetic.edge.journeys.files import journeys_of
from synthetic.edge.journeys.metrics import ProbeMetrics
from synthetic.edge.journeys.prober import probe_for_ever

_PROBE_S = 5.0
_SITE_S = 15.0


def stay(say: Callable[[str], None], until: Callable[[], object]) -> None:
    """Start everything on loopback, say where it is, and wait; nothing is left behind."""
    project, objectives = load_project(SHIPPED), load_objectives()
    journeys = journeys_of(project)
    metrics, stop = ProbeMetrics(journeys), threading.Event()
    runs = runs_dir()
    notices = status_folder(None, runs)
    named = named_of(project, objectives, [each.name for each in journeys])
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(embedded_service())
        folder = stack.enter_context(temporary_folder())
        walk = partial(
            probe_for_ever, service.url, journeys, access=Access(), every_s=_PROBE_S,
            on_result=metrics.take, stop=stop,
        )  # fmt: skip
        stack.enter_context(_beside(walk, stop))
        server = stack.enter_context(
            monitoring(
                [
                    (Target(project.job, "demo"), partial(_metrics_of, service.url)),
                    (Target("prober", "demo"), lambda: generate_latest(metrics.registry).decode()),
                ]
            )
        )
        about = About(project, objectives, server, None, runs, None, service.logs, notices)
        console = stack.enter_context(serving(about, Place("127.0.0.1", 0)))
        site = folder / "status"
        build = partial(_build, named, server, notices, site)
        build()
        stack.enter_context(_beside(partial(_again, build, stop), stop))
        page = stack.enter_context(_served(site))
        _say(say, service.url, console, page)
        until()


def _say(say: Callable[[str], None], service: str, console: Opened, page: str) -> None:
    say(f"assistant {service}/")
    say(f"console   {console.url}")
    say(f"status    {page}")
    say("Ctrl-C ends it all")


def _metrics_of(url: str) -> str | None:
    try:
        return httpx.get(f"{url}/metrics", timeout=2.0, verify=authorities()).text
    except httpx.HTTPError:
        return None


def _build(named: Named, server: str, notices: Path, site: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    windows = read_windows(notices / MAINTENANCE)
    with connect(server) as asked:
        found = measure(asked, named.components, now, windows)
    public, _ = public_notices(read_notices(notices)[0], ())
    write_site(page_of(named, found, public, public_windows(windows, ())[0], now), site)


def _again(build: Callable[[], None], stop: threading.Event) -> None:
    while not stop.wait(_SITE_S):
        build()


@contextlib.contextmanager
def _beside(work: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on loopback, as a bucket would."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
