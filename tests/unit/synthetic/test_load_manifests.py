"""What starts a run over several hosts: both sides must agree on numbers, names and ports."""

import re
from typing import Any

import pytest
import yaml

from synthetic.edge.load.catalogue import profile_names
from synthetic.edge.load.children import ROOT
from synthetic.edge.load.remote import address_of

FOLDER = ROOT / "deployment" / "load"


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    found = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text())
    return {f"{one['kind']} {one['metadata']['name']}": one for one in found}


def command_of(job: dict[str, Any]) -> list[str]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return list(container["command"])


def test_the_cluster_starts_as_many_workers_as_the_run_waits_for(manifests: dict[str, Any]) -> None:
    workers = manifests["Job calendar-load-workers"]["spec"]
    run = command_of(manifests["Job calendar-load-run"])
    waited_for = int(run[run.index("--workers") + 1])
    assert workers["parallelism"] == workers["completions"] == waited_for
    assert run[3] in profile_names()


def test_the_workers_ask_where_the_run_listens(manifests: dict[str, Any]) -> None:
    service, run = manifests["Service calendar-load"], manifests["Job calendar-load-run"]
    asked = command_of(manifests["Job calendar-load-workers"])[3]
    listened = command_of(run)[command_of(run).index("--remote") + 1]
    ports = [one["port"] for one in service["spec"]["ports"]]
    assert address_of(asked) == ("calendar-load", ports[0])
    assert address_of(listened)[1] == ports[0]
    assert run["spec"]["template"]["metadata"]["labels"] == service["spec"]["selector"]


def test_the_compose_file_says_the_same_number_on_both_sides() -> None:
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    run, worker = services["run"]["command"], services["worker"]["command"]
    number = services["worker"]["deploy"]["replicas"]
    assert f"--workers {number}" in run
    asked, listened = re.search(r"worker (\S+)", worker), re.search(r"--remote (\S+)", run)
    assert asked is not None
    assert listened is not None
    assert address_of(asked[1]) == ("run", address_of(listened[1])[1])
