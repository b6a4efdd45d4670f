"""The policy holds by the schema of Kubernetes, and nothing is cut off without evidence."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from kit.pure.errors import RefusedError, UnreachableError
from kit.pure.exits import Exit
from ops.incidents.evidence.bundle import keep, manifest_of, packed
from ops.incidents.evidence.part import Part
from ops.incidents.instance import NotDoneError
from ops.incidents.isolation.apply import check_evidence, do_all
from ops.incidents.isolation.cluster import isolation_policy
from ops.incidents.isolation.manifests import Workload
from ops.incidents.isolation.step import Done, Step
from sre.running import run

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent.parent / "schemas/networkpolicy.json").read_text())
)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def bundle(folder: Path, made: datetime) -> Path:
    parts = [Part("a.txt", "x", "here")]
    manifest = manifest_of(parts, [], {"made_at": f"{made:%Y-%m-%dT%H:%M:%SZ}"})
    keep(folder / "e.tar.gz", packed(parts, manifest, 0))
    return folder / "e.tar.gz"


def test_the_policy_holds_by_the_schema_of_kubernetes() -> None:
    policy = isolation_policy(Workload("other", "prod"))
    assert [error.message for error in SCHEMA.iter_errors(policy)] == []


def test_the_schema_refuses_what_kubernetes_would() -> None:
    policy = isolation_policy(Workload())
    policy["spec"]["policyType"] = ["Ingress"]
    assert not SCHEMA.is_valid(policy)


def test_isolation_lets_nothing_in_or_out_of_the_pods_of_the_service() -> None:
    spec = isolation_policy(Workload())["spec"]
    assert spec == {
        "podSelector": {"matchLabels": {"app": "calendar-assistant"}},
        "policyTypes": ["Ingress", "Egress"],
    }


def test_fresh_whole_evidence_opens_the_way(tmp_path: Path) -> None:
    assert len(check_evidence(bundle(tmp_path, NOW - timedelta(minutes=5)), NOW)) == 64


def test_no_evidence_stale_evidence_and_changed_evidence_do_not(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no evidence was kept"):
        check_evidence(None, NOW)
    with pytest.raises(RefusedError, match="no evidence was kept"):
        check_evidence(tmp_path / "none", NOW)
    path = bundle(tmp_path, NOW - timedelta(hours=2))
    with pytest.raises(RefusedError, match="was made at"):
        check_evidence(path, NOW)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RefusedError, match="was changed"):
        check_evidence(path, NOW)


def test_a_step_that_fails_does_not_keep_the_next_from_being_done() -> None:
    def fails() -> str:
        raise UnreachableError("no such network")

    def unconfirmed() -> str:
        raise NotDoneError("it does not confirm it")

    steps = [
        Step("a", "do a", "undo a", fails), Step("b", "do b", "undo b", lambda: "ok"),
        Step("c", "do c", "undo c", unconfirmed),
    ]  # fmt: skip
    shown: list[Done] = []
    done = do_all(steps, shown.append)
    assert [(each.said, each.problem, each.exit) for each in done] == [
        ("", "no such network", Exit.UNREACHABLE), ("ok", "", Exit.HOLDS),
        ("", "it does not confirm it", Exit.BAD),
    ]  # fmt: skip
    assert shown == done


def test_the_verb_shows_a_manifest_and_how_to_undo_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incident", "isolate", "network", "--json", "--namespace", "prod"]) == 0
    (step,) = json.loads(capsys.readouterr().out)["steps"]
    assert SCHEMA.is_valid(yaml.safe_load(step["stdin"]))
    assert step["command"] == "kubectl apply --filename -"
    assert step["undo"].endswith("calendar-assistant-isolated --namespace prod")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["network", "--apply"], 4, "no evidence was kept"),
        (["netwrok"], 2, "no isolation is called 'netwrok'"),
    ],
)
def test_a_wrong_wish_is_one_line(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["incident", "isolate", *arguments]) == code
    assert said in capsys.readouterr().err.splitlines()[0]
