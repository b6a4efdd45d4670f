from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kit.pure.errors import UnreachableError
from ops.checks import rounds
from ops.checks.finding import Checked, State
from ops.checks.places import Places

NOWHERE = Places("http://127.0.0.1:9", timeout_s=0.5)  # the discard port: refused


def morning(within_s: float = 30.0, places: Places = NOWHERE) -> dict[str, Checked]:
    checked = rounds.check_morning(places, (), since=timedelta(hours=1), within_s=within_s)
    return {part.check: part for part in checked.parts}


def broken(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> Checked:
        raise error

    return fail


def test_what_has_no_address_is_no_data_and_hides_nothing() -> None:
    parts = morning()
    assert parts["health"].is_unreachable
    for name in ("monitoring", "alerts", "overnight", "logs"):
        assert parts[name].state is State.NO_DATA
        assert all(one.do_next for one in parts[name].findings)


def test_parts_that_are_not_done_in_time_say_so() -> None:
    late = morning(within_s=0.001)["system"]
    assert late.state is State.NO_DATA
    assert late.findings[0].value == "not done within 0.001 s"


@pytest.mark.parametrize(
    "error", [UnreachableError("it opens with opensesame"), OSError("opensesame")]
)
def test_a_part_that_breaks_takes_no_other_along_and_shows_no_secret(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "check_health", broken(error))
    places = Places(
        "http://127.0.0.1:9", timeout_s=0.5, settings={"CALENDAR_LLM_KEY": "opensesame"}
    )
    parts = morning(places=places)
    assert parts["health"].state is State.NO_DATA
    assert parts["dependencies"].state is State.FAIL
    assert "opensesame" not in repr(parts["health"])


def test_a_monitor_with_an_impossible_address_is_not_one_without() -> None:
    places = Places("http://127.0.0.1:9", prometheus="http://127.0.0.1:99999", timeout_s=0.5)
    shown = morning(places=places)["monitoring"].findings[0].value
    assert "99999" in shown
