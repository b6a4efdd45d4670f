"""`sre report` where no Prometheus can be asked, and where options are wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sre.running import run
from tests.pages.reports.test_capacity import climb
from tests.pages.reports.test_run_page import load
from tests.support.json_schemas import keeps_schema

Sre = Callable[..., tuple[int, str, str]]


@pytest.fixture
def sre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sre:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)

    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(["report", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def keep(folder: Path, kind: str, record: dict[str, object]) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{record['id']}.json").write_text(json.dumps(record))


@pytest.mark.parametrize("verb", ["daily", "weekly", "monthly", "capacity"])
def test_with_nothing_to_read_there_is_no_report_and_no_pass(sre: Sre, verb: str) -> None:
    code, out, err = sre(verb)
    assert code == 5
    assert out == ""
    assert err.count("error:") == 1
    assert "SRE_PROMETHEUS_URL" in err or "--prometheus" in err


@pytest.mark.parametrize("verb", ["daily", "weekly", "monthly", "capacity"])
def test_an_unreachable_prometheus_and_no_records_is_said_in_one_line(sre: Sre, verb: str) -> None:
    code, _, err = sre(verb, "--prometheus", "http://127.0.0.1:9")
    assert code == 3
    assert "does not answer" in err
    assert "Traceback" not in err


def test_an_unreachable_prometheus_leaves_the_runs_and_no_verdict(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load() | {"started_at": "2026-06-03T10:00:00+00:00"})
    code, out, _ = sre("weekly", "--of=2026-06-03", "--prometheus=http://127.0.0.1:9", "--json")
    found = keeps_schema(out, "period-report")
    assert code == 5
    assert found["verdict"] == "NO DATA"
    assert "does not answer" in found["quality"]["problems"][0]
    assert [one["kind"] for one in found["runs"]] == ["load"]


def test_without_prometheus_the_report_speaks_of_runs_in_every_format(
    sre: Sre, tmp_path: Path
) -> None:
    keep(tmp_path, "load", load() | {"started_at": "2026-06-03T10:00:00+00:00"})
    keep(tmp_path, "backup", {"id": "b", "started_at": "2026-06-02T10:00:00Z", "verdict": "PASS"})
    (tmp_path / "backup" / "torn.json").write_text("{")
    code, out, _ = sre("weekly", "--of=2026-06-03")
    assert code == 5
    assert "Production was not measured" in out
    folder = tmp_path / "report"
    assert {file.name for file in folder.iterdir()} == {
        f"week-2026-W23.{form}" for form in ("html", "md", "json")
    }
    assert "smoke" in (folder / "week-2026-W23.html").read_text()
    ages = json.loads((folder / "week-2026-W23.json").read_text())["ages"]
    assert [one["days"] and round(one["days"], 2) for one in ages] == [5.58, None]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("weekly", "--period=year"), "no period"),
        (("weekly", "--zone=Mars"), "no time zone"),
        (("weekly", "--week-start=someday"), "no weekday"),
        (("weekly", "--of=soon"), "no date"),
        (("weekly", "--from=2026-01-01"), "belong together"),
        (("weekly", "--of=2100-01-01"), "still to come"),
        (("weekly", "--prometheus=localhost:9090"), "no URL"),
        (("capacity", "--as-of=soon"), "no time"),
        (("weekly", "--objectives=/nowhere"), "/nowhere"),
    ],
)
def test_a_wrong_option_is_named_in_one_line(
    sre: Sre, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    keep(tmp_path, "load", load())
    code, _, err = sre(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("verb", ["weekly", "capacity"])
@pytest.mark.parametrize(
    ("formats", "said"), [("html,odt", "no format is called 'odt'"), ("", "names no format")]
)
def test_a_wrong_format_is_refused_before_anything_is_read(
    sre: Sre, verb: str, formats: str, said: str
) -> None:
    code, _, err = sre(verb, "--format", formats, "--prometheus", "http://127.0.0.1:9")
    assert code == 2
    assert said in err
    assert "html, md, json" in err


def test_only_the_wanted_formats_are_written(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load() | {"started_at": "2026-06-03T10:00:00+00:00"})
    out = tmp_path / "out"
    sre("weekly", "--of=2026-06-03", "--format=md, html", f"--out={out}")
    assert {path.suffix for path in out.iterdir()} == {".md", ".html"}


@pytest.mark.usefixtures("chromium")
@pytest.mark.thorough
def test_a_report_is_printed_as_pdf_where_that_is_wanted(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load() | {"started_at": "2026-06-03T10:00:00+00:00"})
    out = tmp_path / "out"
    code, _, err = sre("weekly", "--of=2026-06-03", "--format=pdf", f"--out={out}")
    assert code == 5, err
    (paper,) = out.iterdir()
    assert paper.read_bytes().startswith(b"%PDF-")


def test_without_a_browser_a_pdf_is_refused_before_anything_is_read(
    sre: Sre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = sre("weekly", "--format=pdf", "--prometheus=http://127.0.0.1:9")
    assert code == 3
    assert "no browser is installed" in err
    assert "leave pdf out" in err


def test_the_page_of_a_run_lies_beside_the_records(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load())
    code, out, _ = sre("run", "--json")
    assert code in {0, 1, 5}
    assert json.loads(out)["report"] == str(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text().startswith("<!")


def test_the_procedures_own_words_work(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load() | {"started_at": "2026-01-05T10:00:00+00:00"})
    code, out, _ = sre("weekly", "--period=week")
    assert code == 5
    assert "week-" in out


def test_capacity_knows_the_newest_climb_without_prometheus(sre: Sre, tmp_path: Path) -> None:
    keep(tmp_path, "load", load() | {"capacity": {"rate": None, **climb(40.0).data["capacity"]}})
    code, out, _ = sre("capacity")
    assert code == 5
    assert "safe up to 40/s" in out
