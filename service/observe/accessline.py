"""The line of one request as JSON, put together from what is already text.

Half the cost of a general encoder: all that varies is a time stamp, an id that was checked to be
plain ASCII, and a number.
"""

from time import gmtime, strftime

import orjson

_FAULT = 500

# time of day in seconds; method, route template and status; request id, trace id, milliseconds of
# each part (None: no part was used); duration in seconds
Access = tuple[float, tuple[str, str, int], str, str, dict[str, float] | None, float]


class AccessLines:
    """Makes lines; remembers the text of the second it is in, and of each kind of request."""

    def __init__(self) -> None:
        self._second, self._second_text = 0, ""
        self._kinds: dict[tuple[str, str, int], str] = {}

    def of(self, accesses: list[Access]) -> bytes:
        """Return the lines of some requests."""
        return "".join([self._line(*access) for access in accesses]).encode()

    def _line(
        self,
        at: float,
        kind: tuple[str, str, int],
        request_id: str,
        trace_id: str,
        components: dict[str, float] | None,
        seconds: float,
    ) -> str:
        second = int(at)
        if second != self._second:
            self._second, self._second_text = second, strftime("%Y-%m-%dT%H:%M:%S", gmtime(second))
        middle = self._kinds.get(kind)
        if middle is None:
            middle = self._kinds[kind] = _kind_text(kind)
        text = (
            f'{{"timestamp":"{self._second_text}.{int((at - second) * 1e6):06d}Z",{middle}'
            f'"request_id":"{request_id}","duration_ms":{seconds * 1000:.3f}'
        )
        if trace_id:
            text = f'{text},"trace_id":"{trace_id}"'
        if components is not None:
            text = f'{text},"component_latency":{orjson.dumps(components).decode()}'
        return f"{text}}}\n"


def _kind_text(kind: tuple[str, str, int]) -> str:
    method, route, status = kind
    fields = {
        "level": "ERROR" if status >= _FAULT else "INFO",
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
    }
    return orjson.dumps(fields).decode()[1:-1] + ","
