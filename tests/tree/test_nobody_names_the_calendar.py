"""The harness names nothing of the calendar: what is the calendar's lies in its project."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml

from slo.edge.project_file import SHIPPED, shipped

ROOT: Final = SHIPPED.parent
PACKAGES: Final = (
    "kit",
    "slo",
    "synthetic",
    "alerts",
    "dashboards",
    "reports",
    "console",
    "status",
    "sre",
    "ops",
)
READ: Final = frozenset({".py", ".yaml", ".toml", ".json", ".j2", ".html", ".tmpl", ".css", ".js"})
ANYBODY: Final = re.compile(
    r"up|ALERTS|process_.*|node_.*|python_.*|http_requests?_(total|in_progress|duration_seconds)"
    r"|probe_.*"
)
"""Metrics that anybody's exporters show: clients, the node exporter, our prober."""
DATA: Final = {
    "slo/objectives": "its objectives",
    "alerts/own": "its own rules and their cases",
    "alerts/pages": "their pages",
    "alerts/scenarios": "what happened to it, for the backtest",
    "alerts/generated": "built of it",
    "alerts/runbooks": "built of it",
    "dashboards/generated": "built of it",
    "alerts/routing/receivers.yaml": "who is told of its alerts",
    "synthetic/journeys": "its users' day",
    "synthetic/golden": "its golden set (the code beside it is read below)",
    "synthetic/load/profiles": "its load",
    "synthetic/load/requests.yaml": "what its users ask in it",
    "sre/help.json": "generated of the verbs' texts",
}
"""Folders and files of its project, and what follows from them."""
OPERATES: Final = {
    "ops/checks": "looks at its databases, caches and logs",
    "ops/backup": "saves its databases",
    "ops/maintenance": "keeps its databases",
    "ops/incidents": "gathers its evidence, switches its mode",
    "ops/drills": "breaks a private stack of it",
    "ops/histories": "plays its users, and knows what it promises them",
    "ops/demo.py": "sre demo",
    "ops/schedules": "when its operations are done",
    "ops/stack": "sre stack: its parts on one machine",
    "sre/stack.py": "verbs of its operations",
    "ops/embedded.py": "sre serve",
    "ops/serving.py": "sre serve",
    "ops/doctor.py": "asks what its operations need",
    "sre/backup": "verbs of its operations",
    "sre/check": "verbs of its operations",
    "sre/incident": "verbs of its operations",
    "sre/maintain.py": "verbs of its operations",
    "sre/serve.py": "sre serve",
    "sre/schemas": "answers of its operations among them",
    "kit/edge/containers": "images and containers of this repository",
}
"""The calendar's own operations, which the harness may name."""
WORDS: Final = {
    "reports/period": ("active_users", "a key of the report's published JSON"),
    "slo/project": ("active_users", "a field of the published project file"),
}
"""A published name that is a metric of the calendar's, too."""


def allowed() -> tuple[str, ...]:
    return (*DATA, *OPERATES)


def files() -> Iterator[Path]:
    """Yield what is read: everything of the harness but what the lists name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = str(path.relative_to(ROOT))
            code = name.startswith("synthetic/golden/") and path.suffix == ".py"
            if path.is_file() and path.suffix in READ and (code or not name.startswith(allowed())):
                yield path


def names() -> dict[str, re.Pattern[str]]:
    """Return what tells each name of the calendar's in a text, by the name."""
    project, written = shipped(), tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    whole = [one.name for one in project.catalogue or () if not ANYBODY.fullmatch(one.name)]
    whole += [project.job, project.name, written["reports"]["accuracy"]]
    found = {name: re.compile(rf"(?<![\w/.-]){re.escape(name)}(?![\w-])") for name in whole}
    for name in own_alerts():
        found[name] = re.compile(rf"\b{name}\b")
    for route in routes():
        found[route] = re.compile(rf"[\"'` ]{re.escape(route)}(?![\w-])")
    # The name of the distribution and of schemas is the product's.
    found[project.prefix] = re.compile(rf"[\"'`]{project.prefix}[._-](?!sre\b)")
    return found


def own_alerts() -> list[str]:
    """Return the alerts that only the calendar has."""
    stated = yaml.safe_load((ROOT / "alerts" / "own" / "rules.yaml").read_text(encoding="utf-8"))
    families = {
        name
        for path in (ROOT / "alerts" / "families").glob("*.yaml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    return [name for each in stated["alerts"] if (name := each["alert"]) not in families]


def routes() -> set[str]:
    """Return the first part of each route that its users ask for."""
    text = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(?:[A-Z, ]+) (/[a-z._-]+)", text, re.MULTILINE)
    return set(listed) - {"/metrics", "/health", "/healthz", "/readyz", "/docs", "/openapi.json"}


def told(name: str, text: str, found: Mapping[str, re.Pattern[str]]) -> list[str]:
    """Return each name that the text of a file holds, but for published words."""
    words = {word for place, (word, _) in WORDS.items() if name.startswith(place)}
    return [
        f"{name}: {word}"
        for word, pattern in found.items()
        if word in text and word not in words and pattern.search(text)
    ]


def test_the_names_looked_for_are_those_of_the_project() -> None:
    found = names()
    assert {"calendar-api", "calendar-assistant", "cache_hits_total", "calendar"} <= found.keys()
    assert {"/parse", "/events", "/slots"} <= routes()
    assert {"DatabaseConnectionLost", "ParsingFails"} <= set(own_alerts())
    assert len(list(files())) > 400


def test_the_harness_names_nothing_of_the_calendar() -> None:
    found = names()
    hits = (
        told(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"), found)
        for path in files()
    )
    assert sorted(line for lines in hits for line in lines) == []


@pytest.mark.parametrize("name", [*DATA, *OPERATES, *WORDS])
def test_what_may_name_it_is_there(name: str) -> None:
    """A line of the lists that nothing stands for any more is taken out."""
    assert (ROOT / name).exists() or list(ROOT.glob(f"{name}*"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('JOB = "calendar-api"', "calendar-api"),
        ('ask("/parse")', "/parse"),
        ("rate(cache_hits_total[2m])", "cache_hits_total"),
        ("GROUP = 'calendar.budget'", "calendar"),
        ('# the parsing accuracy of "x"', "parsing accuracy"),
    ],
)
def test_a_name_is_found_where_one_stands(text: str, name: str) -> None:
    assert f"slo/some.py: {name}" in told("slo/some.py", text, names())


@pytest.mark.parametrize(
    "text", ['"calendar-sre/slo-budget/v1"', 'plain["calendar"]', "import calendar", '"/parsed"']
)
def test_other_words_are_not_taken_for_its_names(text: str) -> None:
    assert told("slo/some.py", text, names()) == []
