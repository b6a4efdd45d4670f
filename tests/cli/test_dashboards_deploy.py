import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.deploy import apply
from dashboards.deploy.plan import Change
from dashboards.edge.files import GENERATED
from kit.edge import records
from kit.pure.exits import Exit
from slo.edge.project_file import load_project
from sre.running import run
from tests.pages.reports.test_run_page import load
from tests.support.grafana_api import TOKEN, GrafanaState, grafana_api
from tests.support.json_schemas import keeps_schema
from tests.support.sampling import quick

FOLDER_UID = load_project().boards.folder
SHIPPED = {path.stem: json.loads(path.read_text()) for path in sorted(GENERATED.glob("*.json"))}


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GrafanaState]:
    with grafana_api() as state:
        monkeypatch.setenv("SRE_GRAFANA_URL", state.url)
        monkeypatch.setenv("SRE_GRAFANA_TOKEN", TOKEN)
        monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
        yield state


@pytest.fixture
def older(grafana: GrafanaState) -> GrafanaState:
    """A Grafana that holds an earlier set, of which one dashboard has been moved elsewhere."""
    grafana.folders |= {FOLDER_UID: "Calendar", "elsewhere": "Elsewhere"}
    for number, (uid, body) in enumerate(SHIPPED.items()):
        grafana.dashboards[uid] = body | {"title": "Old", "id": number, "version": 3}
        grafana.folder_of[uid] = "elsewhere" if number == 0 else FOLDER_UID
    return grafana


def deploy(*more: str) -> int:
    return run(["dashboards", "deploy", *more])


def test_a_deploy_brings_every_dashboard_into_its_folder(
    grafana: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy() == Exit.HOLDS
    assert grafana.contents() == SHIPPED
    assert set(grafana.folder_of.values()) == {FOLDER_UID}
    assert f"{len(SHIPPED)} of {len(SHIPPED)} dashboards changed" in capsys.readouterr().out

    written = len(grafana.writes)
    assert deploy() == Exit.HOLDS
    assert len(grafana.writes) == written
    assert "calendar-executive: unchanged" in capsys.readouterr().out


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    older: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    older.dashboards["calendar-executive"]["panels"] = []

    assert deploy("--dry-run", "--diff") == Exit.HOLDS

    said = capsys.readouterr().out
    assert '- "title": "Old"' in said
    assert f'+ "title": "{SHIPPED["calendar-executive"]["title"]}"' in said
    assert older.writes == []
    assert deploy("--dry-run") == Exit.HOLDS
    assert "    + Active users" in capsys.readouterr().out


@pytest.mark.parametrize("fault", [500, "drop", "drop after"])
@pytest.mark.parametrize("nth", quick(range(1, len(SHIPPED) + 1), first=2))
def test_a_deploy_that_fails_leaves_what_was_there(
    older: GrafanaState, nth: int, fault: int | str
) -> None:
    before, folders = older.contents(), dict(older.folder_of)
    older.fail_on = {nth: fault}

    assert deploy() == Exit.UNREACHABLE
    assert older.contents() == before
    assert older.folder_of == folders


@pytest.mark.parametrize("nth", quick(range(1, len(SHIPPED) + 2), first=2))
def test_a_first_deploy_that_fails_leaves_nothing(grafana: GrafanaState, nth: int) -> None:
    grafana.fail_on = {nth: "drop"}

    assert deploy() == Exit.UNREACHABLE
    assert grafana.dashboards == {}
    assert grafana.folders == {}


def test_what_reads_back_differently_is_taken_back(
    older: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    before = older.contents()
    older.mangle = {"calendar-slo-latency"}

    assert deploy() == Exit.REFUSED
    assert "calendar-slo-latency was written, but reads back differently" in capsys.readouterr().err
    assert older.contents() == before


def test_a_change_by_somebody_else_meanwhile_is_not_lost(
    older: GrafanaState, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The edit comes after the plan was made; only the dashboards before it are written."""
    edited = "calendar-slo-accuracy"
    plain = apply._carry_out

    def edit_then_carry_out(
        store: apply.Store, change: Change, folder: str, message: str
    ) -> int | None:
        if change.uid == edited:
            older.dashboards[edited] |= {"title": "Edited by hand", "version": 4}
        return plain(store, change, folder, message)

    monkeypatch.setattr(apply, "_carry_out", edit_then_carry_out)
    before = older.contents()

    assert deploy() == Exit.REFUSED
    assert "changed by someone else" in capsys.readouterr().err
    assert older.contents() == before | {edited: before[edited] | {"title": "Edited by hand"}}


def test_when_taking_back_fails_too_what_is_left_is_named(
    older: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    older.fail_on = dict.fromkeys(range(3, 99), 500)

    assert deploy() == Exit.BAD
    said = capsys.readouterr().err
    assert "could not be rolled back: calendar-executive, calendar-development" in said


def test_a_provisioned_dashboard_is_refused_by_name(
    older: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    older.provisioned = {"calendar-operations"}

    assert deploy() == Exit.REFUSED
    assert "Cannot save provisioned dashboard" in capsys.readouterr().err


def test_a_wrong_token_is_refused(
    grafana: GrafanaState, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SRE_GRAFANA_TOKEN", "wrong")

    assert deploy() == Exit.REFUSED
    said = capsys.readouterr().err
    assert f"Grafana at {grafana.url} answers 401" in said
    assert "SRE_GRAFANA_TOKEN" in said


def test_a_grafana_that_is_down_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("--grafana", "http://127.0.0.1:1") == Exit.UNREACHABLE
    assert "Grafana at http://127.0.0.1:1 does not answer" in capsys.readouterr().err


def test_a_rollback_brings_back_what_was_there(older: GrafanaState) -> None:
    before = older.contents()
    assert deploy() == Exit.HOLDS
    assert older.contents() == SHIPPED

    assert run(["dashboards", "rollback"]) == Exit.HOLDS
    assert older.contents() == before


def test_a_rollback_of_a_first_deploy_removes_the_dashboards(
    grafana: GrafanaState, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy("--json") == Exit.HOLDS
    done = keeps_schema(capsys.readouterr().out, "dashboards-change")
    assert {each["deed"] for each in done["changes"]} == {"create"}
    assert run(["dashboards", "rollback", done["kept"], "--json"]) == Exit.HOLDS
    back = keeps_schema(capsys.readouterr().out, "dashboards-change")
    assert {each["deed"] for each in back["changes"]} == {"delete"}
    assert grafana.dashboards == {}


def test_without_an_earlier_deploy_there_is_nothing_to_roll_back(grafana: GrafanaState) -> None:
    assert run(["dashboards", "rollback"]) == Exit.NOT_ENOUGH_DATA
    assert grafana.writes == []


def test_dashboards_that_are_built_no_longer_go_only_when_asked(grafana: GrafanaState) -> None:
    old = SHIPPED["calendar-executive"] | {"uid": "calendar-former"}
    theirs = {"uid": "theirs", "title": "Theirs", "tags": []}
    for uid, body in (("calendar-former", old), ("theirs", theirs)):
        grafana.dashboards[uid] = body | {"id": 1, "version": 1}

    assert deploy() == Exit.HOLDS
    assert "calendar-former" in grafana.dashboards
    assert deploy("--prune") == Exit.HOLDS
    assert grafana.contents() == SHIPPED | {"theirs": theirs}


def test_load_runs_are_marked_once(
    grafana: GrafanaState,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    record = load()
    records.save("load", record)

    for written in (1, 0):
        assert run(["dashboards", "annotate", "--json"]) == Exit.HOLDS
        told = keeps_schema(capsys.readouterr().out, "dashboards-annotate")
        assert told["written"] == written

    (note,) = grafana.annotations
    assert note["timeEnd"] - note["time"] == 20_000
    assert note["tags"] == ["load-run", record["id"]]
    assert note["text"] == f"smoke: {record['verdict']}"
