"""A body with its variables in place, as it goes over the wire."""

import json
from urllib.parse import urlencode

from synthetic.steps.step import Body
from synthetic.steps.templates import Variables, filled, text_filled

CONTENT_TYPES = {
    Body.JSON: "application/json",
    Body.TEXT: "text/plain; charset=utf-8",
    Body.FORM: "application/x-www-form-urlencoded",
}


def written(kind: Body, body: object, variables: Variables) -> bytes | None:
    """Return the bytes of a body, None where there is none; raises UnknownVariableError."""
    if body is None:
        return None
    if kind is Body.TEXT:
        return text_filled(str(body), variables).encode()
    content = filled(body, variables)
    if kind is Body.FORM and isinstance(content, dict):
        return urlencode(content, doseq=True).encode()
    return json.dumps(content).encode()
