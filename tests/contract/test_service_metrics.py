"""What rules, dashboards and reports may count on: the metrics and labels of a fresh service."""

from collections.abc import Iterator

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from slo.edge.project_file import SHIPPED, load_project, shipped
from tests.support.service_process import RunningService, running_service

Series = dict[str, dict[frozenset[tuple[str, str]], float]]

OWN = {
    series: metric
    for series, metric in (load_project(SHIPPED).series() or {}).items()
    if metric.jobs >= {shipped().job}
    and series not in {"up", "parsing_accuracy_ratio"}  # of the scrape, and of a golden run
}
LABELS = {
    series: metric.labels | ({"le"} if series.endswith("_bucket") else set())
    for series, metric in OWN.items()
}
"""What the catalogue says of the service, by series."""


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with running_service() as running:
        yield running


@pytest.fixture(scope="module")
def fresh(service: RunningService) -> list[Metric]:
    """Return what the service shows before it is asked for anything else."""
    return families_of(service)


@pytest.fixture(scope="module")
def series(fresh: list[Metric]) -> Series:
    return by_name(fresh)


def families_of(service: RunningService) -> list[Metric]:
    return list(text_string_to_metric_families(service.ask("GET", "/metrics").text))


def by_name(families: list[Metric]) -> Series:
    found: Series = {}
    for family in families:
        for sample in family.samples:
            labels = frozenset(sample.labels.items())
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


@pytest.mark.parametrize("name", LABELS)
def test_a_fresh_service_shows_the_metric_with_its_labels(series: Series, name: str) -> None:
    assert {frozenset(label for label, _ in labels) for labels in series[name]} == {
        frozenset(LABELS[name])
    }


def test_the_service_shows_exactly_what_its_file_declares(fresh: list[Metric]) -> None:
    families = {
        sample.name: (family.type, family.documentation)
        for family in fresh
        for sample in family.samples
        if not sample.name.endswith("_created")
    }
    assert {name: (metric.kind, metric.help) for name, metric in OWN.items()} == families


@pytest.mark.parametrize("name", [name for name, metric in OWN.items() if metric.values])
def test_a_label_has_the_values_that_the_file_closes_it_to(series: Series, name: str) -> None:
    shown = series[name]
    for label, values in OWN[name].values:
        known = {value for labels in shown for of, value in labels if of == label}
        if name == "dependency_up":  # one that is not configured cannot be down
            assert known == {"mongodb"} < set(values)
        else:
            assert known == set(values)


@pytest.mark.parametrize("name", [name for name, metric in OWN.items() if metric.buckets])
def test_a_histogram_has_the_edges_of_the_file(series: Series, name: str) -> None:
    if name.endswith("_bucket"):
        edges = {dict(labels)["le"] for labels in series[name]}
        assert sorted(map(float, edges)) == [*OWN[name].buckets, float("inf")]


def test_every_route_and_status_of_the_document_has_a_series_from_the_start(
    service: RunningService, series: Series
) -> None:
    shown = series["http_requests_total"]
    paths = service.ask("GET", "/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            for status in operation["responses"]:
                wanted = {"method": method.upper(), "route": path, "status": status}
                assert frozenset(wanted.items()) in shown


def test_every_threshold_of_the_promises_is_an_edge(series: Series) -> None:
    edges = {dict(labels)["le"] for labels in series["http_request_duration_seconds_bucket"]}
    assert {"0.5", "0.63", "0.794", "1.0", "1.26", "1.587", "2.0", "2.52", "3.175", "4.0"} <= edges


def test_asking_for_nothing_that_exists_makes_no_new_series(service: RunningService) -> None:
    before = by_name(families_of(service))
    for path in ("/nope", "/events/%00", "/" + "x" * 500, "/health/../../x"):
        service.ask("GET", path)
    service.ask("BREW", "/parse")
    after = by_name(families_of(service))
    assert {name: set(series) for name, series in after.items()} == {
        name: set(series) for name, series in before.items()
    }
    unmatched = {"method": "GET", "route": "unmatched", "status": "404"}
    assert after["http_requests_total"][frozenset(unmatched.items())] >= 2


def test_without_mongodb_it_lives_but_is_not_ready_and_says_why(service: RunningService) -> None:
    assert service.ask("GET", "/healthz").status_code == 200
    assert service.ask("GET", "/readyz").status_code == 503
    health = service.ask("GET", "/health").json()
    assert health["status"] == "unhealthy"
    assert health["dependencies"] == {"mongodb": "disconnected", "redis": "not_configured"}
    answer = service.ask("GET", "/events")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "dependency_unavailable"
    assert int(answer.headers["retry-after"]) >= 1
    up = by_name(families_of(service))["dependency_up"]
    assert up == {frozenset({("dependency", "mongodb")}): 0.0}, (
        "no Redis is configured: none is away"
    )


def test_without_mongodb_sentences_are_still_read(service: RunningService) -> None:
    body = {"text": "lunch tomorrow at 1pm", "now": "2026-03-02T09:00:00", "timezone": "UTC"}
    answer = service.ask("POST", "/parse", json=body)
    assert answer.status_code == 200
    assert answer.json()["event"]["start"] == "2026-03-03T13:00:00+00:00"
