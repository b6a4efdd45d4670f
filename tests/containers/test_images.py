"""The images that were fetched or built do what their names say."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.edge.containers.catalog import REPOSITORY, SOON_NEEDED, WANTED, Image
from kit.edge.containers.content import local_reference
from kit.edge.containers.docker import docker
from kit.edge.containers.images import ImageLadder, present
from kit.edge.containers.pull import pull
from kit.edge.tools import tool_command
from tests.support.sampling import quick

ROLES = [*SOON_NEEDED, *sorted(set(WANTED) - set(SOON_NEEDED))]

RULES = """\
groups:
  - name: one
    rules:
      - alert: Down
        expr: up == 0
"""


@pytest.mark.parametrize("role", quick(ROLES, first=len(SOON_NEEDED)))
def test_no_image_runs_its_server_as_root(image_of_role: Callable[[str], str], role: str) -> None:
    image = image_of_role(role)
    asked = docker("run", "--rm", "--entrypoint", "id", image, "-u")
    assert asked.returncode == 0, asked.stderr
    # A pulled image may start as root: its entry point gives that up by itself.
    assert asked.stdout.strip() != "0" or not image.startswith(REPOSITORY)


def test_the_service_image_holds_the_service_alone_and_watches_its_health(
    image_of_role: Callable[[str], str],
) -> None:
    image = image_of_role("service")
    helped = docker("run", "--rm", image, "python", "-m", "service", "--help")
    assert helped.returncode == 0, helped.stderr
    others = "import importlib.util as u; print([m for m in %r if u.find_spec(m)])"
    absent = ["sre", "ops", "kit", "slo", "locust", "matplotlib", "numpy", "scipy"]
    assert docker("run", "--rm", image, "python", "-c", others % absent).stdout.strip() == "[]"
    health = docker("image", "inspect", "--format", "{{json .Config.Healthcheck.Test}}", image)
    assert "/healthz" in health.stdout


@pytest.mark.thorough
def test_the_image_of_the_command_has_the_tools_that_it_calls_and_no_server(
    image_of_role: Callable[[str], str], tmp_path: Path
) -> None:
    image = image_of_role("sre")
    tmp_path.chmod(0o777)
    mount = ["--volume", f"{tmp_path}:/project"]
    said = docker("run", "--rm", *mount, image, "sh", "-c",
                  "sre --version && promtool --version && amtool --version")  # fmt: skip
    assert said.returncode == 0, said.stderr
    down = docker("run", "--rm", *mount, image, "sre", "init", "--target", "http://127.0.0.1:9")
    assert down.returncode == 3, down.stderr
    assert "nothing was written" in down.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_second_climb_builds_nothing(
    image_of_role: Callable[[str], str],
) -> None:
    for role in SOON_NEEDED:
        image_of_role(role)
    said: list[str] = []
    ladder = ImageLadder(said.append)
    for role in SOON_NEEDED:
        ladder.ensure(role)
    assert all(": present (" in line for line in said), said


def test_the_official_image_comes_before_our_own_where_both_are_present(
    image_of_role: Callable[[str], str],
) -> None:
    other = image_of_role("alertmanager")
    image_of_role("redis")
    assert present(Image("redis", official=other)) == other
    absent = Image("redis", official="127.0.0.1:1/no/such:image")
    assert present(absent) in {local_reference(absent), None}


def test_a_registry_that_refuses_is_given_up_at_once(engine: str) -> None:
    assert engine
    problem = pull("127.0.0.1:1/no/such:image")
    assert problem is not None
    assert "refused" in problem


def test_a_registry_that_says_nothing_is_given_up_in_time(engine: str) -> None:
    assert engine
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        problem = pull(f"127.0.0.1:{port}/no/such:image", answers_within_s=1)
    assert problem == "no answer within 1 s"


def _only_docker_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which("docker")
    assert found is not None
    (folder / "docker").symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))


def test_promtool_from_the_image_reads_a_file_of_this_machine(
    image_of_role: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image_of_role("prometheus")
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES)
    broken = tmp_path / "broken.yml"
    broken.write_text(RULES.replace("up == 0", "up == )"))
    _only_docker_on_path(tmp_path, monkeypatch)
    promtool = tool_command("promtool", [tmp_path])
    assert promtool[0] == "docker"
    for path, code in ((rules, 0), (broken, 1)):
        checked = subprocess.run(
            [*promtool, "check", "rules", str(path)], capture_output=True, text=True, check=False
        )
        assert (checked.returncode == 0) is (code == 0), checked.stderr


def test_amtool_from_the_image_answers(
    image_of_role: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image_of_role("alertmanager")
    _only_docker_on_path(tmp_path, monkeypatch)
    said = subprocess.run(
        [*tool_command("amtool"), "--version"], capture_output=True, text=True, check=True
    )
    assert "amtool" in said.stdout + said.stderr
    assert os.environ["PATH"] == str(tmp_path)
