"""Any Grafana dashboard, ours or not, as far as checking and drawing need it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from dashboards.grid import Place


@dataclass(frozen=True, slots=True)
class Source:
    """A reference to a data source: its plugin ("" when not said) and its uid or name."""

    plugin: str
    uid: str

    @property
    def templated(self) -> bool:
        """Tell whether a variable chooses the data source."""
        return "$" in self.uid or "[[" in self.uid

    @property
    def built_in(self) -> bool:
        """Tell whether it is Grafana's own, such as `-- Mixed --`, which needs no variable."""
        return self.uid.startswith("-- ")


@dataclass(frozen=True, slots=True)
class Target:
    """One query of a panel; `source` is None when the panel's holds."""

    ref: str
    expr: str
    legend: str
    source: Source | None
    instant: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """One choice at the top; `query` is its PromQL, list or regular expression as text."""

    name: str
    kind: str
    label: str
    query: str
    source: Source | None
    multi: bool
    include_all: bool
    all_value: str
    refresh: int
    current: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `value` upwards (None: from the start) a panel is shown in `colour`."""

    value: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a panel."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Colour:
    """The colour of the series of a query (`byFrameRefID`), or of what is called so."""

    matcher: str
    options: str
    colour: str

    def is_of(self, ref: str, name: str) -> bool:
        """Tell whether a series of a query has this colour."""
        if self.matcher == "byRegexp":
            with suppress(re.error):
                return re.search(self.options.strip("/"), name) is not None
        return self.options == {"byFrameRefID": ref, "byName": name}.get(self.matcher)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel as the file says; `row` is the heading above it, "" for none."""

    title: str
    description: str
    kind: str
    unit: str
    units_by_column: Mapping[str, str]
    place: Place | None
    source: Source | None
    targets: tuple[Target, ...]
    thresholds: tuple[Threshold, ...]
    links: tuple[Link, ...]
    row: str
    no_value: str
    lowest: float | None
    highest: float | None
    decimals: int | None
    stacked: bool
    columns: Mapping[str, str]
    """Grafana's name of a table column to the name shown."""
    column_order: Mapping[str, int]
    group: int = 0
    """Panels of one group share a grid; those folded into a row have one of their own."""
    tone: str = ""
    """The colour of all its series, where it is one."""
    colours: tuple[Colour, ...] = ()
    """The colours of single series, which go before."""
    is_copy: bool = False
    """Grafana made it of another panel that repeats, and places it itself."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A query for events; `expr` is "" for those that are not asked of Prometheus."""

    name: str
    expr: str
    title_format: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One file; `path` is where it was read, for messages."""

    path: str
    uid: str
    title: str
    description: str
    editable: bool
    variables: tuple[Variable, ...]
    panels: tuple[Drawn, ...]
    annotations: tuple[Annotation, ...]
