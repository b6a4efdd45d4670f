"""What is written is what was meant: TOML and PromQL survive any text."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.init.exporters import recognise
from ops.init.families import families_of
from ops.init.files import Written, files_of
from ops.init.guessing import Seen, edge_of, guesses, name_of, uncounted
from ops.init.openapi import Api, Route
from ops.init.toml_text import inline
from slo.series import selectors

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_any_value_is_read_back_from_the_toml_that_is_written(value: object) -> None:
    assert tomllib.loads(f"x = {inline(value)}") == {"x": value}


def seen(edges: str = "0.1 0.3 1.0", unit: str = "seconds") -> Seen:
    name = "http_server_request_duration_seconds"
    if unit != "seconds":
        name = "http_server_duration_milliseconds"
    lines = [f"# TYPE {name} histogram"]
    labels = 'http_request_method="GET",http_route="/a",http_response_status_code="200"'
    lines += [f'{name}_bucket{{{labels},le="{edge}"}} 1' for edge in (*edges.split(), "+Inf")]
    lines += [f"{name}_count{{{labels}}} 1", f"{name}_sum{{{labels}}} 1"]
    families = families_of("\n".join(lines) + "\n", source="here")
    found = recognise(families, source="here")
    api = Api("A \"Shop\" #1 = 'x'", (Route("GET", "/a", "/a"), Route("GET", "/health", "/health")))
    return Seen("http://127.0.0.1:1", families, found, api)


def test_the_edge_of_the_first_objective_is_the_one_nearest_to_half_a_second() -> None:
    assert edge_of(seen()) == "0.3"
    assert edge_of(seen("100 250 1000", unit="ms")) == "250"
    assert edge_of(seen("")) is None


def test_probes_and_scrapes_are_no_users() -> None:
    assert uncounted(seen()) == ("/health", "/metrics")


def test_scrapes_of_a_mounted_application_are_no_users_with_or_without_its_slash() -> None:
    mounted = replace(seen(), scrape="/metrics/")
    assert uncounted(mounted) == ("/health", "/metrics", "/metrics/")
    assert uncounted(replace(seen(), scrape="/")) == ("/", "/health")


def test_a_whole_edge_is_matched_however_a_client_writes_it() -> None:
    files = {each.path: each for each in files_of(seen("1.0"), Written("ci.yml", "", ""))}
    query = files["slo/latency.yaml"].text.split("query: ")[1].splitlines()[0]
    (selector,) = selectors(query.replace("{{.window}}", "5m"))
    assert ("le", "=~", r"1(\.0)?") in selector.matchers


def test_a_title_with_quotes_and_marks_makes_a_name_and_stays_in_its_comment() -> None:
    files = {each.path: each for each in files_of(seen(), Written("ci.yml", "", ""))}
    assert tomllib.loads(files["sre.toml"].text)["service"]["name"] == "a-shop-1-x"


def test_one_route_that_no_user_asks_for_is_a_text_and_no_expression() -> None:
    alone = replace(seen(), api=None)
    files = {each.path: each for each in files_of(alone, Written("ci.yml", "", ""))}
    query = files["slo/availability.yaml"].text.split("query: ")[1].splitlines()[0]
    (selector,) = selectors(query.replace("{{.window}}", "5m"))
    assert ("http_route", "!=", "/metrics") in selector.matchers


def test_a_query_of_the_metrics_is_no_part_of_their_route() -> None:
    assert uncounted(replace(seen(), scrape="/v1/stats?format=prometheus")) == (
        "/health", "/v1/stats",
    )  # fmt: skip


@pytest.mark.parametrize("title", ["OpenAPI definition", "FastAPI", "API", "!"])
def test_a_title_that_a_framework_made_up_names_no_service(title: str) -> None:
    untitled = replace(seen(), api=Api(title, ()), job="book-desk")
    assert name_of(untitled) == "book-desk"
    (name, *_) = guesses(untitled)
    assert (name.value, name.why) == ("book-desk", "from the scrape job")


def test_a_job_that_prometheus_leaves_open_is_said_to_be_uncertain() -> None:
    whys = {
        server: next(one.why for one in guesses(replace(seen(), prometheus=server))
                     if one.key == "job")
        for server in (None, "http://p:9090")
    }  # fmt: skip
    assert whys[None].startswith("no --prometheus was given")
    assert whys["http://p:9090"].startswith("not certain")
