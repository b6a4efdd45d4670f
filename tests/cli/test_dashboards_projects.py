"""Several projects: each builds, checks and deploys its own dashboards, beside those of others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kit.pure.exits import Exit
from sre.running import run
from tests.support.grafana_api import TOKEN, GrafanaState, grafana_api
from tests.support.json_schemas import keeps_schema
from tests.support.two_projects import orders, stock


@pytest.fixture
def ours(tmp_path: Path) -> str:
    return str(orders(tmp_path / "orders"))


@pytest.fixture
def theirs(tmp_path: Path) -> str:
    return str(stock(tmp_path / "stock"))


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch) -> Iterator[GrafanaState]:
    with grafana_api() as state:
        monkeypatch.setenv("SRE_GRAFANA_URL", state.url)
        monkeypatch.setenv("SRE_GRAFANA_TOKEN", TOKEN)
        monkeypatch.delenv("SRE_RUNS_DIR", raising=False)
        yield state


def dashboards(*words: str) -> int:
    return run(["dashboards", *words])


def test_a_project_is_built_below_its_folder_and_what_is_left_out_is_said(
    ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dashboards("build", "--project", ours, "--json") == Exit.HOLDS
    built = keeps_schema(capsys.readouterr().out, "dashboards-build")
    assert {Path(path).name for path in built["files"]} >= {"orders-slo-fast.json", "orders.yaml"}
    assert all(path.startswith(str(tmp_path / "orders/build/")) for path in built["files"])
    assert any(line.startswith("cache (no [metrics.cache]") for line in built["left_out"])

    assert dashboards("build", "--project", ours, "--check") == Exit.HOLDS
    assert "note: left out: cache (no [metrics.cache] in sre.toml)" in capsys.readouterr().out
    assert dashboards("check", "--project", ours) == Exit.HOLDS


def test_a_series_that_is_not_in_the_catalogue_is_named(
    ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dashboards("build", "--project", ours) == Exit.HOLDS
    board = Path(ours).parent / "build/dashboards/orders-executive.json"
    board.write_text(board.read_text().replace("http_requests_total{", "http_request_total{", 1))
    capsys.readouterr()

    assert dashboards("check", "--project", ours) == Exit.BAD
    said = capsys.readouterr().out
    assert "reads http_request_total, which is not in the catalogue of metrics" in said
    assert "did you mean 'http_requests_total'?" in said
    assert "[metric-known]" in said


@pytest.mark.thorough
def test_two_projects_built_into_one_folder_keep_each_other_s_files(
    ours: str, theirs: str, tmp_path: Path
) -> None:
    out = str(tmp_path / "all")
    for project in (ours, theirs):
        assert dashboards("build", "--project", project, "--out", out) == Exit.HOLDS
    made = {path.name for path in Path(out).glob("*.json")}
    assert {name.partition("-")[0] for name in made} == {"orders", "stock"}

    gone = Path(out) / "orders-former.json"
    gone.write_text(json.dumps({"uid": "orders-former", "tags": ["orders"]}))
    longer = Path(out) / "orders-api-executive.json"
    body = json.loads((Path(out) / "orders-executive.json").read_text())
    longer.write_text(json.dumps(body | {"uid": longer.stem, "tags": ["orders-api"]}))
    for project in (ours, theirs):
        assert dashboards("build", "--project", project, "--out", out) == Exit.HOLDS
    assert {path.name for path in Path(out).glob("*.json")} == made | {longer.name}
    assert dashboards("check", out) == Exit.HOLDS
    maps = {path.name for path in (Path(out) / "grafana/kubernetes").glob("*.yaml")}
    assert maps == {"orders.yaml", "stock.yaml"}
    providers = sorted((Path(out) / "grafana/provisioning/dashboards").glob("*.yaml"))
    folders = [yaml.safe_load(path.read_text())["providers"][0]["folder"] for path in providers]
    assert folders == ["Orders", "Stock"]


def test_two_projects_deployed_to_one_grafana_leave_each_other_s_dashboards(
    ours: str, theirs: str, grafana: GrafanaState
) -> None:
    for project in (ours, theirs):
        assert dashboards("build", "--project", project) == Exit.HOLDS
        assert dashboards("deploy", "--project", project, "--prune") == Exit.HOLDS
    before = grafana.contents()
    assert {grafana.folder_of[uid] for uid in before} == {"orders", "stock"}

    assert dashboards("deploy", "--project", ours, "--prune") == Exit.HOLDS
    assert grafana.contents() == before
    assert dashboards("rollback", "--project", ours) == Exit.HOLDS
    left = grafana.contents()
    assert left == {uid: body for uid, body in before.items() if uid.startswith("stock-")}


@pytest.mark.thorough
def test_projects_that_keep_their_deploys_in_one_folder_roll_back_their_own(
    ours: str, theirs: str, grafana: GrafanaState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    for project in (ours, theirs):
        assert dashboards("build", "--project", project) == Exit.HOLDS
        assert dashboards("deploy", "--project", project) == Exit.HOLDS
    assert dashboards("rollback", "--project", ours) == Exit.HOLDS
    assert {uid.partition("-")[0] for uid in grafana.dashboards} == {"stock"}

    newest = max((tmp_path / "runs/dashboards").glob("*.json"))
    assert dashboards("rollback", str(newest), "--project", theirs) == Exit.USAGE
    assert "holds the dashboards of 'orders'" in capsys.readouterr().err


def test_a_dashboard_of_somebody_else_is_never_overwritten(
    ours: str, grafana: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = {"uid": "orders-executive", "title": "Mine", "tags": ["by hand"], "version": 1}
    grafana.dashboards["orders-executive"] = foreign
    assert dashboards("build", "--project", ours) == Exit.HOLDS

    assert dashboards("deploy", "--project", ours) == Exit.REFUSED
    assert "somebody else's" in capsys.readouterr().err
    assert grafana.dashboards == {"orders-executive": foreign}
    assert grafana.writes == []
