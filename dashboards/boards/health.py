"""Panels about what runs now."""

from collections.abc import Iterator

from dashboards.annotations import FIRING
from dashboards.boards.promql import TARGET
from dashboards.facts import Facts
from dashboards.panel import Kind, Panel, Query, Row, Unit
from dashboards.thresholds import too_high, too_low, warn_above

_WIDTH, _HEIGHT = 4, 6


def health(facts: Facts) -> Row:
    """Return the first row of operations: one look says whether anything is wrong."""
    return Row("Is the service healthy right now?", tuple(_panels(facts)))


def _panels(facts: Facts) -> Iterator[Panel]:
    yield _yes_no(
        "Targets answer",
        Query(f"min by (job) (up{{{TARGET}}})", "{{job}}"),
        "every job says Yes: Prometheus can read it.",
        "the process is gone or cannot be reached: follow the runbook of ServiceDown.",
        ("ServiceDown", "TargetsMissing", "SeriesGone", "InstanceDown", "WatcherDown"),
    )
    yield _yes_no(
        "Dependencies answer",
        Query(f"min by (dependency) (dependency_up{{{TARGET}}})", "{{dependency}}"),
        "MongoDB and, where one is configured, Redis say Yes.",
        "`/health` names what is missing, logs/calendar-api-errors.log the error.",
        ("DatabaseConnectionLost", "DependencyDown"),
    )
    yield _yes_no(
        "User journeys work",
        Query(f"min by (journey) (probe_success{{{TARGET}}})", "{{journey}}"),
        "every journey says Yes: what a user does works from outside.",
        "run `sre probe once` to see at which step it fails.",
        ("ProbeFailing", "ProbesMissing"),
    )
    yield Panel(
        title="Alerts firing",
        kind=Kind.STAT,
        unit=Unit.COUNT,
        queries=(Query(f"count({FIRING}) or vector(0)", "firing"),),
        good="0; Watchdog, which always fires to show that alerting works, is not counted.",
        otherwise="the table below names them; start with the highest priority.",
        alerts=("Watchdog",),
        steps=warn_above(1),
        width=_WIDTH,
        height=_HEIGHT,
    )
    yield _yes_no(
        "Mode",
        Query(f"max by (mode) (service_mode{{{TARGET}}}) == 1", "{{mode}}", instant=True),
        "normal.",
        "degraded answers without the language model, read_only refuses writes; GET "
        "/admin/mode says why, PUT changes it.",
        ("ModeNotNormal",),
    )
    yield Panel(
        title="Restarts in this time",
        kind=Kind.STAT,
        unit=Unit.COUNT,
        queries=(
            Query(
                f"sum by (job) (changes(process_start_time_seconds{{{TARGET}}}[$__range]))",
                "{{job}}",
                instant=True,
            ),
        ),
        good="0 outside of deploys.",
        otherwise="more than two an hour is a crash loop: read the last lines of the log.",
        steps=too_high(warning=1, bad=facts.limit("restarts")),
        alerts=("CrashLooping",),
        width=_WIDTH,
        height=_HEIGHT,
        decimals=0,
    )


def _yes_no(title: str, query: Query, good: str, otherwise: str, alerts: tuple[str, ...]) -> Panel:
    return Panel(
        title=title,
        kind=Kind.STAT,
        unit=Unit.BOOL,
        queries=(query,),
        good=good,
        otherwise=otherwise,
        steps=too_low(bad=1),
        alerts=alerts,
        width=_WIDTH,
        height=_HEIGHT,
    )
