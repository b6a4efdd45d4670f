"""How far the secondaries of a replica set are behind."""

from datetime import timedelta

from pymongo.errors import OperationFailure, PyMongoError

from service.json_values import JsonMapping
from service.store.mongo import Database
from service.telemetry import Telemetry


async def look(database: Database, telemetry: Telemetry) -> None:
    """Note the replication lag."""
    try:
        status = await database.client.admin.command("replSetGetStatus")
    except (OperationFailure, PyMongoError):
        status = {}  # a single server, or a user who may not ask
    telemetry.replication_lag.set(lag_of(status))


def lag_of(status: JsonMapping) -> float:
    """Return the seconds by which the slowest secondary trails the primary; 0 without any."""
    members = status.get("members", [])
    primary = [m["optimeDate"] for m in members if m.get("stateStr") == "PRIMARY"]
    others = [m["optimeDate"] for m in members if m.get("stateStr") == "SECONDARY"]
    if not primary or not others:
        return 0.0
    behind: timedelta = primary[0] - min(others)
    return max(behind.total_seconds(), 0.0)
