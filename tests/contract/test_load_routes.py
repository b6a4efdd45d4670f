"""The load generator names its routes as the service labels them: counts can be compared."""

from prometheus_client.parser import text_string_to_metric_families

from tests.support.calendar_mix import SHARED
from tests.support.service_process import running_service


def test_every_route_of_the_load_generator_is_a_route_label_of_the_service() -> None:
    with running_service() as service:
        text = service.ask("GET", "/metrics").text
    exported = {
        (sample.labels["method"], sample.labels["route"])
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "http_requests_total"
    }
    shared = SHARED.requests.values()
    routes = {(one.method, one.label.partition(" ")[2]) for one in shared}
    assert routes <= exported, routes - exported
