"""Put the timeline together from every source that there is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kit.edge.prometheus import Prometheus, connect
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError, UnreachableError
from ops.incidents.evidence.part import Missing, Window
from ops.incidents.masking import Masking
from ops.incidents.timeline import from_files, from_logs, from_prometheus
from ops.incidents.timeline.entry import Entry, Kind
from ops.incidents.timeline.impact import Cost, costs
from ops.incidents.timeline.phases import Phases, phases_of
from slo.edge.files import load_objectives


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the timeline comes from: empty texts and None are what nobody has named."""

    prometheus: str = ""
    logs: Path | None = None
    rules: Path | None = None
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """An incident: what happened in its order, its moments, its cost, and who could not say."""

    window: Window
    entries: tuple[Entry, ...]
    phases: Phases
    costs: tuple[Cost, ...]
    missing: tuple[Missing, ...]


def timeline_of(
    sources: Sources, window: Window, masking: Masking, said: dict[str, datetime], now: datetime
) -> Timeline:
    """Return the timeline of a window; `said` are moments that somebody knows.

    Raises BadInputError when none is named, UnreachableError when none could be asked, and
    NotEnoughDataError when none of them knows of anything.
    """
    entries: list[Entry] = []
    missing: list[Missing] = []
    asked = _questions(sources, window)
    for name, ask in asked.items():
        try:
            entries += ask()
        except (HarnessError, OSError) as err:
            missing.append(Missing(name, masking.text(str(err))))
    if len(missing) == len(asked):
        raise UnreachableError(
            f"nobody could be asked: {missing[0].source}: {missing[0].why}",
            hint="name --prometheus or --logs",
        )
    if not entries:
        raise NotEnoughDataError(
            f"nothing is known of {window.since:%Y-%m-%d %H:%M} to {window.until:%H:%M} UTC",
            hint="is it the right time (--since, --until), and the right server?",
        )
    entries = sorted(_once(entries))
    phases = phases_of(entries, said)
    spent, problem = _costs(sources, phases, window, now)
    return Timeline(window, tuple(entries), phases, spent, (*missing, *problem))


def _questions(sources: Sources, window: Window) -> dict[str, Callable[[], list[Entry]]]:
    found: dict[str, Callable[[], list[Entry]]] = {}
    if sources.prometheus:
        asks = [from_prometheus.alerts, from_prometheus.modes, from_prometheus.restarts]
        if sources.logs is None:
            asks.append(from_prometheus.errors)
        for ask in asks:
            found[f"{sources.prometheus} ({ask.__name__})"] = _of_server(sources, window, ask)
    if sources.logs is not None:
        logs = sources.logs
        found[str(logs)] = lambda: from_logs.read(logs, window)
    if sources.rules is not None:
        rules = sources.rules
        found[str(rules)] = lambda: from_files.deploys(rules, window)
    if not found:
        raise BadInputError("nobody is named to ask", hint="name --prometheus or --logs")
    found["run records"] = lambda: from_files.runs(window)
    return found


def _of_server(
    sources: Sources, window: Window, ask: Callable[[Prometheus, Window], list[Entry]]
) -> Callable[[], list[Entry]]:
    def asked() -> list[Entry]:
        with connect(sources.prometheus, timeout_s=sources.timeout_s) as server:
            return ask(server, window)

    return asked


def _once(entries: list[Entry]) -> list[Entry]:
    """Leave out what Prometheus saw of a mode or a start that the log tells of, too.

    The log has it to the millisecond and with its reason; a scrape sees it later.
    """
    logged = [e for e in entries if e.source == "log" and e.kind in {Kind.MODE, Kind.RESTART}]
    kinds = {entry.kind for entry in logged}
    return [e for e in entries if e.source != "Prometheus" or e.kind not in kinds]


def _costs(
    sources: Sources, phases: Phases, window: Window, now: datetime
) -> tuple[tuple[Cost, ...], tuple[Missing, ...]]:
    if phases.start is None or not sources.prometheus:
        return (), ()
    end = phases.end.at if phases.end else window.until
    try:
        with connect(sources.prometheus, timeout_s=sources.timeout_s) as server:
            found = costs(server, load_objectives(), phases.start.at, end, now)
    except UnreachableError as err:
        return (), (Missing("budgets", str(err)),)
    return tuple(found), ()
