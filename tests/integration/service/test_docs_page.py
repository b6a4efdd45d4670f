"""The API's pages show every route and object, and ask nobody else for anything."""

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from service.app import build_app
from service.settings import Settings


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.targets += [str(found[name]) for name in ("href", "src") if name in found]
        assert not {name for name in found if name == "style" or name.startswith("on")}
        if "id" in found:
            assert found["id"] not in self.ids
            self.ids.add(str(found["id"]))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(build_app(Settings(auth="on")))  # not started: nothing is connected


@pytest.mark.thorough
def test_the_pages_need_no_network_and_no_script(client: TestClient) -> None:
    answer = client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    links = Links()
    links.feed(answer.text)
    assert not links.tags & {"script", "style", "img", "iframe"}
    inside = {target[1:] for target in links.targets if target.startswith("#")}
    assert inside <= links.ids
    outside = {target for target in links.targets if not target.startswith("#")}
    assert outside == {"docs/style.css", "openapi.json"}
    assert all(client.get(f"/{target}").status_code == 200 for target in outside)


def test_every_route_and_object_is_shown(client: TestClient) -> None:
    page, document = client.get("/docs").text, client.get("/openapi.json").json()
    shown = set(re.findall(r'class="method">(\w+)</span> <code>([^<]+)</code>', page))
    assert shown == {
        (method.upper(), path) for path, found in document["paths"].items() for method in found
    }
    assert all(f'id="{name}"' in page for name in document["components"]["schemas"])
