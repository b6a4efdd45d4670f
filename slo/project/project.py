"""A project: one service, and where what belongs to it lies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from kit.pure.fields import Field
from slo.catalogue import CATALOGUE, Kind, Metric, Owner
from slo.project.reports import Reports
from slo.project.roles import WALKED, Prober, Roles
from slo.project.rule_checks import CheckSettings

LONGEST_UID: Final = 40
"""As long as the uid of a dashboard may be in Grafana."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Absolute paths of a project's folders and files; None is one that it does not have."""

    objectives: str
    build: str
    runs: str
    profiles: str
    golden: str | None = None
    pages: str | None = None
    boards: str | None = None
    metrics: str | None = None
    receivers: str | None = None
    """Where alerts are sent to, as `sre alerts build` reads it."""
    days_off: str | None = None
    """An iCalendar file of the days on which nobody is expected."""
    alerts: str | None = None
    """The folder of the project's own rules, beside those that follow from roles."""
    requests: str | None = None
    """The requests that load profiles mix by name."""


@dataclass(frozen=True, slots=True)
class Places:
    """What runs where; an option or a variable of the environment goes before each of them."""

    target: str | None = None
    prometheus: str | None = None
    alertmanager: str | None = None
    grafana: str | None = None
    rules: str | None = None
    """The folder from which Prometheus reads its rules; it may lie outside the project's."""


@dataclass(frozen=True, slots=True)
class BoardNames:
    """What a project's dashboards are called in Grafana, so that no two projects share one.

    `prefix` begins the uid of each, `title` its title; `folder` is the uid of their folder. Those
    with the tag `tag` are the project's own; `load_runs` is the tag of its load runs.
    """

    prefix: str
    title: str
    folder: str
    tag: str
    load_runs: str

    @classmethod
    def after(cls, name: str, prefix: str, title: str) -> "BoardNames":
        """Return the names after those of the service."""
        return cls(prefix, title, name[:LONGEST_UID], name, f"load-run-{name}")

    def uid_of(self, part: str) -> str:
        """Return the uid of one dashboard: a long one ends with a number that it alone has."""
        whole = f"{self.prefix}-{part}"
        if len(whole) <= LONGEST_UID:
            return whole
        number = sha256(whole.encode()).hexdigest()[:8]
        return f"{whole[: LONGEST_UID - 9]}-{number}"

    def uid_of_objective(self, name: str) -> str:
        """Return the uid of the dashboard of an objective."""
        return self.uid_of(f"slo-{name}")


@dataclass(frozen=True, slots=True)
class Project:
    """What the harness knows of one service.

    `name` stands in the label `service`, in groups, file names and uids; `job` is the scrape job.
    `uncounted` are the routes that are no user's, such as those of probes and scrapes. `catalogue`
    is None where nobody wrote down which metrics there are. `golden`, `journeys`,
    `status` and `browser` are what the file says of them, for those who read them.
    """

    source: str
    name: str
    title: str
    job: str
    paths: Paths
    roles: Roles
    places: Places = field(default_factory=Places)
    alive: str | None = None
    ready: str | None = None
    health: str | None = None
    scrape: str = "/metrics"
    labels: tuple[tuple[str, str], ...] = ()
    uncounted: tuple[str, ...] = ()
    runbooks: str | None = None
    prefix: str = ""
    """How the names of groups, files and boards begin; the name where the file says nothing."""
    first: bool = False
    """Its recorded series do not name the service: it had the Prometheus to itself at first."""
    catalogue: tuple[Metric, ...] | None = None
    golden: Field | None = None
    journeys: Field | None = None
    reports: Reports = field(default_factory=Reports)
    status: Field | None = None
    browser: Field | None = None
    board_names: BoardNames | None = None
    rule_checks: CheckSettings = field(default_factory=CheckSettings)
    board_rules: Mapping[str, str] = field(default_factory=dict)
    """The level of a rule on dashboards, by its name: error, warning or off."""

    @property
    def boards(self) -> BoardNames:
        """Return what the dashboards are called: as the service, where nothing else is said."""
        return self.board_names or BoardNames.after(self.name, self.prefix or self.name, self.title)

    def series(self) -> Mapping[str, Metric] | None:
        """Return each series of the catalogue with its metric; None where there is no catalogue."""
        if self.catalogue is None:
            return None
        shown = {name: metric for metric in self.catalogue for name in metric.series_names()}
        return shown if self.roles.prober is None else {**_walked(self.roles.prober), **shown}

    def shown(self, path: str) -> str:
        """Return a path as it is from the folder of the project file, else whole."""
        folder = self.source.rpartition("/")[0]
        return path.removeprefix(f"{folder}/") if folder else path

    @property
    def metrics_file(self) -> str:
        """Return which file a new metric is declared in."""
        return self.shown(self.paths.metrics) if self.paths.metrics else CATALOGUE

    @property
    def owner(self) -> Owner:
        """Return what objectives have to know of the service."""
        return Owner(self.name, self.series(), self.first, self.metrics_file)

    @property
    def own_alerts(self) -> str:
        """Return the matcher of its alerts; the first one's named no service before others came."""
        return f'service=~"|{self.name}"' if self.first else f'service="{self.name}"'

    @property
    def answers_at(self) -> str:
        """Return the path that says whether the service answers at all."""
        return self.alive or self.ready or self.health or "/"

    @property
    def target(self) -> str:
        """Return the matcher of the service's own scrape job."""
        return f'job="{self.job}"'

    def users(self, route: str | None) -> str:
        """Return the matchers of what users ask for, on a metric whose route's label is given."""
        if route is None or not self.uncounted:
            return self.target
        return f"{self.target},{none_of(route, self.uncounted)}"


def none_of(label: str, values: Sequence[str]) -> str:
    """Return the matcher of a label that has none of these values."""
    if len(values) == 1:
        return f'{label}!="{_quoted(values[0])}"'
    return f'{label}!~"{"|".join(_quoted(re.escape(value)) for value in values)}"'


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")


def _walked(prober: Prober) -> Mapping[str, Metric]:
    """Return what our prober shows, which no catalogue of a service has to declare."""
    return {WALKED: Metric(WALKED, Kind.GAUGE, frozenset({"journey"}), frozenset({prober.job}))}
