"""What a dashboard is, before Grafana: questions, panels that answer them, and what good is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a panel draws; the values are Grafana's panel types."""

    TIMESERIES = "timeseries"
    STAT = "stat"
    GAUGE = "gauge"
    TABLE = "table"
    HEATMAP = "heatmap"


class Unit(StrEnum):
    """What a panel's numbers are; the values are Grafana's unit ids."""

    SHARE = "percentunit"  # 0 to 1, shown as per cent
    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "µs"
    BYTES = "bytes"
    BYTES_PER_SECOND = "Bps"
    PER_SECOND = "reqps"
    COUNT = "short"
    BOOL = "bool_yes_no"
    TIMES = "none"  # a factor, such as a burn rate


class State(StrEnum):
    """How a value stands; the values are Grafana's named colours."""

    GOOD = "green"
    WARNING = "orange"
    BAD = "red"


@dataclass(frozen=True, slots=True)
class Step:
    """From `value` upwards a panel is in `state`; None is the start of the scale."""

    value: float | None
    state: State


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression, with Grafana's variables in it, and how its series are named.

    An `instant` query answers for now only. A query of a table is a column: named by its
    `legend`, in its own `unit`. `tone` is what its series are: failures are red.
    """

    expr: str
    legend: str = ""
    instant: bool = False
    unit: Unit | None = None
    tone: State | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One answer.

    `good` says what a good answer looks like, `otherwise` what to do when it is not. `alerts`
    names the alerts whose value is shown here; each becomes a link to its runbook page.
    `when_empty` is shown instead of "No data" and explains why the panel may be empty; a panel
    without it must always have data. `width` is in columns of 24, `height` in Grafana's rows.
    """

    title: str
    kind: Kind
    unit: Unit
    queries: tuple[Query, ...]
    good: str
    otherwise: str
    steps: tuple[Step, ...] = ()
    alerts: tuple[str, ...] = ()
    when_empty: str = ""
    width: int = 12
    height: int = 8
    lowest: float | None = None
    highest: float | None = None
    decimals: int | None = None
    stacked: bool = False
    tone: State | None = None
    """What all its series are: shades of one colour then, as failures are red."""
    labels: tuple[str, ...] = ()
    """The label columns of a table, in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the panels that answer it."""

    question: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard; `uid` is its address for ever and at most 40 characters long."""

    uid: str
    title: str
    summary: str
    tags: tuple[str, ...]
    rows: tuple[Row, ...]
    since: str = "now-6h"
    """The time range that it opens with."""
