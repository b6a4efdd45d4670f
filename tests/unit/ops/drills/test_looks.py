"""What a drill sees in the traces of the service that it has broken."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ops.drills import looks
from tests.support.made_traces import Made, write

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(looks, "_ARRIVES_WITHIN_S", 0.0)
    (tmp_path / "logs").mkdir()
    return SimpleNamespace(folder=tmp_path)


@pytest.mark.parametrize(("find_s", "rest_s", "holds"), [(2.0, 0.1, True), (0.1, 2.0, False)])
def test_the_traces_name_a_part_where_most_of_the_time_went_into_it(
    find_s: float, rest_s: float, holds: bool, stack: Any  # noqa: FBT001
) -> None:  # fmt: skip
    write(stack.folder / "logs", [Made(NOW, find_s, rest_s) for _ in range(8)])
    (check,) = looks.trace_names(stack, "mongodb")
    assert check.holds is holds
    assert check.said.startswith("slow GET /events: 95 %")


@pytest.mark.parametrize("made", [None, Made(NOW, 2.0, why="sampled")])
def test_without_a_slow_request_the_traces_name_nothing(made: Made | None, stack: Any) -> None:
    if made is not None:
        write(stack.folder / "logs", [made])
    (check,) = looks.trace_names(stack, "MongoDB")
    assert not check.holds
    assert check.said == "no slow or failed request has left a trace"


def test_only_files_that_page_for_a_dead_service_are_spoilt(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    others = {"groups": [{"name": "b", "rules": [{"alert": "EscalatedToL2", "expr": "up"}]}]}
    down = {"groups": [{"name": "a", "rules": [{"alert": "ServiceDown", "expr": "up == 0"}]}]}
    for name, rules in (("a.yaml", down), ("b.yaml", others)):
        (tmp_path / "rules" / name).write_text(yaml.safe_dump(rules))
    stack: Any = SimpleNamespace(folder=tmp_path, rules=tmp_path / "rules")
    for _, spoil in looks._ATTEMPTS:
        a, b = (yaml.safe_load(path.read_text()) for path in looks._spoilt(stack, spoil))
        assert a != down
        assert b == others
