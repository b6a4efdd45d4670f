"""The line of one request as JSON, put together from what is already text.

Half the cost of a general encoder: all that varies is a time stamp, an id that was checked to be
plain ASCII, and a number.
"""

from time import gmtime, strftime

import orjson

FAULT = 500
_THREE = tuple(f"{number:03d}" for number in range(1000))  # half the time of a format of its own

_OFTEN_US = 4096
"""What takes less than this has its text kept: most of an access line's cost is that number."""

# When it ended (monotonic clock) and what it took, in seconds; the text of its kind; request id,
# trace id, span id; milliseconds of each part (None: no part was used)
Access = tuple[float, float, str, str, str, str, dict[str, float] | None]


def kind_text(method: str, route: str, status: int) -> str:
    """Return what the lines of one kind of request have in common, between time stamp and id."""
    fields = {
        "level": "ERROR" if status >= FAULT else "INFO",
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
    }
    return f'Z",{orjson.dumps(fields).decode()[1:-1]},"request_id":"'


class AccessLines:
    """Makes lines; remembers the text of the second it is in."""

    def __init__(self) -> None:
        self._second, self._begin = 0, ""
        self._took: dict[int, str] = {}

    def of(self, accesses: list[Access], offset: float) -> bytes:
        """Return the lines of some requests; `offset` is Unix time less the monotonic clock."""
        lines: list[str] = []
        second, begin = self._second, self._begin
        three, known = _THREE, self._took
        for ended, seconds, kind, request_id, trace_id, span_id, components in accesses:
            past = ended + offset - second
            if not 0.0 <= past < 1.0:
                second = int(ended + offset)
                past = ended + offset - second
                begin = strftime('{"timestamp":"%Y-%m-%dT%H:%M:%S.', gmtime(second))
            rest = (
                ""
                if components is None
                else f',"component_latency":{orjson.dumps(components).decode()}'
            )
            past_us, took_us = int(past * 1e6), int(seconds * 1e6 + 0.5)
            took = known.get(took_us)
            if took is None:
                took = f'","duration_ms":{took_us // 1000}.{three[took_us % 1000]},"trace_id":"'
                if took_us < _OFTEN_US:
                    known[took_us] = took
            lines.append(
                f"{begin}{three[past_us // 1000]}{three[past_us % 1000]}{kind}{request_id}"
                f'{took}{trace_id}","span_id":"{span_id}"{rest}}}\n'
            )
        self._second, self._begin = second, begin
        return "".join(lines).encode()
