"""How promtool and amtool are found."""

import subprocess
from pathlib import Path

import pytest

from kit.edge import tools
from kit.edge.containers.images import ImageLadder
from kit.edge.containers.session import IMAGES_COMING
from kit.edge.tools import tool_command
from kit.pure.errors import BadInputError, UnreachableError


def _install(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_tool_on_path_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "promtool", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tool_command("promtool", [tmp_path]) == [str(tmp_path / "promtool")]


def test_without_a_tool_and_without_an_engine_the_next_step_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreachableError, match="amtool is not on PATH") as caught:
        tool_command("amtool")
    assert "make images" in caught.value.hint


def test_an_unknown_tool_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInputError, match="'kubectl'"):
        tool_command("kubectl")


def test_a_tool_whose_image_is_still_being_made_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "engine_version", lambda: "20.10")
    monkeypatch.setattr(tools, "present_image", lambda _role: None)
    monkeypatch.setattr(ImageLadder, "ensure", lambda _self, role: f"made/{role}")
    monkeypatch.setenv(IMAGES_COMING, "1")
    assert tool_command("promtool")[-1] == "made/prometheus"
    monkeypatch.delenv(IMAGES_COMING)
    with pytest.raises(UnreachableError, match="no container image with it is present"):
        tool_command("promtool")


def test_what_a_tool_in_a_container_says_comes_in_the_order_in_which_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(IMAGES_COMING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "engine_version", lambda: "20.10")
    monkeypatch.setattr(tools, "present_image", lambda role: f"made/{role}")
    words = tool_command("promtool", joined=True)
    _install(tmp_path, "promtool", 'echo "Testing: $1"; echo "FAILED: $2" >&2; echo end; exit 3')
    # As in the container, whose two outputs come here through two threads.
    inside = ["/bin/sh", *words[words.index("made/prometheus") + 1 :], "a b", "c"]
    done = subprocess.run(
        inside, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("Testing: a b\nFAILED: c\nend\n", "")
    assert done.returncode == 3
