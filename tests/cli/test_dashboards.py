import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.pure.exits import Exit
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
    path = write(dashboard_json(editable=True))
    assert run(["dashboards", "check", path]) == Exit.BAD

    write("exclusions: {uneditable-dashboard-rule: {reason: a sandbox}}", ".lint")
    assert run(["dashboards", "check", path]) == Exit.HOLDS


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

    assert run(["dashboards", "check", path]) == Exit.BAD
    assert "is of the unknown type 'cake-chart'" in capsys.readouterr().out


def test_a_prometheus_that_is_down_cannot_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboards", "check", "--prometheus", "http://127.0.0.1:1"]) == Exit.UNREACHABLE
    assert "Prometheus at http://127.0.0.1:1 does not answer" in capsys.readouterr().err
