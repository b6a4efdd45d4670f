"""Objectives from OpenSLO: what is read, and what each mistake is answered with."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.pure.errors import BadInputError
from kit.pure.fields import FieldError
from slo.edge.files import SHIPPED, load_objectives
from slo.edge.project_file import shipped
from slo.objective import Measure, Objective, Ratio
from slo.openslo import read_objectives
from tests.support.yaml_text import from_yaml

LATENCY = (SHIPPED / "latency.yaml").read_text(encoding="utf-8")


def read(text: str) -> tuple[Objective, ...]:
    return read_objectives([("my.yaml", text)], shipped().owner)


def changed(path: str, value: Any) -> str:
    """Return the latency objective with one field set, or removed when the value is None."""
    document = from_yaml(LATENCY)
    *parents, last = path.split(".")
    place = document
    for part in parents:
        place = place[int(part) if part.isdigit() else part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return yaml.safe_dump(document)


def test_the_four_promises_are_the_ones_made() -> None:
    made = (each for each in load_objectives() if each.is_first)
    found = {each.measure: (each.target, each.threshold_s) for each in made}
    assert found == {
        Measure.AVAILABILITY: (0.999, None),
        Measure.LATENCY: (0.95, 2.0),
        Measure.ERRORS: (0.99, None),
        Measure.ACCURACY: (0.85, None),
    }


GOOD = "spec.indicator.spec.ratioMetric.good.metricSource.spec.query"


@pytest.mark.parametrize(
    ("path", "value", "field", "says"),
    [
        ("spec.objectives.0.target", 1.0, "spec.objectives[0].target", "leaves some budget"),
        ("spec.objectives.0.target", 0, "spec.objectives[0].target", "leaves some budget"),
        ("spec.objectives.0.target", 95, "spec.objectives[0].target", "write target: 0.95"),
        ("spec.objectives.0.target", "high", "spec.objectives[0].target", "plain number"),
        ("spec.objectives.0.target", True, "spec.objectives[0].target", "plain number"),
        ("spec.objectives.0.target", None, "spec.objectives[0]", "keep one"),
        ("spec.objectives.0.targetPercent", 95, "spec.objectives[0]", "keep one"),
        ("spec.objectives", [], "spec.objectives", "add one with a target"),
        ("spec.timeWindow.0.duration", "30 days", "spec.timeWindow[0].duration", "m h d w M Q Y"),
        ("spec.timeWindow", [], "spec.timeWindow", "keep one window"),
        ("spec.service", "Calendar Assistant", "spec.service", "lower-case"),
        ("spec.budgetingmethod", "x", "spec.budgetingmethod", "did you mean 'budgetingMethod'"),
        ("kind", "Slo", "kind", "did you mean 'SLO'"),
        ("apiVersion", "openslo/v2", "apiVersion", "openslo/v1"),
        ("metadata.name", "My_SLO", "metadata.name", "lower-case"),
        ("metadata.labels.measure", "speed", "metadata.labels.measure", "use one of"),
        ("metadata.annotations", None, "metadata.annotations", "threshold-seconds"),
        (GOOD, "sum(rate(http_request_total[{{.window}}]))", GOOD, "'http_requests_total'"),
        (GOOD, 'sum(rate(http_requests_total{code="5"}[{{.window}}]))', GOOD, "use one of"),
        (GOOD, "sum(rate(http_requests_total[5m]))", GOOD, "{{.window}}"),
        (GOOD, "sum(rate(http_requests_total[{{.window}}])", GOOD, "fix the expression"),
        ("spec.indicatorRef", "other", "spec", "keep one of them"),
    ],
)
def test_a_mistake_is_answered_with_file_field_and_fix(
    path: str, value: Any, field: str, says: str
) -> None:
    with pytest.raises(FieldError) as caught:
        read(changed(path, value))
    assert caught.value.source == "my.yaml"
    assert caught.value.field == field
    assert says in caught.value.hint
    assert str(caught.value).startswith(f"my.yaml: {field}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "---\n", "a: [1", "- 1\n", "just words", "\t"])
def test_a_file_that_is_no_objective_is_one_clear_line(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(text)
    assert "my.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_objects_of_one_name_are_refused() -> None:
    with pytest.raises(FieldError, match="used twice"):
        read(f"{LATENCY}\n---\n{LATENCY}")


def test_an_indicator_may_stand_on_its_own() -> None:
    document = from_yaml(LATENCY)
    inline = document["spec"].pop("indicator")
    document["spec"]["indicatorRef"] = "fast-requests"
    sli = {
        "apiVersion": "openslo/v1",
        "kind": "SLI",
        "metadata": {"name": "fast-requests"},
        "spec": inline["spec"],
    }
    (objective,) = read(yaml.safe_dump_all([sli, document]))
    assert objective.indicator == read(LATENCY)[0].indicator
    assert isinstance(objective.indicator, Ratio)
    document["spec"]["indicatorRef"] = "fast-request"
    with pytest.raises(FieldError) as caught:
        read(yaml.safe_dump_all([sli, document]))
    assert "did you mean 'fast-requests'" in caught.value.hint


def test_a_missing_folder_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot read") as caught:
        load_objectives(tmp_path / "none")
    assert caught.value.hint
    with pytest.raises(BadInputError, match="no objectives in"):
        load_objectives(tmp_path)


def test_a_value_that_fills_pages_is_shown_by_its_beginning() -> None:
    with pytest.raises(BadInputError) as caught:
        read_objectives([("huge.yaml", "a" * 100_000)])
    assert "aaa" in str(caught.value)
    assert len(str(caught.value)) < 300


EDGE = r'le=~"2(\\.0)?"'


@pytest.mark.parametrize("le", ['le="2.0"', 'le="2"', EDGE, 'le="+Inf"'])
def test_an_edge_that_the_histogram_has_is_taken_however_it_is_written(le: str) -> None:
    assert EDGE in LATENCY
    assert read(LATENCY.replace(EDGE, le))


@pytest.mark.parametrize("le", ['le="1.9"', 'le="0.33"', 'le="20"', 'le=~"1.9|2.1"'])
def test_an_edge_that_the_histogram_does_not_have_is_named_with_those_it_has(le: str) -> None:
    with pytest.raises(BadInputError, match="asks for the bucket le") as caught:
        read(LATENCY.replace(EDGE, le))
    assert "1.587, 2, 2.52" in caught.value.hint
