"""The OpenAPI document, with exactly the answers that can occur."""

from fastapi import FastAPI

from service.errors import CODES, PROBLEM_TYPE
from service.json_values import JsonObject


def document_of(app: FastAPI, *, keys: bool) -> JsonObject:
    """Return the document: problems only as problem+json, and no answer FastAPI made up.

    Without `keys` nobody is asked for one, and the document says so.
    """
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            _tidy(operation["responses"])
            if not keys:
                operation.pop("security", None)
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    if keys:
        scheme = {"type": "http", "scheme": "bearer", "description": "An API key."}
        components["securitySchemes"] = {"key": scheme}
    components["schemas"]["ProblemOut"]["properties"]["code"]["enum"] = list(CODES)
    return document


def _tidy(responses: JsonObject) -> None:
    for status, response in [*responses.items()]:
        content = response.get("content", {})
        if PROBLEM_TYPE in content:
            content.pop("application/json", None)
        elif "HTTPValidationError" in str(content):
            del responses[status]
