"""A backtest reads what promtool says in the order in which it says it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from alerts.edge import backtest, promtool_runs
from alerts.edge.backtest import load_scenarios, load_stage
from kit.pure.errors import UnreachableError
from tests.support.other_projects import CALENDAR


def test_both_outputs_of_promtool_come_as_one_so_that_no_line_is_cut_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of a container each comes by itself, and a moment that is cut ends a firing."""
    asked: list[bool] = []

    def command(_tool: str, _shown: Sequence[Path], *, joined: bool = False) -> list[str]:
        asked.append(joined)
        return ["false"]

    monkeypatch.setattr(promtool_runs, "tool_command", command)
    with pytest.raises(UnreachableError, match="could not replay"):
        backtest.run(
            load_scenarios()[:1],
            [0],
            [tmp_path / "rules.yaml"],
            load_stage(CALENDAR),
            workers=1,
            on_outcome=lambda _outcome: None,
        )
    assert asked == [True]
