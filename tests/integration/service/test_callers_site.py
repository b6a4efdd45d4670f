"""Without keys: whose requests are answered, by the name asked for and the page that asks."""

import pytest

from service.errors import ProblemError
from service.guard.callers_site import is_own_name, must_be_own
from tests.support.service_process import running_service


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1:8000", True), ("localhost:8000", True), ("[::1]:8000", True),
        ("10.0.0.7", True),
        ("api:8000", True), ("", True), ("evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False), ("evil.example.", False),
    ],
)  # fmt: skip
def test_a_name_with_a_domain_may_be_anybodys(host: str, *, is_own: bool) -> None:
    assert is_own_name(host) is is_own


@pytest.mark.parametrize(
    ("method", "headers", "passes"),
    [
        ("POST", {}, True),
        ("POST", {"origin": "http://127.0.0.1:8000"}, True),
        ("POST", {"origin": "http://127.0.0.1:9000"}, False),
        ("DELETE", {"origin": "https://evil.example"}, False),
        ("PUT", {"origin": "null"}, False),
        ("POST", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, True),
        ("GET", {"sec-fetch-site": "cross-site"}, True),  # which no page can read
    ],
)
def test_only_own_pages_and_programs_change_anything(
    method: str, headers: dict[str, str], *, passes: bool
) -> None:
    sent = [(b"host", b"127.0.0.1:8000"), *((k.encode(), v.encode()) for k, v in headers.items())]
    if passes:
        must_be_own(method, sent)
        return
    with pytest.raises(ProblemError, match="no other site"):
        must_be_own(method, sent)


def test_a_rebound_name_reads_nothing_and_the_page_has_its_policy() -> None:
    with running_service() as service:
        rebound = service.ask(
            "POST", "/parse", json={"text": "x"}, headers={"Host": "evil.example"}
        )
        assert (rebound.status_code, rebound.json()["code"]) == (403, "forbidden")
        page = service.ask("GET", "/")
        assert "unsafe" not in page.headers["content-security-policy"]
        assert "script-src 'self'" in page.headers["content-security-policy"]
        other = service.ask("GET", "/health").headers["content-security-policy"]
        assert other == "default-src 'none'; frame-ancestors 'none'"
        files = ("/", "/assistant.css", "/assistant.js", "/assistant.svg")
        size = sum(len(service.ask("GET", path).content) for path in files)
        assert size < 200_000
