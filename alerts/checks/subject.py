"""What a check looks at: one rule with its place, and what is known around it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from alerts.checks.live import Live
from alerts.checks.problem import Level, Problem
from alerts.checks.tree import Node
from kit.pure.json_values import JsonMapping
from slo.catalogue import CATALOGUE, Kind, Metric
from slo.project.rule_checks import CheckSettings

Series = tuple[bool, str, frozenset[tuple[str, str]]]
"""Whether it is an alert, its name, its labels."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rules: its file, how often it is evaluated (None: as the server does)."""

    file: str
    name: str
    line: int
    index: int
    """Its place in the file, counted over all documents."""
    interval: str | None = None
    of_kubernetes: bool = False
    """It lies in a PrometheusRule, whose labels and annotations have to be texts."""
    labelled: bool = False
    """It has labels of its own, which Prometheus 3 gives to each of its rules."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One rule; `tree` and `nodes` are None and empty when the expression does not parse.

    `body` holds the rule with its values as text; `odd` are the labels and annotations that YAML
    1.1 does not read as text, each with what it is read as. `last` is its last line.
    """

    group: Group
    line: int
    last: int
    index: int
    body: JsonMapping
    tree: Node | None
    nodes: tuple[Node, ...] = ()
    refused: str = ""
    odd: tuple[tuple[str, str, str], ...] = ()

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return self.group.file

    @property
    def expr(self) -> str:
        """Return its expression as it stands in the file."""
        return str(self.body.get("expr") or "")

    @property
    def name(self) -> str:
        """Return the name of the alert or of the recorded series."""
        return str(self.body.get("alert") or self.body.get("record") or "")

    @property
    def is_alert(self) -> bool:
        """Return whether it is an alerting rule."""
        return "alert" in self.body

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the labels that the rule adds."""
        return self.body.get("labels") or {}

    @property
    def annotations(self) -> Mapping[str, str]:
        """Return the texts of an alert."""
        return self.body.get("annotations") or {}

    @property
    def writes(self) -> Series:
        """Return what tells the series that it writes from those of other rules."""
        return (self.is_alert, self.name, frozenset(self.labels.items()))

    def vectors(self) -> tuple[Node, ...]:
        """Return its selectors, in the order of writing."""
        return tuple(node for node in self.nodes if node.kind == "vector")

    def problem(
        self, check: str, message: str, fix: str, *, fragment: str = "", level: Level = Level.ERROR
    ) -> Problem:
        """Return a problem of this rule."""
        return Problem(check, level, self.file, self.line, self.name, fragment, message, fix)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known: all rules, the metrics that exist, how often is scraped, the pages.

    `metrics` is the catalogue, of the file `catalogue`, that the files `ours` (None: all) are held
    against; with
    `pages` they are the project's own. `live` is what a server said; None when none was asked.
    `recorded` and `firsts` are the rules that write each series, the first one first; `computed` is
    by the text of an aggregation the rule that records it, `neighbours` by level and metric of a
    recorded name (`job:requests` of `job:requests:rate5m`) the first such name.
    """

    rules: tuple[Subject, ...] = ()
    metrics: Mapping[str, Metric] | None = None
    catalogue: str = CATALOGUE
    ours: frozenset[str] | None = None
    live: Live | None = None
    scrape_s: float | None = None
    pages: frozenset[str] | None = None
    settings: CheckSettings = field(default_factory=CheckSettings)
    today: date | None = None
    recorded: Mapping[str, tuple[Subject, ...]] = field(default_factory=dict)
    firsts: Mapping[Series, tuple[Subject, ...]] = field(default_factory=dict)
    computed: Mapping[str, Subject] = field(default_factory=dict)
    neighbours: Mapping[str, str] = field(default_factory=dict)

    def is_ours(self, file: str) -> bool:
        """Say whether a file is held against the catalogue of metrics."""
        return self.ours is None or file in self.ours

    @property
    def scrape(self) -> float:
        """Return how many seconds are between two scrapes: said, asked, or what is usual."""
        told = self.live.scrape_s if self.live else None
        return self.scrape_s or self.settings.scrape_s or told or 15.0

    @property
    def retention_s(self) -> float:
        """Return how many seconds of samples are kept: said, asked, or Prometheus's own 15 d.

        What was built of objectives states its own need (docs/slo.md): any length will do.
        """
        told = self.live.retention_s if self.live else None
        usual = 15 * 86400.0 if self.metrics is None and self.pages is None else math.inf
        return self.settings.retention_s or told or usual

    def kind(self, metric: str) -> Kind | None:
        """Return what kind of metric a server or the catalogue says a series is."""
        if self.metrics and metric in self.metrics:
            return self.metrics[metric].kind
        return self.live.kind(metric) if self.live else None

    def is_there(self, metric: str) -> bool:
        """Say whether a rule records a series of this name."""
        return metric in self.recorded
