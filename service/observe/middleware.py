"""The one middleware: counts every request, logs it, gives it an id and a deadline.

A pure ASGI class with the places of its counters looked up once: a `BaseHTTPMiddleware` costs
more than the whole rest of a small request.
"""

from asyncio import CancelledError, current_task, get_running_loop
from bisect import bisect_left
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import partial
from time import monotonic
from typing import Any, Final

from service.errors import ProblemError
from service.observe.accessline import kind_text
from service.observe.conventions import OTHER_METHOD, UNMATCHED
from service.observe.current import CURRENT, SPAN_DIGITS, TRACE_DIGITS, Trace
from service.observe.deadlines import Deadlines
from service.observe.identity import (
    TELLING,
    caller_of,
    given_identity,
    new_ids,
    tracestate_of,
)
from service.observe.journal import Journal
from service.observe.keeper import Keeper, Labels
from service.observe.metrics import Sheet
from service.observe.proxies import TrustedProxies
from service.observe.tail import FAULT, Pace
from service.telemetry import REQUESTS

Scope = MutableMapping[str, Any]  # Any: as ASGI has it
Message = MutableMapping[str, Any]  # Any: as ASGI has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]
Answer = Callable[[Exception, Scope, Send], Awaitable[None]]

# Where it is counted and its seconds are added up, the text of its lines, how long such requests
# take, its labels.
Place = tuple[int, int, str, Pace, Labels]

_SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
)
POLICY: Final = "content_security_policy"
"""Where a route that is a page leaves the header with the policy it needs, in the scope."""
POLICY_HEADER: Final = b"content-security-policy"
_NO_PAGE: Final = (POLICY_HEADER, b"default-src 'none'; frame-ancestors 'none'")
_USUAL: Final = (*_SECURITY_HEADERS, _NO_PAGE)


class Observe:
    """Wraps the whole application. `answer` turns an exception into a problem document."""

    def __init__(
        self,
        app: App,
        *,
        requests: Sheet,
        journal: Journal,
        deadlines: Deadlines,
        answer: Answer,
        keeper: Keeper,
        proxies: TrustedProxies | None = None,
    ) -> None:
        self._app, self._journal, self._answer = app, journal, answer
        self._proxies = proxies or None  # also where none is trusted
        self._running, self._deadline_s = deadlines.running, deadlines.whole_s
        self._own, self._foreseen = requests.cells.own, requests.places_of(REQUESTS)
        self._edges = requests.layout.metrics[0].edges
        self._sum_offset = len(self._edges) + 1
        self._first = self._edges[0]  # most are done before it
        self._keeper, self._sample_below = keeper, keeper.sample_below
        self._places: dict[str, dict[str, dict[int, Place]]] = {}  # by method, route and status
        self._ids = zip(new_ids(TRACE_DIGITS), new_ids(SPAN_DIGITS), strict=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901 -- a call for each step costs more than the step
        """Answer one request, or pass on what is not HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = monotonic()
        trace = scope["trace"] = Trace()
        trace.trace_id, trace.span_id = next(self._ids)
        trace.request_id = trace.span_id
        client = scope.get("client")
        trace.client = client[0] if client else ""
        if self._proxies is not None:
            trace.client = self._proxies.client_of(trace.client, scope["headers"])
        trace.ends_at = began + self._deadline_s
        for name, _ in scope["headers"]:
            if name in TELLING:
                _go_on(trace, scope["headers"])
                break
        CURRENT.set(trace)
        observed_send = partial(_send, trace, scope, send)  # a function of its own costs twice that
        # A third of the time that it takes without the loop, which it finds by a longer way.
        task = current_task(get_running_loop())
        if task is not None:
            self._running[trace] = task
        try:
            await self._app(scope, receive, observed_send)
        except CancelledError:
            if task is None or trace in self._running:
                raise  # not ours: the server is going down
            task.uncancel()
            if not trace.status:
                await self._answer(_late(trace), scope, observed_send)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            if not trace.status:
                await self._answer(error, scope, observed_send)
        finally:
            self._running.pop(trace, None)
            self._count(scope, trace, trace.status or FAULT, began)

    def _count(self, scope: Scope, trace: Trace, status: int, began: float) -> None:
        ended = monotonic()
        seconds = ended - began
        route = scope.get("route")
        path = UNMATCHED if route is None else route.path
        try:
            place, total, kind, pace, labels = self._places[scope["method"]][path][status]
        except KeyError:
            place, total, kind, pace, labels = self._place(scope["method"], path, status)
        own = self._own
        own[place if seconds <= self._first else place + bisect_left(self._edges, seconds)] += 1.0
        own[total] += seconds
        if route is None:  # a search for ways in looks like this; the path may be personal
            self._journal.event(
                "WARNING", "unmatched", request_id=trace.request_id, address=trace.client
            )
        span_id, is_fault = trace.span_id, status >= FAULT
        self._journal.request(
            (ended, seconds, kind, trace.request_id, trace.trace_id, span_id, trace.components),
            is_fault,
        )
        recent = pace.recent
        recent.append(seconds)
        if (
            seconds > pace.keep_above
            or is_fault
            or span_id < self._sample_below
            or trace.asks
            or len(recent) >= pace.enough
        ):
            self._keeper.consider(trace, labels, pace, status, began, seconds)

    def _place(self, method: str, template: str, status: int) -> Place:
        """Find the counters of a kind of request: exact, else the nearest foreseen one.

        HEAD is counted with GET: it asks the same of the same route.
        """
        for wanted_method, wanted_route in (
            ("GET" if method == "HEAD" else method, template),
            (OTHER_METHOD, template),
            (method, UNMATCHED),
            (OTHER_METHOD, UNMATCHED),
        ):
            for wanted_status in (str(status), f"{status // 100}xx"):
                place = self._foreseen.get((wanted_method, wanted_route, wanted_status))
                if place is not None:
                    pace = self._keeper.pace_of(wanted_method, wanted_route)
                    labels = (wanted_method, wanted_route, wanted_status)
                    text = kind_text(method, template, status)
                    found = (place, place + self._sum_offset, text, pace, labels)
                    if wanted_method != OTHER_METHOD:  # whoever invents methods fills no memory
                        self._places.setdefault(method, {}).setdefault(template, {})[status] = found
                    return found
        raise KeyError(method, template, status)


def _send(trace: Trace, scope: Scope, send: Send, message: Message) -> Awaitable[None]:
    """Send a part of an answer, the first with our headers; a coroutine of its own costs more."""
    if "status" in message:
        trace.status = message["status"]
        usual = (*_SECURITY_HEADERS, scope[POLICY]) if POLICY in scope else _USUAL
        named = (b"x-request-id", trace.request_id.encode())
        message["headers"] = [*message["headers"], *usual, named]
    return send(message)


def _go_on(trace: Trace, headers: Headers) -> None:
    """Take over what the caller says of a request, where that is told by the rules."""
    request_id, traceparent = given_identity(headers)
    if request_id:
        trace.request_id = request_id
    caller = caller_of(traceparent) if traceparent else None
    if caller is not None:
        trace.trace_id, trace.caller = caller.trace_id, caller.span_id
        trace.asks, trace.state = caller.is_sampled, tracestate_of(headers)


def _late(trace: Trace) -> ProblemError:
    if trace.in_body:
        return ProblemError("body_timeout")
    return ProblemError("deadline_exceeded", headers={"Retry-After": "1"})
