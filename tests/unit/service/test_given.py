"""Unusual reading shows by its amount, with the key's id and no text."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from service.guard.given import Given, group_of
from service.observe.journal import EVERYTHING, Journal
from service.owner_data import OwnerData
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


def test_a_key_is_named_at_each_250_of_an_hour(tmp_path: Path) -> None:
    quiet = [(float(second), "bob", 1) for second in range(249)]
    much = [(1000.0, "ann", 240), (1001.0, "ann", 60), (1002.0, "ann", 190), (1003.0, "ann", 10)]
    _, lines = _noted(tmp_path, *quiet, *much, (4000.0, "ann", 249))
    assert [(line["event"], line["key_id"], line["events"]) for line in lines] == [
        ("much_given", "ann", 300),
        ("much_given", "ann", 500),
    ]
    assert {line["key_group"] for line in lines} == {group_of("ann")}


def test_who_alone_makes_the_alert_is_named_by_each_of_ten_workers(tmp_path: Path) -> None:
    """The hour of the alert lies half in one of the worker's hours and half in the next."""
    share = 5000 / 10 / 2
    each = [(moment, "ann", 50) for moment in (3500.0, 3700.0) for _ in range(int(share / 50))]
    _, lines = _noted(tmp_path, *each)
    assert [line["key_id"] for line in lines] == ["ann", "ann"]


def test_many_keys_fall_into_every_group() -> None:
    found = {group_of(f"key-{number}") for number in range(1000)}
    assert found == set(key_groups())


def test_an_export_of_all_that_is_kept_gives_each_of_its_events() -> None:
    """They are read and sent by hundreds; keys and decisions are no events."""

    def kept(name: str, number: int) -> Any:
        async def of_owner(_owner: str, after: str, limit: int) -> list[dict[str, Any]]:
            ids = [f"{one:05}" for one in range(number)]
            return [{"_id": one} for one in ids if one > after][:limit]

        return SimpleNamespace(name=name, of_owner=of_owner)

    told: list[int] = []

    async def play() -> int:
        keys, others = kept("api_keys", 3), [kept("events", 1234), kept("decisions", 700)]
        nothing: Any = None
        data = OwnerData(
            others, keys, event_cache=nothing, answer_cache=nothing, bus=nothing, step_s=1
        )
        return sum([part.count(b"\n") async for part in data.lines("ann", told.append)])

    assert asyncio.run(play()) == 3 + 1234 + 700 + 1
    assert sum(told) == 1234
