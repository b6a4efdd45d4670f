"""Unusual reading shows by its amount, with the key's id and no text."""

import asyncio
import json
from pathlib import Path
from typing import Any

from service.guard.given import Given, group_of
from service.observe.journal import EVERYTHING, Journal
from service.telemetry import GIVEN, Telemetry, key_groups


def _noted(tmp_path: Path, *counts: tuple[float, str, int]) -> tuple[Telemetry, list[Any]]:
    """Return what was counted and logged of (moment, key, events)."""
    telemetry = Telemetry(None)

    async def play() -> None:
        journal = Journal(tmp_path, on_drop=lambda _count: None)
        now = [0.0]
        given = Given(telemetry, journal, lambda: now[0])
        for moment, key, events in counts:
            now[0] = moment
            given.count(key, "list", events)
        await journal.stop()

    asyncio.run(play())
    text = (tmp_path / EVERYTHING).read_text()
    return telemetry, [json.loads(line) for line in text.splitlines()]


def test_events_count_for_the_group_of_their_key(tmp_path: Path) -> None:
    telemetry, _ = _noted(tmp_path, (0, "ann", 7), (1, "ann", 5), (2, "bob", 0))
    assert telemetry.total(GIVEN, group_of("ann"), "list") == 12
    assert sum(telemetry.total(GIVEN, group, "list") for group in key_groups()) == 12


def test_a_key_is_named_at_each_thousand_of_an_hour(tmp_path: Path) -> None:
    quiet = [(float(second), "bob", 1) for second in range(300)]
    much = [(1000.0, "ann", 900), (1001.0, "ann", 200), (1002.0, "ann", 800), (1003.0, "ann", 300)]
    _, lines = _noted(tmp_path, *quiet, *much, (4000.0, "ann", 900))
    assert [(line["event"], line["key_id"], line["events"]) for line in lines] == [
        ("much_given", "ann", 1100),
        ("much_given", "ann", 2200),
    ]
    assert {line["key_group"] for line in lines} == {group_of("ann")}


def test_many_keys_fall_into_every_group() -> None:
    found = {group_of(f"key-{number}") for number in range(1000)}
    assert found == set(key_groups())
