"""Reading the body of a request: limited in size, type and time, and checked against a model."""

from typing import Any, Final, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from service.errors import ProblemError
from service.observe.current import Trace

Model = TypeVar("Model", bound=BaseModel)
_MOST_ERRORS: Final = 20
_LONGEST_MESSAGE: Final = 200


async def read_model(request: Request, model: type[Model], *, limit_bytes: int) -> Model:
    """Return the body as a checked value, else raise the problem that says what is wrong."""
    body = await read_bytes(request, limit_bytes=limit_bytes, accepted=("application/json",))
    try:
        return model.model_validate_json(body)
    except ValidationError as err:
        raise problem_of(err.errors(include_url=False, include_context=False)) from err


def read_query(request: Request, model: type[Model]) -> Model:
    """Return the query parameters as a checked value; one given twice becomes a list."""
    values: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    wants_many = {n for n, f in model.model_fields.items() if get_origin(f.annotation) is list}
    flat = {n: v if n in wants_many or len(v) > 1 else v[0] for n, v in values.items()}
    try:
        return model.model_validate(flat)
    except ValidationError as err:
        raise problem_of(err.errors(include_url=False, include_context=False)) from err


def problem_of(errors: list[Any]) -> ProblemError:  # Any: pydantic's or FastAPI's
    """Return pydantic's findings as a problem."""
    if errors and errors[0]["type"] == "json_invalid":
        return ProblemError("invalid_json", errors[0]["msg"][:_LONGEST_MESSAGE])
    found = [
        {
            "field": ".".join(str(part) for part in error["loc"]),
            "reason": error["msg"].removeprefix("Value error, ")[:_LONGEST_MESSAGE],
        }
        for error in errors[:_MOST_ERRORS]
    ]
    named = ", ".join(item["field"] or "body" for item in found[:3])
    return ProblemError("invalid_request", f"{named}: {found[0]['reason']}", errors=found)


async def read_bytes(request: Request, *, limit_bytes: int, accepted: tuple[str, ...]) -> bytes:
    """Return the raw body if its type and size are right."""
    _check_headers(request, limit_bytes, accepted)
    trace: Trace = request.scope["trace"]
    trace.in_body = True
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit_bytes:
                raise _too_large(limit_bytes)
            chunks.append(chunk)
    except ClientDisconnect as err:
        raise ProblemError("bad_request", "the body ended early") from err
    trace.in_body = False
    return b"".join(chunks)


def _check_headers(request: Request, limit_bytes: int, accepted: tuple[str, ...]) -> None:
    content_type = header(request, b"content-type").partition(";")[0].strip().lower()
    if content_type not in accepted:
        raise ProblemError(
            "unsupported_media_type", f"{content_type or 'no type'} given, {accepted[0]} wanted"
        )
    length = header(request, b"content-length")
    if length.isdigit() and int(length[:20]) > limit_bytes:
        raise _too_large(limit_bytes)


def _too_large(limit_bytes: int) -> ProblemError:
    return ProblemError("body_too_large", f"at most {limit_bytes} bytes are accepted")


def header(request: Request, wanted: bytes) -> str:
    """Return the one value of a header, empty when it is absent; two are a problem."""
    values = [value for name, value in request.scope["headers"] if name == wanted]
    if len(values) > 1:
        raise ProblemError("duplicate_header", f"{wanted.decode()} was given {len(values)} times")
    return values[0].decode("latin-1") if values else ""
