"""The slowest requests of a load run, and where their time was spent: there, before, or between."""

from collections.abc import Mapping
from typing import Final

from kit.charts.record import RunRecord
from kit.pure.words import NONE, milliseconds
from reports.document import CellValue, Code, Table, columns, numeric

_MOST_OF: Final = 0.5
_LEAST_MS: Final = 5.0


def with_server_times(record: RunRecord, server_ms: Mapping[str, float]) -> RunRecord:
    """Return the record with what the server says of its slowest requests, by request id."""
    entries = [
        {**each, "server_ms": server_ms.get(each["request_id"])}
        for each in record.get("slowest") or ()
    ]
    return {**record, "slowest": entries}


def slowest_table(record: RunRecord) -> Table | None:
    """Return the table of the slowest requests; None for a record of before they were noted."""
    entries = record.get("slowest")
    if not entries:
        return None
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            Code(each["route"]),
            milliseconds(each["latency_ms"]),
            milliseconds(each["late_ms"]),
            NONE if each.get("server_ms") is None else milliseconds(each["server_ms"]),
            where(each),
            Code(each["request_id"]) if each["request_id"] else NONE,
        )
        for each in entries
    )
    heads = map(numeric, ("Latency", "Sent late", "In the server"))
    return Table(
        columns("Route", *heads, "Where", "Request"), rows, "The slowest requests", folded=True
    )


def where(entry: RunRecord) -> str:
    """Return where most of a request's latency was spent, as far as it is known."""
    latency, late = float(entry["latency_ms"]), float(entry["late_ms"])
    if late > _MOST_OF * latency:
        return "the generator, which was late"
    server = entry.get("server_ms")
    if server is None:
        return NONE
    between = latency - late - float(server)
    if between > max(_MOST_OF * latency, _LEAST_MS):
        return f"{milliseconds(between)} in the queue before the server, or in the network"
    return "the server"
