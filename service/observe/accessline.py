"""The line of one request as JSON, put together from what is already text.

Half the cost of a general encoder: all that varies is a time stamp, an id that was checked to be
plain ASCII, and a number.
"""

from time import gmtime, strftime

import orjson

FAULT = 500
_THREE = tuple(f"{number:03d}" for number in range(1000))  # half the time of a format of its own

# time of day in seconds; method, route template and status; request id; trace and span id in one;
# milliseconds of each part (None: no part was used); duration in seconds
Access = tuple[float, tuple[str, str, int], str, str, dict[str, float] | None, float]


class AccessLines:
    """Makes lines; remembers the text of the second it is in, and of each kind of request."""

    def __init__(self) -> None:
        self._second, self._second_text = 0, ""
        self._kinds: dict[tuple[str, str, int], str] = {}

    def of(self, accesses: list[Access]) -> bytes:
        """Return the lines of some requests."""
        lines: list[str] = []
        for at, kind, request_id, ids, components, seconds in accesses:
            second = int(at)
            if second != self._second:
                self._turn_to(second)
            middle = self._kinds.get(kind) or self._text_of(kind)
            rest = (
                ""
                if components is None
                else f',"component_latency":{orjson.dumps(components).decode()}'
            )
            fraction_us, took_us = int((at - second) * 1e6), int(seconds * 1e6 + 0.5)
            lines.append(
                f'{{"timestamp":"{self._second_text}'
                f'.{_THREE[fraction_us // 1000]}{_THREE[fraction_us % 1000]}Z",{middle}'
                f'"request_id":"{request_id}"'
                f',"duration_ms":{took_us // 1000}.{_THREE[took_us % 1000]}'
                f',"trace_id":"{ids[:32]}","span_id":"{ids[32:]}"{rest}}}\n'
            )
        return "".join(lines).encode()

    def _turn_to(self, second: int) -> None:
        self._second, self._second_text = second, strftime("%Y-%m-%dT%H:%M:%S", gmtime(second))

    def _text_of(self, kind: tuple[str, str, int]) -> str:
        text = self._kinds[kind] = _kind_text(kind)
        return text


def _kind_text(kind: tuple[str, str, int]) -> str:
    method, route, status = kind
    fields = {
        "level": "ERROR" if status >= FAULT else "INFO",
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
    }
    return orjson.dumps(fields).decode()[1:-1] + ","
