"""What is built for the objectives of others runs for them: tests, pages, nothing left over."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alerts.edge.behaviour import verify, watched_rules
from alerts.edge.behaviour_files import built
from sre.running import run
from tests.support.command_line import parsed
from tests.support.examples import EXAMPLES
from tests.support.json_schemas import keeps_schema
from tests.support.shortest_cases import shortest

pytestmark = pytest.mark.usefixtures("promtool")
PromTool = Callable[[Sequence[Path]], list[str]]
COMMAND = re.compile(r"```bash\n\s*(sre .*?)\n\s*```")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return what is built of a threshold, a promise split by a label, and one with policies."""
    objectives = tmp_path / "my objectives"
    objectives.mkdir()
    for name in ("gateway-routes", "queue-lag", "all-kinds"):
        (objectives / f"{name}.yaml").write_text((EXAMPLES / f"{name}.yaml").read_text())
    assert run(["alerts", "build", "--objectives", str(objectives), "--out", str(tmp_path)]) == 0
    return tmp_path


def test_each_alert_does_what_its_shortest_cases_say(made: Path) -> None:
    assert verify([shortest(each) for each in watched_rules(*built(made, {}))]) == []


@pytest.mark.thorough
def test_alerts_that_do_what_their_tests_say_are_counted(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only = ["--only", "QueueFreshnessGone", "--only", "MailDeliveryUnmeasured"]
    capsys.readouterr()
    assert run(["alerts", "test", str(made), *only, "--json"]) == 0
    told = keeps_schema(capsys.readouterr().out, "alerts-test")
    assert (told["bad"], told["says"]) == ([], "2 of 2 rules do what their tests say")


@pytest.mark.timeout(7200)
@pytest.mark.long
@pytest.mark.thorough
def test_each_alert_does_what_its_test_says(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generated = [made / "generated/objectives.yaml", *(made / "generated/routing").glob("*.yaml")]
    alerts = sum(path.read_text().count("- alert: ") for path in generated)
    capsys.readouterr()
    assert run(["alerts", "test", str(made), "--json"]) == 0
    told = keeps_schema(capsys.readouterr().out, "alerts-test")
    said = f"{alerts} of {alerts} rules do what their tests say"
    assert (told["bad"], told["says"]) == ([], said)


def test_a_limit_that_was_changed_is_noticed(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = made / "generated/objectives.yaml"
    text = rules.read_text()
    limit = re.search(r'5m\{slo="queue-freshness",service="order-queue"\}\s+> ([0-9.]+)', text)
    assert limit is not None
    rules.write_text(text.replace(limit[1], f"{float(limit[1]) * 1.2:.10g}"))
    only = ["--only", "QueueFreshnessBudgetBurnFast"]
    assert run(["alerts", "test", str(made), *only]) == 1
    assert "QueueFreshnessBudgetBurnFast: promtool says FAILED" in capsys.readouterr().out


def test_the_commands_of_a_page_are_about_its_objective_and_are_taken(made: Path) -> None:
    seen = set()
    for page in sorted((made / "runbooks").glob("*.md")):
        for line in COMMAND.findall(page.read_text()):
            words = line.replace(f"'{made}/my objectives'", "FOLDER").split()
            assert "FOLDER" in words, (page.name, line)
            assert parsed(words[1:])
            seen.add(words[2])
    assert seen == {"budget", "show", "validate"}
    text = (made / "runbooks/QueueFreshnessBudgetBurnFast.md").read_text()
    assert "sre slo budget queue-freshness --objectives " in text
    assert 'slo:bad_ratio:5m{slo="queue-freshness",service="order-queue"}' in text


def test_what_is_no_longer_promised_leaves_no_test_behind(made: Path) -> None:
    (made / "generated/tests/mine.json").write_text("{}")
    (made / "my objectives/queue-lag.yaml").unlink()
    arguments = ["--objectives", str(made / "my objectives"), "--out", str(made)]
    assert run(["alerts", "build", *arguments]) == 0
    names = {path.stem for path in (made / "generated/tests").glob("*.json")}
    assert "mine" in names
    assert not [name for name in names if name.startswith("QueueFreshness")]


def test_a_folder_in_which_nothing_was_built_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerts", "test", str(tmp_path / "none")]) == 2
    assert f"no rule files in {tmp_path / 'none'}" in capsys.readouterr().err
