"""Deploying rules to a real Prometheus: what is good runs, what is bad leaves all as it was."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.edge.deploy import DeployError, Request, deploy, rollback
from alerts.edge.deploy_request import check_with_promtool, rule_texts
from alerts.edge.generated import generated
from alerts.edge.server import ReloadRefusedError
from alerts.edge.server import Server as Target
from alerts.edge.shipped import write
from alerts.edge.store import Store
from kit.pure.errors import BadInputError, HarnessError, RefusedError, UnreachableError
from slo.edge.project_file import load_project, series_of
from slo.series import selectors
from tests.support.calendar_alerts import CALENDAR
from tests.support.container import Server
from tests.support.foreign_projects import orders, stock
from tests.support.json_schemas import keeps_schema
from tests.support.monitoring import ask
from tests.support.starting import Spec
from tests.support.waiting import wait_for
from tests.support.yaml_text import from_yaml

RULES = "/etc/prometheus/rules"
CONFIG = "/etc/prometheus/prometheus.yml"


def rules_with(*alerts: tuple[str, str], group: str = "test") -> str:
    rules = [{"alert": name, "expr": expr, "labels": {"severity": "info"}} for name, expr in alerts]
    return yaml.safe_dump({"groups": [{"name": group, "rules": rules}]})


FIRST = {"rules.yaml": rules_with(("A", "up == 0"), ("B", "vector(1)"))}
SECOND = {"rules.yaml": rules_with(("A", "up == 1"), ("B", "vector(1)"), ("C", "vector(0) > 1"))}


@dataclass(frozen=True, slots=True)
class Site:
    """A Prometheus and the folder that its rules are read from."""

    server: Server
    folder: Path

    @property
    def url(self) -> str:
        return f"http://{self.server.host}:{self.server.port}"

    @property
    def store(self) -> Store:
        return Store(self.folder)

    def target(self, timeout_s: float = 5) -> Target:
        return Target(self.url, timeout_s)

    def put(self, files: dict[str, str], **more: Any) -> None:
        deploy(request(files, **more), self.target(), self.store)

    def running(self) -> dict[str, str]:
        groups = ask(self.server, "/api/v1/rules")["data"]["groups"]
        return {rule["name"]: rule["query"] for group in groups for rule in group["rules"]}

    def on_disk(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.folder.glob("*.yaml")}


def request(files: dict[str, str], **more: Any) -> Request:
    base = Request(files, "tester", "abc", frozenset(series_of()), check_with_promtool, 20)
    return replace(base, **more)


@pytest.fixture
def start(start_private: Callable[..., Server], tmp_path: Path) -> Callable[..., Site]:
    def start_site(*, lifecycle: bool = True) -> Site:
        folder = tmp_path / "rules"
        folder.mkdir()
        tmp_path.chmod(0o755)
        folder.chmod(0o755)
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [f"{RULES}/*.yaml"],
            "scrape_configs": [
                {"job_name": "self", "static_configs": [
                    {"targets": ["127.0.0.1:9090", "localhost:9090"]}]}
            ],
        }  # fmt: skip
        command: tuple[str, ...] = (f"--config.file={CONFIG}", "--storage.tsdb.path=/prometheus")
        command += ("--web.enable-lifecycle",) if lifecycle else ()
        files = {CONFIG: yaml.safe_dump(config)}
        spec = Spec("prometheus", 9090, command, files=files, mounts={str(folder): RULES})
        site = Site(start_private(spec), folder)
        wait_for(
            lambda: "up" in site.target().metrics(), what="Prometheus scrapes itself", within_s=30
        )
        return site

    return start_site


@pytest.fixture
def site(start: Callable[..., Site]) -> Site:
    """Return a Prometheus that runs the first set."""
    site = start()
    site.put(FIRST)
    return site


def test_what_was_meant_runs_and_can_be_taken_back(site: Site) -> None:
    assert site.running().keys() == {"A", "B"}
    site.put(SECOND)
    assert site.running()["A"] == "up == 1"
    assert site.running().keys() == {"A", "B", "C"}
    rollback(request({}), site.target(), site.store)
    assert site.running()["A"] == "up == 0"
    assert site.running().keys() == {"A", "B"}
    who = [(entry.who, entry.commit) for entry in site.store.history()]
    assert who == [("tester", "abc")] * 3


def test_the_shipped_rules_are_deployed_and_evaluate_without_error(site: Site) -> None:
    site.put(rule_texts(CALENDAR), allow_removals=True, patience_s=120)
    assert {"ServiceDown", "EscalatedToL2", "Watchdog"} <= site.running().keys()
    assert "B" not in site.running()


@pytest.mark.thorough
def test_projects_that_share_a_folder_run_side_by_side_and_touch_only_their_own(
    site: Site, tmp_path: Path
) -> None:
    """The first project's rules stay as they are whatever another deploys, takes back or breaks."""
    (tmp_path / "projects").mkdir()
    for make in (orders, stock):
        made = make(tmp_path / "projects")
        project = load_project(made)
        write(generated(project).texts, made.parent / "build/alerts", "")
        texts = rule_texts(project)
        read = {each.metric for text in texts.values() for rule in rules_in(text)
                for each in selectors(rule["expr"])}  # fmt: skip
        asked = request(texts, known=frozenset(read), patience_s=120)
        entry, change = deploy(asked, site.target(), Store(site.folder, project.name))
        assert entry.files == (f"{project.name}-escalation.yaml", f"{project.name}.yaml")
        assert (change.removed, change.changed) == ((), ())
    assert set(site.on_disk()) == {
        "rules.yaml", "orders.yaml", "orders-escalation.yaml", "stock.yaml", "stock-escalation.yaml"
    }  # fmt: skip
    assert site.running().keys() >= {"A", "B", "ManyRequestsFail", "EscalatedToL2"}
    site.put(SECOND)
    assert site.running().keys() >= {"A", "B", "C", "ManyRequestsFail", "RouteFailing"}
    with pytest.raises(RefusedError, match=r"another service deployed rules\.yaml"):
        deploy(request(FIRST), site.target(), Store(site.folder, "orders"))
    rollback(request({}), site.target(), site.store)
    assert site.running().keys() >= {"A", "B", "ManyRequestsFail", "RouteFailing"}
    assert "C" not in site.running()


def rules_in(text: str) -> list[dict[str, Any]]:
    return [rule for group in from_yaml(text)["groups"] for rule in group["rules"]]


BAD = {
    "an empty file": "",
    "no groups": "groups: []\n",
    "a group without rules": "groups: [{name: test, rules: []}]\n",
    "cut short": FIRST["rules.yaml"][:60],
    "not YAML": "groups: [",
    "only words": "these are no rules",
    "a group twice": yaml.safe_dump(
        {"groups": 2 * from_yaml(FIRST["rules.yaml"])["groups"]}
    ),
    "a metric that nothing exposes": rules_with(("A", "upp == 0"), ("B", "vector(1)")),
    "an expression that does not parse": rules_with(("A", "sum(up"), ("B", "vector(1)")),
    "a field that does not exist": FIRST["rules.yaml"].replace("expr:", "expression:"),
    "a text that does not render": FIRST["rules.yaml"].replace("severity: info",
                                                               "severity: '{{ $labels. '"),
    "a duration that is none": FIRST["rules.yaml"].replace("    labels:",
                                                           "    for: soon\n    labels:"),
}  # fmt: skip


@pytest.mark.thorough
def test_files_that_are_bad_are_never_put_in_place(site: Site) -> None:
    before, disk = site.running(), site.on_disk()
    for name, text in BAD.items():
        with pytest.raises((BadInputError, RefusedError)) as caught:
            site.put({"rules.yaml": text})
        assert caught.value.hint, name
        assert "\n" not in str(caught.value), name
        assert (site.running(), site.on_disk()) == (before, disk), name
    assert len(site.store.history()) == 1


@pytest.mark.thorough
def test_rules_do_not_go_away_unless_that_is_meant(site: Site) -> None:
    fewer = {"rules.yaml": rules_with(("A", "up == 0"))}
    with pytest.raises(RefusedError, match="test/B"):
        site.put(fewer)
    assert site.running().keys() == {"A", "B"}
    site.put(fewer, allow_removals=True)
    assert site.running().keys() == {"A"}


@pytest.mark.thorough
def test_a_rule_of_which_a_label_explodes_is_refused(site: Site) -> None:
    many = {"rules.yaml": rules_with(("A", "count by (le, __name__) (up)"), ("B", "vector(1)"))}
    each = 'count by (__name__) ({job="self"})'
    wide = {"rules.yaml": rules_with(("A", each), ("B", "vector(1)"))}
    with pytest.raises(RefusedError, match=r"test/A would give \d+ series") as caught:
        site.put(wide, most_series=10)
    assert "--most-series" in caught.value.hint
    assert site.on_disk() == FIRST
    site.put(many, most_series=10)


@pytest.mark.thorough
def test_a_rule_that_fails_when_evaluated_is_taken_back(site: Site) -> None:
    wrong = {"rules.yaml": rules_with(("A", "up / on() up"), ("B", "vector(1)"))}
    with pytest.raises(DeployError, match="test/A fails"):
        site.put(wrong)
    assert site.running()["A"] == "up == 0"
    assert site.on_disk() == FIRST


def test_a_refused_reload_is_taken_back_with_the_reason(site: Site) -> None:
    (site.folder / "foreign.yaml").write_text("groups: [")
    with pytest.raises(HarnessError, match="refuses the reload"):
        site.put(SECOND)
    assert site.on_disk()["rules.yaml"] == FIRST["rules.yaml"]
    assert site.running()["A"] == "up == 0"


@pytest.mark.thorough
def test_a_folder_that_prometheus_does_not_read_is_noticed(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(DeployError, match="does not run what was meant"):
        deploy(request(SECOND, patience_s=3), site.target(), Store(other))
    assert list(other.glob("*.yaml")) == []
    assert site.running()["A"] == "up == 0"


@pytest.mark.thorough
def test_a_prometheus_without_reloads_is_left_as_it_was(start: Callable[..., Site]) -> None:
    site = start(lifecycle=False)
    with pytest.raises(HarnessError) as caught:
        site.put(FIRST)
    assert "enable-lifecycle" in f"{caught.value.hint} {caught.value.__cause__}" or isinstance(
        caught.value.__cause__, ReloadRefusedError
    )
    assert site.on_disk() == {}


@pytest.mark.thorough
def test_a_prometheus_that_is_down_is_told_before_anything_is_touched(site: Site) -> None:
    site.server.stop()
    with pytest.raises(UnreachableError, match="does not answer"):
        site.put(SECOND)
    assert site.on_disk() == FIRST
    site.server.start()


@pytest.mark.thorough
def test_a_prometheus_that_hangs_keeps_its_old_rules(site: Site) -> None:
    """It stands still between the look at what runs and the reload."""
    paused = threading.Event()

    class Stalling(Target):
        def reload(self) -> None:
            if not paused.is_set():
                paused.set()
                site.server.pause()
            super().reload()

    with pytest.raises(HarnessError, match="does not answer"):
        deploy(request(SECOND), Stalling(site.url, 2), site.store)
    site.server.unpause()
    assert site.on_disk() == FIRST
    site.target().reload()
    assert site.running()["A"] == "up == 0"


@pytest.mark.thorough
def test_two_deploys_at_once_do_not_mix(site: Site) -> None:
    with site.store.locked(), pytest.raises(RefusedError, match="another deploy"):
        site.put(SECOND)
    assert site.running()["A"] == "up == 0"


def sre(site: Site, rules: Path, **more: Any) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-c", "from sre.main import main; main()", "alerts", "deploy",
        str(site.folder), "--prometheus", site.url, "--rules", str(rules), "--json",
        "--patience", "20",
    ]  # fmt: skip
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


@pytest.fixture
def second_file(tmp_path: Path) -> Path:
    path = tmp_path / "new" / "rules.yaml"
    path.parent.mkdir()
    path.write_text(SECOND["rules.yaml"])
    return path


@pytest.mark.thorough
def test_a_disk_that_takes_no_more_changes_nothing(site: Site) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    with pytest.raises(HarnessError):
        limited(site, SECOND, full)
    assert site.on_disk() == FIRST
    assert site.running()["A"] == "up == 0"


def limited(site: Site, files: dict[str, str], limit: Callable[[], None]) -> None:
    """Begin a deploy in a child process whose writes fail, and raise what it says."""
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from alerts.edge.store import Store\n"
        "from kit.pure.errors import HarnessError\n"
        "try:\n"
        "    Store(Path(sys.argv[1])).begin(json.loads(sys.argv[2]))\n"
        "except HarnessError as err:\n"
        "    sys.exit(f'{err}|{err.hint}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(site.folder), json.dumps(files)],
        capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    if done.returncode:
        assert "make room" in done.stderr, done.stderr
        raise HarnessError(done.stderr)


@pytest.mark.thorough
def test_a_killed_deploy_leaves_a_whole_set_and_the_next_one_works(
    site: Site, second_file: Path
) -> None:
    for delay_s in (0.4, 0.9, 1.4, 1.9):
        child = sre(site, second_file)
        time.sleep(delay_s)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert site.on_disk() in (FIRST, SECOND)
        assert site.running().keys() in ({"A", "B"}, {"A", "B", "C"})
    site.put(SECOND)
    assert site.running()["A"] == "up == 1"
    assert not (site.folder / ".sre-alerts" / "interrupted.json").exists()


@pytest.mark.thorough
def test_a_deploy_killed_between_rename_and_reload_is_undone_first(site: Site) -> None:
    site.store.begin(SECOND)
    assert site.on_disk() == SECOND
    with pytest.raises(BadInputError):
        site.put({"rules.yaml": ""})
    assert site.on_disk() == FIRST
    assert site.running()["A"] == "up == 0"


@pytest.mark.thorough
@pytest.mark.long
def test_the_command_says_what_changed_and_exits_by_the_documented_codes(
    site: Site, second_file: Path
) -> None:
    environment = {**os.environ, "SRE_PROMETHEUS_URL": site.url}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from sre.main import main; main()", "alerts", *arguments],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip

    folder, new = str(site.folder), str(second_file)
    differs = run("diff", folder, "--rules", new)
    assert differs.returncode == 1, differs.stderr
    assert "+ test/C" in differs.stdout
    assert "~ test/A" in differs.stdout
    dry = run("deploy", folder, "--rules", new, "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    assert keeps_schema(dry.stdout, "alerts-change")["deployed"] is None
    assert site.running()["A"] == "up == 0"
    done = run("deploy", folder, "--rules", new, "--json")
    assert done.returncode == 0, done.stderr
    identity = keeps_schema(done.stdout, "alerts-change")["deployed"]
    assert run("diff", folder, "--rules", new).returncode == 0
    back = run("rollback", folder)
    assert back.returncode == 0, back.stderr
    assert site.running()["A"] == "up == 0"
    deploys = keeps_schema(run("history", folder, "--json").stdout, "alerts-history")["deploys"]
    assert len(deploys) == 3
    assert deploys[1]["identity"] == identity
