"""No verb writes outside the folder it was given, whatever its input calls itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboards.edge.preview import preview_files
from dashboards.read import read_dashboard
from kit.edge import records
from kit.pure.errors import BadInputError
from reports.edge.delivery import read_delivery
from reports.edge.formats import write_report

HOSTILE = ["../x", "/tmp/sre-hostile", "a/../../x", "x\0y", "n" * 300, ".bashrc"]  # noqa: S108


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def previewed(out: Path, *uids: str) -> list[Path]:
    """Return the files that the preview of empty dashboards with these uids wrote below `out`."""
    found = [
        read_dashboard("a.json", json.dumps({"uid": uid, "title": "t", "panels": []}))
        for uid in uids
    ]
    preview_files(found, url="http://127.0.0.1:9", out=out, now=1e9, range_s=60, scrape_s=15)
    return [path for path in everything(out) if path.is_file()]


@pytest.mark.parametrize("uid", HOSTILE)
def test_a_preview_of_a_dashboard_whose_uid_leads_elsewhere_is_written_where_it_was_asked(
    tmp_path: Path, uid: str
) -> None:
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    written = previewed(out, uid)
    assert written
    assert all(path.parent == out and not path.name.startswith(".") for path in written)
    assert [path for path in everything(tmp_path) if path.is_file()] == written
    assert not Path("/tmp/sre-hostile.html").exists()  # noqa: S108


def test_nor_are_two_dashboards_written_to_one_page(tmp_path: Path) -> None:
    pages = [path.name.lower() for path in previewed(tmp_path, "Board", "board", "b/oard")]
    assert len(set(pages)) == len(pages) >= 3


@pytest.mark.parametrize("identity", HOSTILE)
def test_a_record_is_kept_in_its_folder_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: str
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "deep" / "runs"))
    with pytest.raises(BadInputError, match="no file can be called so"):
        records.save("load", {"id": identity})
    assert everything(tmp_path) == []


@pytest.mark.parametrize("reference", HOSTILE)
def test_an_id_that_is_none_names_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    """Also where something lies at the place that it would lead to."""
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "x.json").write_text("{}")
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    with pytest.raises(BadInputError, match="no run record"):
        records.read(reference)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_report_is_neither_written_nor_sent_from_elsewhere(tmp_path: Path, name: str) -> None:
    class Hostile:
        id = name

    def text(_format: str) -> str:
        return "text"

    with pytest.raises(BadInputError, match="no file can be called so"):
        write_report(Hostile(), tmp_path / "deep", ("md",), text)
    with pytest.raises(BadInputError, match="no file can be called so"):
        read_delivery(tmp_path / "deep", name)
    assert everything(tmp_path) == []


def test_a_link_that_lies_where_a_file_is_to_be_is_replaced_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, runs = tmp_path / "victim", tmp_path / "runs"
    victim.write_text("mine")
    (runs / "load").mkdir(parents=True)
    (runs / "load" / "a.json").symlink_to(victim)
    monkeypatch.setenv("SRE_RUNS_DIR", str(runs))
    record: dict[str, Any] = {"id": "a"}
    path = records.save("load", record)
    assert victim.read_text() == "mine"
    assert json.loads(path.read_text()) == record
    assert not path.is_symlink()
