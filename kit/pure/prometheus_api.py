"""What makes an answer that of a Prometheus: its form.

Source: Prometheus, HTTP API, "Format overview".
"""

from typing import Final

import orjson

from kit.pure.errors import UnreachableError

PROMETHEUS_EXAMPLE: Final = "http://host:9090"
_UNAUTHORIZED: Final = frozenset({401, 403})
_NOT_READY: Final = frozenset({502, 503, 504})


def read_answer(url: str, path: str, status: int, body: bytes) -> dict[str, object]:
    """Return the envelope of an answer, whose `status` is "success" (with data) or "error".

    Raises UnreachableError naming `url` and what it answered when that is not Prometheus's form.
    """
    try:
        answer = orjson.loads(body)
    except ValueError:  # neither JSON nor UTF-8
        answer = None
    if isinstance(answer, dict):
        state = answer.get("status")
        if (state == "success" and "data" in answer) or (state == "error" and "error" in answer):
            return answer
    raise no_prometheus(url, f"HTTP {status} to {path}", status)


def no_prometheus(url: str, said: str, status: int = 200) -> UnreachableError:
    """Return the error for a server at `url` that answered `said`, as no Prometheus does."""
    if status in _UNAUTHORIZED:
        return UnreachableError(
            f"{url} wants to know who asks ({said})", hint="set SRE_PROMETHEUS_TOKEN"
        )
    if status in _NOT_READY:
        hint = "is Prometheus still starting, or the proxy before it misled? try again"
    else:
        hint = "give the URL of a Prometheus (--prometheus or SRE_PROMETHEUS_URL)"
    return UnreachableError(f"{url} answers {said}: that is no Prometheus", hint=hint)
