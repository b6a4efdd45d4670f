"""Objectives of sloth's become OpenSLO, and what is lost is said."""

import pytest

from kit.pure.errors import BadInputError
from slo.objective import Ratio, RawRatio
from slo.openslo import read_objectives
from slo.sloth import read_sloth
from tests.support.examples import EXAMPLES

TEXT = (EXAMPLES / "sloth" / "getting-started.yaml").read_text()


def test_what_is_written_is_openslo_and_promises_the_same() -> None:
    found = read_sloth("s.yaml", TEXT)
    availability, freshness = read_objectives([("out.yaml", found.text())])
    assert availability.name == "myservice-requests-availability"
    assert availability.target == pytest.approx(0.999)
    assert availability.window.days == 30
    assert isinstance(availability.indicator, Ratio)
    assert availability.indicator.bad is not None
    assert 'code=~"(5..|429)"}[{{.window}}]' in availability.indicator.bad
    assert isinstance(freshness.indicator, RawRatio)
    assert freshness.indicator.success.startswith("1 - ")


def test_everything_that_is_not_carried_over_is_named() -> None:
    lost = " ".join(read_sloth("s.yaml", TEXT).lost)
    for part in (
        "alerting.name", "alerting.annotations", "page_alert.labels", "ticket_alert.disable",
        "slos[1].alerting.page_alert.disable", "slos[1].sli.raw",
    ):  # fmt: skip
        assert part in lost


def test_labels_go_with_the_slo_and_those_of_the_file_with_each() -> None:
    documents = read_sloth("s.yaml", TEXT).documents
    labels = documents[1]["metadata"]["labels"]
    assert labels == {"owner": "myteam", "tier": "2", "category": "availability"}


def test_numbers_become_texts_and_a_label_with_a_meaning_of_ours_is_left_out() -> None:
    found = read_sloth("s.yaml", TEXT.replace('tier: "2"', "tier: 2\n  measure: speed"))
    assert "labels" not in found.documents[0]["metadata"]
    assert (
        found.documents[1]["metadata"]["labels"].items() >= {"owner": "myteam", "tier": "2"}.items()
    )
    assert any("labels.measure" in each for each in found.lost)


def test_two_files_of_one_service_may_have_labels_of_their_own() -> None:
    other = TEXT.replace('tier: "2"', 'tier: "3"').replace("name: ", "name: other-")
    assert other.count('tier: "3"') == 1
    texts = [(name, read_sloth(name, text).text()) for name, text in (("a", TEXT), ("b", other))]
    assert len(read_objectives(texts)) == 4


def test_a_name_that_openslo_does_not_allow_is_changed_and_said() -> None:
    found = read_sloth("s.yaml", TEXT.replace("service: myservice", "service: My_Service"))
    assert found.documents[0]["metadata"]["name"] == "my-service"
    assert any("'My_Service' is called 'my-service'" in each for each in found.lost)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[{{.window}}]", "[5m]", "slos[0].sli.events.error_query"),
        ("prometheus/v1", "prometheus/v2", "version: 'prometheus/v2'"),
        ("version: prometheus/v1", "apiVersion: sloth.slok.dev/v1", "not sloth's"),
        ("version: prometheus/v1", "apiVersion: openslo/v1", "not sloth's"),
        ("objective: 99.9", "objective: high", "slos[0].objective"),
        ("objective: 99.9", "objective: 100", "slos[0].objective: 100 is not between"),
        ("objective: 99.9", "objective: 0", "slos[0].objective: 0 is not between"),
        ("    objective: 99.9\n", "", "objective is missing"),
        ("error_query:", "errors_query:", "errors_query is not a known field"),
        ("      events:", "      plugin: {id: x}\n      events:", "computed by a plugin"),
        ("      raw:", "      events: {}\n      raw:", "exactly one of events and raw"),
        ("slos:\n", "slos: []\nother:\n", "other is not a known field"),
    ],
)
def test_a_mistake_names_the_field(old: str, new: str, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_sloth("s.yaml", TEXT.replace(old, new))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
