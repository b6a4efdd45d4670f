"""Promises of two teams may have the same names: neither sees what is recorded of the other's."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import dashboards
from alerts.behaviour.case import counter, gauge
from slo.edge.files import load_objectives
from sre.running import run
from tests.support.calendar_alerts import SERVICE, generated
from tests.support.examples import EXAMPLES
from tests.support.two_teams import OTHER, SAME, TEAMS, files_of, groups_of, rules_of

PromTool = Callable[[Sequence[Path]], list[str]]
RECORDED = re.compile(r"\b(?:slo|route|part):\w+:\w+(\{[^}]*\})?")
MINUTES = 130
BAD_SHARE = 0.2


def texts_of(files: Mapping[str, str]) -> Iterator[str]:
    """Yield all that is asked of Prometheus: expressions, what texts query, commands."""
    for rule in rules_of(files):
        yield rule["expr"]
        yield from rule.get("annotations", {}).values()
    yield from (text for path, text in files.items() if path.startswith("runbooks/"))


@pytest.mark.parametrize("team", TEAMS)
def test_whatever_reads_a_recorded_series_says_whose(team: str, tmp_path: Path) -> None:
    files = files_of(tmp_path, OTHER) if team == OTHER else generated()
    texts = list(texts_of(files))
    if team == SERVICE:
        folder = Path(str(dashboards.__file__)).parent / "generated"
        texts += [path.read_text().replace('\\"', '"') for path in folder.glob("*.json")]
    first = ('service=""', f'service="{SERVICE}"', f'service=~"|{SERVICE}"')
    whose = first if team == SERVICE else (f'service="{OTHER}"',)
    found = {match[0]: match[1] or "" for text in texts for match in RECORDED.finditer(text)}
    assert len(found) > len(SAME)
    ways = (*whose, "service=%q")  # a template that is given the service of its own alert
    assert {one for one, of in found.items() if not any(way in of for way in ways)} == set()


def requests(job: str, bad: float) -> dict[str, str]:
    """Return a hundred requests a second, this share of them bad."""
    labels, span = f'job="{job}",route="/events",method="GET"', MINUTES + 5
    return {
        f'http_requests_total{{{labels},status="200"}}': counter((6000 * (1 - bad), span)),
        f'http_requests_total{{{labels},status="500"}}': counter((6000 * bad, span)),
        f'up{{job="{job}",instance="a"}}': gauge((1, span)),
    }


def case(bad: Mapping[str, float], pages: Sequence[str]) -> dict[str, Any]:
    """Return what is bad of each team, which pages that opens, and whose budget it spends."""
    (faulty,) = (team for team in TEAMS if bad[team])
    own = f',service="{OTHER}"' if faulty == OTHER else ""
    names = "|".join(SAME)
    series = requests("calendar-api", bad[SERVICE]) | requests(OTHER, bad[OTHER])
    answers = {
        'count by (alertname, service) (ALERTS{severity="critical",alertstate="firing"})': [
            f'{{alertname="{page}",service="{faulty}"}}' for page in pages
        ],
        f'count by (slo, service) (slo:budget_spent:30d{{slo=~"{names}"}} > 0)': [
            f'{{slo="{slo}"{own}}}' for slo in SAME
        ],
        f'count by (slo, service) (slo:budget_spent:30d{{slo=~"{names}"}})': [
            f'{{slo="{slo}"{label}}}' for slo in SAME for label in ("", f',service="{OTHER}"')
        ],
    }
    return {
        "name": f"{faulty} fails",
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [
            {
                "expr": query,
                "eval_time": f"{MINUTES}m",
                "exp_samples": [{"labels": each, "value": 1} for each in found],
            }
            for query, found in answers.items()
        ],
    }


@pytest.mark.thorough
def test_a_promise_of_the_same_name_that_another_team_breaks_disturbs_nobody_else(
    tmp_path: Path, promtool: PromTool
) -> None:
    paths = []
    for team in TEAMS:
        for name, groups in groups_of(files_of(tmp_path, team)).items():
            paths.append(tmp_path / f"{team}-{name}")
            paths[-1].write_text(yaml.safe_dump({"groups": groups}))
    cases = [
        case(
            {SERVICE: 0, OTHER: BAD_SHARE}, ["AvailabilityBudgetBurnFast", "ErrorsBudgetBurnFast"]
        ),
        case({SERVICE: BAD_SHARE, OTHER: 0}, ["ErrorRateVeryHigh"]),
    ]
    test = tmp_path / "test.yaml"
    files = [str(path) for path in paths if "escalation" not in path.name]
    test.write_text(
        yaml.safe_dump({"rule_files": files, "evaluation_interval": "1m", "tests": cases})
    )
    command = [*promtool([tmp_path]), "test", "rules", str(test)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:3000]


def test_each_service_of_a_file_has_shares_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = generated(EXAMPLES)
    rules = tmp_path / "objectives.yaml"
    rules.write_text(files["generated/objectives.yaml"])
    shares = [rule["expr"] for rule in rules_of(files) if rule.get("record") == "slo:bad_ratio:15m"]
    services = {each.service for each in load_objectives(EXAMPLES)}
    assert {re.findall(r'service="([^"]+)"', each)[0] for each in shares} == services
    assert len(shares) == len(services) > 1
    assert run(["alerts", "check", str(rules)]) == 0, capsys.readouterr().out
