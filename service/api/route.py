"""One route: who may use it, what it can answer, and the short way from request to answer."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Protocol, get_args, get_origin

from fastapi import Path
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from service.api.body import read_model, read_query
from service.api.fields import shown_moment
from service.errors import ProblemError
from service.planning.errors import PlanError

SCOPE_KEY: Final = "x-required-scope"
KNOWN_KEYS_KEY: Final = "x-known-keys-suffice"
PUBLIC: Final = "public"
EventId = Annotated[str, Path(alias="id")]
"""The `{id}` of an event's routes; `id` itself is a name of the language."""
OccurrenceAt = Annotated[str, Path(json_schema_extra=shown_moment("2026-03-09T09:00:00+01:00"))]
"""The `{at}` of an occurrence's routes: what `at` says in a list of occurrences."""


class Admit(Protocol):
    """Lets a request in that may use a route of the scope `needed`, else raises a problem."""

    def __call__(self, scope: Scope, needed: str, *, known_keys: bool) -> Awaitable[None]:
        """With `known_keys`, those that were good lately suffice while MongoDB is away."""


class CalendarRoute(APIRoute):
    """Admits the caller, reads query and body into models, and calls the handler.

    A handler takes `request`, and if it wants them `body` and `query` (models) and the path
    parameters (strings). FastAPI documents this signature; there is nothing left for it to solve
    at run time, which is what most of its time per request goes to.
    """

    admit: ClassVar[Admit]
    body_limit_bytes: ClassVar[int]

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., object],
        **options: Any,  # Any: FastAPI's
    ) -> None:
        super().__init__(path, endpoint, **options)
        self.required_scope = str((self.openapi_extra or {}).get(SCOPE_KEY, PUBLIC))
        self.known_keys = bool((self.openapi_extra or {}).get(KNOWN_KEYS_KEY))
        self._body = _model_of(endpoint, "body")
        self._query = _model_of(endpoint, "query")
        self._in_path = {
            _name_in_path(parameter): name
            for name, parameter in inspect.signature(endpoint).parameters.items()
            if f"{{{_name_in_path(parameter)}}}" in path
        }
        self._admit, self._limit_bytes = type(self).admit, type(self).body_limit_bytes
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.required_scope != PUBLIC:
            await self._admit(scope, self.required_scope, known_keys=self.known_keys)
        request = Request(scope, receive, send)
        values = scope["path_params"]
        arguments: dict[str, Any] = {
            name: values[in_path] for in_path, name in self._in_path.items()
        }
        if self._query is not None:
            arguments["query"] = read_query(request, self._query)
        if self._body is not None:
            arguments["body"] = await read_model(request, self._body, limit_bytes=self._limit_bytes)
        response = await self.endpoint(request, **arguments)
        await response(scope, receive, send)


def _name_in_path(parameter: inspect.Parameter) -> str:
    """Return what the path calls a parameter: its alias, where it is annotated with one."""
    aliases = (getattr(one, "alias", None) for one in get_args(parameter.annotation)[1:])
    return next(filter(None, aliases), parameter.name)


def route_class(admit: Admit, body_limit_bytes: int) -> type[CalendarRoute]:
    """Return the class of the routes of one application."""
    members = {"admit": staticmethod(admit), "body_limit_bytes": body_limit_bytes}
    return type("AdmittedRoute", (CalendarRoute,), members)


def _model_of(endpoint: Callable[..., object], name: str) -> type[BaseModel] | None:
    parameter = inspect.signature(endpoint).parameters.get(name)
    if parameter is None:
        return None
    annotation = parameter.annotation
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if not (inspect.isclass(annotation) and issubclass(annotation, BaseModel)):
        raise TypeError(f"{endpoint.__name__}: {name} must be a pydantic model, not {annotation}")
    return annotation


def problem_of_exception(error: Exception) -> ProblemError | None:
    """Return the problem that an exception stands for; None for a fault of ours."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, PlanError):
        found = [{"field": error.field, "reason": error.reason}]
        return ProblemError(error.code, str(error), errors=found)
    if isinstance(error, HTTPException):
        codes = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
        allow = (error.headers or {}).get("Allow")
        headers = {"Allow": allow} if allow else {}
        return ProblemError(codes.get(error.status_code, "bad_request"), headers=headers)
    return None


def statuses_of(route: APIRoute, always: Sequence[str]) -> tuple[str, ...]:
    """Return every status a route documents, with those that any route can answer."""
    documented: Mapping[Any, Any] = route.responses
    own = {str(route.status_code or 200), *(str(status) for status in documented)}
    return tuple(sorted(own | set(always)))
