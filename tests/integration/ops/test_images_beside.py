"""Images that are made while tests run: who waits is patient, and what failed is told once."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.edge.containers import session
from kit.edge.containers.session import FOLDER, IMAGES_COMING, REQUIRE
from kit.pure.errors import UnreachableError
from tests.conftest import pytest_collection_modifyitems
from tests.support.wanted import made


@pytest.mark.parametrize("coming", [True, False])
def test_a_test_that_waits_for_an_image_is_not_ended_by_the_guard_against_hanging(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, *, coming: bool
) -> None:
    monkeypatch.setenv(IMAGES_COMING, "1")
    if not coming:
        monkeypatch.delenv(IMAGES_COMING)
    item = pytest.Function.from_parent(request.node.parent, name="it", callobj=lambda: None)
    pytest_collection_modifyitems(request.config, [item])
    mark = item.get_closest_marker("timeout")
    assert (mark is not None and mark.args[0] > float(request.config.getini("timeout"))) is coming


def test_what_could_not_be_made_is_tried_once_by_all_tests_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REQUIRE, "1")
    monkeypatch.setenv(FOLDER, str(tmp_path / "notes"))
    tries = []

    def fail() -> str:
        tries.append(1)
        raise UnreachableError("no mirror answers")

    for _ in range(3):
        with pytest.raises(pytest.fail.Exception, match="no mirror"):
            made("image-redis", fail)
    assert len(tries) == 1


def test_why_no_image_could_be_made_is_told_with_its_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def failing(_command: object) -> Iterator[subprocess.Popen[str]]:
        script = "echo error: no room >&2; echo hint: df >&2; exit 3"
        with subprocess.Popen(("sh", "-c", script), stderr=subprocess.PIPE, text=True) as child:
            child.wait()
            yield child

    monkeypatch.setattr(session, "step", failing)
    monkeypatch.setattr(session, "present_image", lambda _role: None)
    said: list[str] = []
    with session._images_beside(("redis",), said.append) as coming:
        assert coming
    assert "error: no room" in said[-1]
    assert "hint: df" in said[-1]
