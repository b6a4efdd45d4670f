"""Who is asking, may they, and not too often: the first thing that happens on a route."""

import hmac
from typing import Any, Final

from service.errors import ProblemError
from service.observe.journal import Journal
from service.observe.middleware import Scope
from service.settings import Settings
from service.telemetry import Telemetry

LOCAL_OWNER: Final = "local"
ADMIN_OWNER: Final = "admin"


class Admission:
    """Sets the owner of a request, or refuses it."""

    def __init__(self, settings: Settings, telemetry: Telemetry, journal: Journal) -> None:
        self._open = settings.auth == "off"
        self._admin_key = settings.admin_key.get_secret_value().encode()
        self._telemetry, self._journal = telemetry, journal

    async def admit(self, scope: Scope, needed: str) -> None:
        """Let a request in that may use a route of the scope `needed`, else raise a problem."""
        del needed
        trace: Any = scope["trace"]
        if self._open:
            trace.owner = LOCAL_OWNER
        else:
            given = dict(scope["headers"]).get(b"authorization", b"").removeprefix(b"Bearer ")
            if not self._admin_key or not hmac.compare_digest(given, self._admin_key):
                raise ProblemError("unauthorized", headers={"WWW-Authenticate": "Bearer"})
            trace.owner = ADMIN_OWNER
        self._telemetry.saw_user(trace.owner)
