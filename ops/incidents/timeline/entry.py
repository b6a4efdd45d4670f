"""One thing that happened, and who says so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing happened."""

    ALERT_FIRED = "alert fired"
    ALERT_ENDED = "alert ended"
    ERRORS_BEGAN = "errors began"
    ERRORS_ENDED = "errors ended"
    DEPENDENCY_DOWN = "dependency down"
    DEPENDENCY_UP = "dependency up"
    MODE = "mode"
    RESTART = "restart"
    RULES_DEPLOYED = "rules deployed"
    CACHE_CLEARED = "cache cleared"
    RUN = "run"


SYMPTOMS = frozenset({Kind.ALERT_FIRED, Kind.ERRORS_BEGAN, Kind.DEPENDENCY_DOWN})
ENDS = frozenset({Kind.ALERT_ENDED, Kind.ERRORS_ENDED, Kind.DEPENDENCY_UP})
ACTIONS = frozenset({Kind.MODE, Kind.RESTART, Kind.RULES_DEPLOYED, Kind.CACHE_CLEARED})


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One thing that happened, in UTC; `topic` says to what, such as the alert's name.

    `priority` is an alert's, empty for all else.
    """

    at: datetime
    kind: Kind
    what: str
    source: str
    topic: str = ""
    priority: str = ""
