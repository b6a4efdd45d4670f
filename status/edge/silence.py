"""Let Alertmanager be silent about a service during planned maintenance."""

from typing import Final

import httpx2 as httpx

from kit.edge.tls import authorities
from kit.pure.errors import UnreachableError, reason_of
from kit.pure.urls import address_of
from slo.maintenance import Maintenance
from status.notice import moment_text

_WITHIN_S: Final = 10.0
_OK: Final = 200


def silence(url: str, service: str, window: Maintenance, *, author: str) -> str:
    """Make a silence for the service's alerts in a window, and return its id.

    Raises UnreachableError where Alertmanager does not take it.
    """
    place = address_of(url, example="http://127.0.0.1:9093")
    body = {
        "matchers": [{"name": "service", "value": service, "isRegex": False, "isEqual": True}],
        "startsAt": moment_text(window.start),
        "endsAt": moment_text(window.end),
        "createdBy": author,
        "comment": f"planned maintenance: {window.reason}",
    }
    hint = "check --alertmanager; the window is announced, and no silence is made"
    try:
        told = httpx.post(
            f"{place.url}/api/v2/silences",
            json=body,
            headers=dict(place.headers),
            timeout=_WITHIN_S,
            verify=authorities(),
        )
        if told.status_code != _OK:
            raise UnreachableError(
                f"Alertmanager at {place.url} refuses the silence: HTTP {told.status_code}: "
                f"{told.text[:200]}",
                hint=hint,
            )
        return str(told.json()["silenceID"])
    except (httpx.HTTPError, KeyError, ValueError) as err:
        raise UnreachableError(
            f"Alertmanager at {place.url} makes no silence: {reason_of(err)}", hint=hint
        ) from err
