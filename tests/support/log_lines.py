"""Lines as the service's log has them, so that a folder of logs tells of a whole day."""

import json
from datetime import datetime, timedelta
from typing import Any


def log_line(moment: datetime, event: str, **fields: Any) -> str:
    """Return one line."""
    told = {"timestamp": moment.isoformat().replace("+00:00", "Z"), "level": "INFO"}
    return json.dumps({**told, "event": event, **fields}) + "\n"


def alive(until: datetime, *, hours: float = 24.1) -> str:
    """Return what an idle service writes in so many hours: a line a minute."""
    minutes = round(hours * 60)
    moments = (until - timedelta(minutes=minutes - n) for n in range(minutes + 1))
    return "".join(log_line(moment, "alive") for moment in moments)
