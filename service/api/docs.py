"""GET /docs: the API's pages for people, made of its document, with nothing from elsewhere."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, text
from service.api.route import KNOWN_KEYS_KEY, SCOPE_KEY
from service.json_values import JsonMapping
from service.observe.middleware import POLICY, POLICY_HEADER

_POLICY: Final = b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"
_HTML: Final = "text/html; charset=utf-8"
_CODE: Final = re.compile(r"`([^`]+)`")
_REF: Final = "#/components/schemas/"
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2, h3 { line-height: 1.2; overflow-wrap: anywhere; }
h3 { border-top: 1px solid #8886; padding-top: 1rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
nav ul { columns: 20rem; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
tr + tr { border-top: 1px solid #8883; }
td { overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
@media (max-width: 40rem) { td, th { display: block; padding: .1rem 0; } thead { display: none; } }
@media print { nav { display: none; } h3, table { break-inside: avoid; } body { max-width: none; } }
"""


def add(router: APIRouter, document: Callable[[], JsonMapping]) -> None:
    """Add the routes; `document` returns the OpenAPI document of the whole application."""
    page: list[bytes] = []

    @router.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Ready:
        """Show every route, what it takes and what it answers, to people."""
        request.scope[POLICY] = (POLICY_HEADER, _POLICY)
        if not page:
            page.append(page_of(document()).encode())
        return text(page[0], _HTML)

    @router.get("/docs/style.css", include_in_schema=False)
    async def style(_request: Request) -> Ready:
        """Return how that page looks."""
        return text(_STYLE.encode(), "text/css; charset=utf-8", {"Cache-Control": "max-age=3600"})


def page_of(document: JsonMapping) -> str:
    """Return the page of an OpenAPI document: whole, without scripts, and readable on paper."""
    title = f"{document['info']['title']} {document['info']['version']}"
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    entries = "".join(
        f'<li><a href="#{_anchor(m, p)}"><code>{m} {escape(p)}</code></a></li>'
        for m, p, _ in operations
    )
    schemas = document["components"]["schemas"]
    parts = [
        (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title>"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="stylesheet" href="docs/style.css"></head><body>'
        ),
        (
            f"<h1>{escape(title)}</h1>"
            "<p>A key goes into <code>Authorization: Bearer KEY</code>. For programs: "
            '<a href="openapi.json">openapi.json</a>.</p>'
        ),
        f"<nav><ul>{entries}</ul></nav><main><h2>Routes</h2>",
        *(_operation(*one) for one in operations),
        "<h2>Objects</h2>",
        *(_schema(name, schema) for name, schema in sorted(schemas.items())),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _operation(method: str, path: str, operation: JsonMapping) -> str:
    scope = operation.get(SCOPE_KEY, "public")
    needs = "no key" if scope == "public" else f"a key with the scope <code>{escape(scope)}</code>"
    if operation.get(KNOWN_KEYS_KEY):
        needs += "; while MongoDB is away, one that was checked lately"
    asked = [
        (one["name"], one["in"], _kind(one.get("schema", {})), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {})
    asked += [("body", kind, _kind(one.get("schema", {})), "") for kind, one in body.items()]
    answers = [
        (status, _contents(answer.get("content", {})), answer["description"])
        for status, answer in sorted(operation["responses"].items())
    ]
    said = operation.get("description") or operation.get("summary", "")
    return (
        f'<h3 id="{_anchor(method, path)}"><span class="method">{method}</span> '
        f"<code>{escape(path)}</code></h3><p>{_said(said)} Needs {needs}.</p>"
        + _table("What it takes", ("name", "where", "kind", "meaning"), asked)
        + _table("What it answers", ("status", "kind", "meaning"), answers)
    )


def _schema(name: str, schema: JsonMapping) -> str:
    required = set(schema.get("required", ()))
    fields = [
        (field, _kind(one), "always" if field in required else "", one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    said = _said(schema.get("description", ""))
    head = f'<h3 id="{escape(name)}"><code>{escape(name)}</code></h3><p>{said}</p>'
    return head + _table("Fields", ("field", "kind", "needed", "meaning"), fields)


def _contents(content: JsonMapping) -> str:
    found = {_kind(one.get("schema", {})): kind for kind, one in content.items()}
    return ", ".join(f"{shown} <code>{escape(kind)}</code>" for shown, kind in found.items())


def _kind(schema: JsonMapping) -> str:
    """Return what a value is, as HTML, with a link to an object."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).removeprefix(_REF))
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "any value")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = [
        f"{word} {schema[name]}"
        for name, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "up to"))
        if name in schema
    ]
    return escape(" ".join([str(kind), *bounds]))


def _table(caption: str, names: Iterable[str], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table; what stands under `kind` is HTML already."""
    if not rows:
        return ""
    columns = list(names)
    head = "".join(f"<th>{name}</th>" for name in columns)
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell if column == 'kind' else _said(cell)}</td>"
            for column, cell in zip(columns, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _said(said: str) -> str:
    """Return a sentence as HTML; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(said))


def _anchor(method: str, path: str) -> str:
    return escape(f"{method}{path}".replace("{", "").replace("}", "").replace("/", "-"))
