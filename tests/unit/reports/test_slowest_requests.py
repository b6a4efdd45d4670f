"""The load report says of its slowest requests where their time was spent."""

from typing import Any

import pytest

from kit.pure.words import NONE
from reports.run.slowest import slowest_table, where, with_server_times


def entry(latency_ms: float, late_ms: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"route": "GET /x", "latency_ms": latency_ms, "late_ms": late_ms,
            "request_id": "load-1-0-5", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (entry(1000, 900, server_ms=50), "the generator, which was late"),
        (entry(1000, 10, server_ms=950), "the server"),
        (
            entry(1000, 10, server_ms=100),
            "890 ms in the queue before the server, or in the network",
        ),
        (entry(4, 0, server_ms=1), "the server"),
        (entry(1000, 10), NONE),
        (entry(1000, 10, server_ms=None), NONE),
    ],
)
def test_the_part_that_took_most_is_named(found: dict[str, Any], said: str) -> None:
    assert where(found) == said


def test_a_request_is_found_by_its_id_and_an_old_record_has_no_table() -> None:
    record = with_server_times({"slowest": [entry(1000)]}, {"load-1-0-5": 990.0, "other": 1.0})
    assert record["slowest"][0]["server_ms"] == 990.0
    table = slowest_table(record)
    assert table is not None
    assert table.rows[0][4] == "the server"
    assert slowest_table({}) is None
