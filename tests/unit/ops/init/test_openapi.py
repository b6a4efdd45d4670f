"""What is taken from an OpenAPI document, and how a wrong one is named."""

import json
from typing import Any, Final

import pytest

from kit.pure.errors import BadInputError
from ops.init.openapi import Route, read_api
from tests.support.foreign import orders

PET: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True,
                            "schema": {"type": "integer", "examples": [7]}, "example": 7}],
            "get": {"responses": {"200": {}}},
        },
        "/search": {"get": {"parameters": [
            {"name": "q", "in": "query", "required": True, "schema": {"type": ["null", "string"]}},
            {"name": "in", "in": "query", "required": True, "example": "all of it & more"},
            {"name": "page", "in": "query", "schema": {"type": "integer"}},
        ], "responses": {"200": {}}}},
        "/pets": {"post": {
            "requestBody": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Pet"}}}},
            "responses": {"201": {}, "422": {}},
        }},
    },
    "components": {"schemas": {"Pet": {
        "type": "object",
        "required": ["name", "kind", "born", "parent"],
        "properties": {
            "name": {"type": "string", "minLength": 9},
            "kind": {"enum": ["cat", "dog"]},
            "born": {"type": "string", "format": "date"},
            "parent": {"anyOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "null"}]},
            "note": {"type": "string"},
        },
    }}},
}  # fmt: skip


def test_each_route_has_a_request_that_its_schema_allows() -> None:
    api = read_api(json.dumps(PET), source="pets.json")
    assert api.title == "Pets"
    pet, search, made = api.routes
    assert pet == Route("GET", "/pets/{id}", "/pets/7")
    assert search == Route("GET", "/search", "/search?q=example&in=all%20of%20it%20%26%20more")
    assert isinstance(made.body, dict)
    assert made.status == 201
    assert {**made.body, "parent": None} == {
        "name": "examplexx", "kind": "cat", "born": "2026-01-15", "parent": None,
    }  # fmt: skip


def test_a_path_whose_values_are_not_said_is_not_made_up() -> None:
    document = json.dumps(orders.create().openapi())
    needs = {
        f"{one.method} {one.template}": one.needs for one in read_api(document, source="o").routes
    }
    assert needs["GET /orders/{number}"] == ("number",)
    assert needs["GET /orders"] == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"swagger": "2.0", "paths": {}}', "is OpenAPI 2.0, and 3.0 and 3.1 are read"),
        ('{"openapi": "4.0.0"}', "openapi is '4.0.0'"),
        ('{"info": {}}', "openapi is 'none'"),
        ('{"openapi": "3.0.0", "paths": [}', "is neither JSON nor YAML"),
        ("just words", "is no OpenAPI document"),
        ('{"openapi": "3.0.0", "paths": ["/a"]}', "paths is not a mapping"),
        ('{"openapi": "3.0.0", "paths": {"a": {}}}', "paths.a is no path"),
        ("[" * 5000, "is neither JSON nor YAML"),
    ],
)
def test_a_document_of_another_kind_or_a_broken_one_is_named(text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        read_api(text, source="api.json")
    assert str(caught.value).startswith("api.json: ")
    assert "--openapi" in caught.value.hint


@pytest.mark.parametrize("value", [None, 3, [], {"get": 3}, {"get": {"parameters": [3, None]}},
                                   {"get": {"requestBody": {"$ref": "#/a/b"}}}])  # fmt: skip
def test_odd_operations_of_a_document_never_break_the_reader(value: Any) -> None:
    document = {"openapi": "3.0.1", "paths": {"/a": value}}
    try:
        read_api(json.dumps(document), source="api.json")
    except BadInputError as err:
        assert "paths./a" in str(err)  # noqa: PT017 -- either is right


def test_what_a_request_must_have_is_within_the_limits_that_the_document_states() -> None:
    schema = {"allOf": [
        {"type": "object", "required": ["tags"], "properties": {
            "tags": {"type": "array", "minItems": 2, "items": {"type": "string", "maxLength": 3}}}},
        {"type": "object", "required": ["age", "price", "share"], "properties": {
            "age": {"type": "integer", "minimum": 10.0},
            "price": {"type": "number", "exclusiveMinimum": 3},
            "share": {"type": "integer", "maximum": 0}}},
    ]}  # fmt: skip
    parameters = [
        {"in": "header", "name": "X-Tenant", "required": True, "schema": {"enum": ["a"]}},
        {"in": "header", "name": "Authorization", "required": True, "schema": {"type": "string"}},
        {"in": "query", "name": "q", "required": True,
         "schema": {"type": "array", "minItems": 1, "items": {"type": "integer"}}},
    ]  # fmt: skip
    paths = {
        "/a": {"post": {"parameters": parameters, "responses": {},
                        "requestBody": {"content": {"application/json": {"schema": schema}}}}},
        "/f": {"post": {"responses": {}, "requestBody": {"content": {
            "application/x-www-form-urlencoded": {"schema": {
                "required": ["user"], "properties": {"user": {"type": "string"}}}}}}}},
    }  # fmt: skip
    servers = [{"url": "https://shop.example/v2/"}]
    api = read_api(json.dumps({**PET, "paths": paths, "servers": servers}), source="a.json")
    one, other = api.routes
    assert one.body == {"tags": ["exa", "exa"], "age": 10, "price": 4, "share": 0}
    assert (one.path, dict(one.headers)) == ("/v2/a?q=1", {"X-Tenant": "a"})
    assert (other.body, other.form) == (None, {"user": "example"})
    beside = read_api(
        json.dumps({**PET, "paths": paths, "servers": servers}),
        source="a.json", target="http://127.0.0.1:9/v2",
    )  # fmt: skip
    assert beside.routes[0].path == "/a?q=1"


SPRING: Final = """
openapi: 3.0.1
info: {title: OpenAPI definition}
servers: [{url: "http://127.0.0.1:8080/desk/", description: Generated server url}]
paths:
  /requests:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Request"}}}}
      responses: {"200": {content: {"*/*": {schema: {$ref: "#/components/schemas/Result"}}}}}
components:
  schemas:
    Request: {type: object, properties: {id: {type: integer, readOnly: true}, wish: {type: string}}}
    Result: {type: object, properties: {room: {type: string}}}
"""


def test_a_generated_document_that_says_little_has_body_answer_and_base_all_the_same() -> None:
    (route,) = read_api(SPRING, source="spring").routes
    assert (route.template, route.path) == ("/desk/requests", "/desk/requests")
    assert route.body == {"wish": "example"}
    assert route.answer == {"room": "example"}


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        ([{"url": "/v2"}], "/v2"),
        ([{"url": "https://api.example.org/v2/"}], "/v2"),
        ([{"url": "https://{region}.example.org/{version}"}], ""),
        ([{"url": "http://[bad/"}], ""),
        ([{"url": "v2"}], ""),
        ([], ""),
        ("/v2", ""),
        ([3], ""),
    ],
)
def test_routes_lie_below_the_first_server_of_the_document(servers: Any, base: str) -> None:
    document = {"openapi": "3.1.0", "servers": servers, "paths": {"/a": {"get": {}}}}
    (route,) = read_api(json.dumps(document), source="api.json").routes
    assert (route.template, route.path) == (f"{base}/a", f"{base}/a")


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json; charset=utf-8", {"a": 1}), ("application/hal+json", {"a": 1}),
     ("*/*", {"a": 1}), ("application/xml", None), ("text/plain", None)],
)  # fmt: skip
def test_a_body_counts_where_it_is_json_under_whatever_name(kind: str, body: object) -> None:
    content = {kind: {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
    document = {
        "openapi": "3.0.0",
        "paths": {"/a": {"post": {"requestBody": {"content": content}}}},
    }
    (route,) = read_api(json.dumps(document), source="api.json").routes
    assert route.body == body


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object", "required": True, "properties": {"b": {"type": "null"}}}, {"b": None}),
        ({"type": "string", "minLength": None, "maxLength": "3"}, "example"),
        ({"type": "string", "minLength": 10**9}, "example" + "x" * 9_993),
        ({"type": "array", "minItems": "many"}, []),
        ({"type": {"odd": 1}}, "example"),
        ({"enum": {"odd": 1}}, "example"),
        ({"type": "object", "properties": ["odd"]}, {}),
        ({"type": "integer", "minimum": 0.5}, 1),
    ],
)
def test_what_a_schema_says_wrongly_is_as_if_it_were_not_said(schema: Any, value: object) -> None:
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}},
                 "parameters": [{"in": "query", "name": "q", "schema": None}]}  # fmt: skip
    document = {"openapi": "3.0.0", "paths": {"/a": {"post": operation}}}
    (route,) = read_api(json.dumps(document), source="api.json").routes
    assert route.body == value


@pytest.mark.parametrize("wrong", [{"responses": [1]}, {"parameters": 3}])
def test_an_operation_that_cannot_be_read_is_named(wrong: Any) -> None:
    document = {"openapi": "3.0.0", "paths": {"/a": {"post": wrong}}}
    with pytest.raises(BadInputError, match=r"api\.json: paths\./a\.post is not written as"):
        read_api(json.dumps(document), source="api.json")


def test_things_that_hold_each_other_are_not_followed_for_ever() -> None:
    """Nothing is said to be required, so every field is filled in: twelve of twelve of twelve."""
    names = [f"Thing{number}" for number in range(12)]
    fields = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    schemas = {name: {"type": "object", "properties": fields} for name in names}
    body = {"content": {"application/json": {"schema": schemas["Thing0"]}}}
    document = {"openapi": "3.0.0", "components": {"schemas": schemas},
                "paths": {"/a": {"post": {"requestBody": body}}}}  # fmt: skip
    (route,) = read_api(json.dumps(document), source="api.json").routes
    assert len(json.dumps(route.body)) < 100_000


def test_a_date_without_quotes_is_sent_as_it_is_written() -> None:
    text = SPRING.replace("wish: {type: string}", "wish: {type: string, example: 2026-11-30}")
    (route,) = read_api(text, source="spring").routes
    assert route.body == {"wish": "2026-11-30"}
