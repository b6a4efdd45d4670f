"""No name that somebody outside holds on to is removed or renamed; new ones are welcome."""

import json
from pathlib import Path

import pytest

from tests.compat.frozen import RELEASES
from tests.compat.lists import lost, names


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_every_name_of_an_earlier_release_is_still_there(release: Path) -> None:
    before = json.loads((release / "names.json").read_text(encoding="utf-8"))
    assert lost(before, names()) == []


def test_what_is_removed_or_renamed_is_named() -> None:
    before: dict[str, dict[str, list[str]]] = {
        "verbs": {"sre demo": ["--json"], "sre gone": []},
        "alerts": {"Old": []},
    }
    now: dict[str, dict[str, list[str]]] = {"verbs": {"sre demo": ["--as-json"], "sre new": []}}
    assert lost(before, now) == [
        "verbs: sre demo has no --json any more",
        "verbs: sre gone is gone",
        "alerts: Old is gone",
    ]
    assert lost(now, now | {"alerts": {"New": ["label slo"]}}) == []
