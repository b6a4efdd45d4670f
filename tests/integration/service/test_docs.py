"""docs/service.md names every endpoint, setting, metric, problem and log field."""

import ast
import json
import re
import time
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from service.app import build_app
from service.errors import CODES
from service.observe.declared import declared
from service.settings import Settings
from tests.support.service_process import running_service

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "service.md").read_text()


def test_every_endpoint_is_listed() -> None:
    app = build_app(Settings(auth="off"))
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    wanted = {
        f"| `{method} {route.path}` |"
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}  # there wherever GET is
    }
    assert {row for row in wanted if row not in PAGE} == set()
    assert len(re.findall(r"^\| `(?:GET|POST|PUT|PATCH|DELETE) /", PAGE, re.MULTILINE)) == len(
        wanted
    )


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_listed(name: str) -> None:
    assert f"| `CALENDAR_{name.upper()}` |" in PAGE


def test_no_setting_is_listed_that_does_not_exist() -> None:
    listed = re.findall(r"^\| `CALENDAR_(\w+)` \|", PAGE, re.MULTILINE)
    assert {name.lower() for name in listed} == set(Settings.model_fields)


@pytest.mark.parametrize("code", CODES)
def test_every_problem_is_listed(code: str) -> None:
    assert f"| `{code}` | {CODES[code][0]} |" in PAGE


def test_every_metric_is_listed_as_its_file_declares_it() -> None:
    table = PAGE.split("| metric | labels | meaning |\n|---|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == [
        f"| `{each.name}` | {', '.join(f'`{label}`' for label in each.labels) or '-'} | "
        f"{'Histogram: ' if each.kind == 'histogram' else ''}{each.help} |"
        for each in declared().values()
        if each.origin not in {"golden", "scrape"}
    ]


def test_every_log_field_is_listed() -> None:
    with running_service() as service:
        service.ask("POST", "/parse", json={"text": "lunch tomorrow at 1pm"})
        for _ in range(50):
            lines = [line for line in service.log.read_text().splitlines() if line[:1] == "{"]
            if any('"decision"' in line for line in lines):
                break
            time.sleep(0.1)
    fields = {field for line in lines for field in json.loads(line)}
    assert {field for field in fields if f"| `{field}` |" not in PAGE} == set()


def test_every_field_that_the_code_logs_is_listed() -> None:
    fields: set[str] = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "event" and "journal" in ast.unparse(node.func.value):
                fields |= {keyword.arg for keyword in node.keywords if keyword.arg}
                fields.add(f"event:{ast.literal_eval(node.args[1])}")
    events = {field.removeprefix("event:") for field in fields if field.startswith("event:")}
    assert {field for field in fields if ":" not in field and f"| `{field}` |" not in PAGE} == set()
    assert {event for event in events if f"`{event}`" not in PAGE} == set()
