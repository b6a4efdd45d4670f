"""The images that we ship, looked into: no compiler, no root, no refused licence."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.edge.containers import images as ladder
from kit.edge.containers.catalog import REPOSITORY, image_of
from kit.edge.containers.docker import docker
from ops.checks.finding import State
from ops.supply.content import differing, read_image
from ops.supply.look import judge
from ops.supply.sbom import bill_of
from sre.running import run
from tests.support.tool_environments import ask_tool

READ_S = 600


@pytest.mark.thorough
def test_the_service_s_image_passes_and_its_bill_is_one_by_the_schema_of_cyclonedx(
    image_of_role: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = image_of_role("service")
    code = run(["check", "images", image, "--sbom", str(tmp_path), "--against", image, "--json"])
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    states = {one["subject"]: one["state"] for one in part["findings"]}
    assert states.pop("known vulnerabilities") in {"NO DATA", "PASS", "WARN", "FAIL"}
    wanted = dict.fromkeys(("compilers", "user", "licences", "same files"), "PASS")
    assert states == {**wanted, "content": "INFO", "bill of materials": "INFO"}
    assert code in {0, 1, 5}
    (bill,) = tmp_path.iterdir()
    assert ask_tool("checkov", "bill", {bill.name: bill.read_text()}) == {bill.name: ""}
    spoilt = bill.read_text().replace('"library"', '"librarian"')
    assert ask_tool("checkov", "bill", {"spoilt": spoilt})["spoilt"]
    names = {one["name"] for one in json.loads(bill.read_text())["components"]}
    assert {"fastapi", "pymongo", "libc6"} <= names
    assert "secantusdb" not in names


@pytest.mark.thorough
def test_the_stand_in_for_mongodb_is_a_process_of_its_own_in_an_image_of_its_own(
    image_of_role: Callable[[str], str],
) -> None:
    content = read_image(image_of_role("mongodb"), timeout_s=READ_S)
    found = {one.subject: one for one in judge(content, "no scanner", None)}
    assert not content.has_project
    if content.reference.startswith(REPOSITORY):
        assert "secantusdb" in found["a process of its own"].value
        assert found["licences"].state is State.PASS


def test_an_image_that_is_not_here_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "images", f"{REPOSITORY}/none:none"]) == 3
    assert "docker image ls" in capsys.readouterr().err


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch, image_of_role: Callable[[str], str]) -> Iterator[Any]:
    """Build the service's image twice, nothing taken from the builder's cache."""
    image_of_role("service")
    built = ladder._docker_build
    monkeypatch.setattr(
        ladder, "_docker_build", lambda options, context: built(("--no-cache", *options), context)
    )
    parent = ladder.present_image("python")
    assert parent is not None
    names = [f"{REPOSITORY}/service:twice-{number}" for number in (1, 2)]
    for name in names:
        ladder._build(image_of("service"), parent, name)
    yield names
    docker("image", "rm", "--force", *names, timeout_s=60)


@pytest.mark.thorough
def test_the_service_s_image_has_the_same_layers_when_it_is_built_again(twice: list[str]) -> None:
    ask = ("image", "inspect", "--format", "{{json .RootFS.Layers}}")
    first, second = (json.loads(docker(*ask, name).stdout) for name in twice)
    assert first == second
    one, other = (read_image(name, timeout_s=READ_S) for name in twice)
    assert differing(one, other) == []
    assert bill_of(one).partition('"components"')[2] == bill_of(other).partition('"components"')[2]
