import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.pure.exits import Exit
from slo.edge.files import SHIPPED
from sre.running import run
from tests.support.json_schemas import keeps_schema
from tests.unit.dashboards.samples import dashboard_json, panel

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: object, name: str = "mine.json") -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return write


def test_build_writes_what_is_missing_and_then_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made"
    assert run(["dashboards", "build", "--out", str(out), "--json"]) == Exit.HOLDS
    first = keeps_schema(capsys.readouterr().out, "dashboards-build")
    assert len(first["changed"]) == len(first["files"]) == 10

    (out / "calendar-executive.json").write_text("{}")
    (out / "calendar-gone.json").write_text("{}")
    assert run(["dashboards", "build", "--out", str(out), "--check"]) == Exit.BAD
    said = capsys.readouterr().out
    assert "calendar-executive.json: is outdated" in said
    assert "calendar-gone.json: is built no longer" in said

    assert run(["dashboards", "build", "--out", str(out)]) == Exit.HOLDS
    assert not (out / "calendar-gone.json").exists()
    capsys.readouterr()
    assert run(["dashboards", "build", "--out", str(out), "--check"]) == Exit.HOLDS


def test_the_shipped_dashboards_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboards", "check"]) == Exit.HOLDS
    said = capsys.readouterr().out
    assert "by their files alone" in said
    assert "0 problems" in said


def test_anybodys_dashboard_is_checked_and_each_problem_named(
    write: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write(dashboard_json(panel("sum(rate(x_total[5m])"), editable=True))

    assert run(["dashboards", "check", path, "--json"]) == Exit.BAD
    problems = keeps_schema(capsys.readouterr().out, "dashboards-check")["problems"]
    assert {problem["rule"] for problem in problems} == {
        "target-promql",
        "target-rate-interval",
        "uneditable-dashboard",
    }


def test_a_declared_exception_is_no_problem(
    write: Write,
) -> None:
    path = write(dashboard_json(panel("sum(rate(")))
    assert run(["dashboards", "check", path]) == Exit.BAD

    write("exclusions: {target-promql-rule: {reason: a sandbox}}", ".lint")
    assert run(["dashboards", "check", path]) == Exit.HOLDS


def test_what_is_against_a_custom_is_a_warning_unless_the_project_makes_it_an_error(
    write: Write,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write(dashboard_json(editable=True))
    assert run(["dashboards", "check", path]) == Exit.HOLDS
    assert "warning: can be edited" in capsys.readouterr().out

    own = tmp_path / "own"
    (own / "slo" / "objectives").mkdir(parents=True)
    text = (
        'schema = "sre.project/v1"\n[service]\nname = "own"\njob = "own"\n[dashboards.rules]\n'
        'uneditable-dashboard = "error"\n'
    )
    (own / "sre.toml").write_text(text)
    words = ["dashboards", "check", path, "--project", str(own)]
    words += ["--objectives", str(SHIPPED)]
    assert run(words) == Exit.BAD
    (own / "sre.toml").write_text(text.replace("uneditable-dashboard", "uneditable-board"))
    assert run(words) == Exit.USAGE
    assert "did you mean 'uneditable-dashboard'?" in capsys.readouterr().err


def test_a_dashboard_comes_in_on_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(dashboard_json(panel("sum(rate(")))))
    assert run(["dashboards", "check", "--stdin"]) == Exit.BAD
    assert capsys.readouterr().out.startswith("stdin, panel 'Requests', query A:")


def test_folders_are_read_to_any_depth_and_what_is_no_dashboard_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in (
        ("a/b/c/deep.json", json.dumps(dashboard_json())),
        ("a/package.json", '{"name": "boards"}'),
        ("a/.git/odd.json", "{"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert run(["dashboards", "check", str(tmp_path / "a")]) == Exit.HOLDS
    assert "1 panel of 1 dashboard checked" in capsys.readouterr().out


def test_two_dashboards_of_one_uid_are_a_problem(
    write: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = [write(dashboard_json(), name) for name in ("one.json", "two.json")]

    assert run(["dashboards", "check", *paths]) == Exit.BAD
    assert "one would replace the other" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{oops", "is not JSON"),
        ("[]", "is not a Grafana dashboard"),
    ],
)
def test_a_file_that_is_no_dashboard_is_wrong_usage(
    write: Write,
    content: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["dashboards", "check", write(content)]) == Exit.USAGE
    assert says in capsys.readouterr().err


def test_an_unknown_panel_type_is_named(
    write: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write(dashboard_json(panel(type="cake-chart")))

    assert run(["dashboards", "check", path]) == Exit.HOLDS
    assert "warning: is of the unknown type 'cake-chart'" in capsys.readouterr().out


def test_a_prometheus_that_is_down_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboards", "check", "--prometheus", "http://127.0.0.1:1"]) == Exit.UNREACHABLE
    assert "Prometheus at http://127.0.0.1:1 does not answer" in capsys.readouterr().err
