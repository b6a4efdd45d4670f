"""The accuracy objective asks for exactly what the prober exports."""

import re

from prometheus_client import CollectorRegistry, generate_latest

from slo.edge.files import load_objectives
from slo.objective import Measure, RawRatio
from synthetic.golden.publishing import AccuracyMetrics
from tests.properties.synthetic.test_golden_gate import answers
from tests.support.other_projects import accuracy_role


def test_the_objective_s_series_are_exported_with_the_labels_it_selects() -> None:
    registry = CollectorRegistry()
    AccuracyMetrics(registry, accuracy_role()).take(answers({1, 2, 3}), at_s=1.0)
    exported = generate_latest(registry).decode()
    (promise,) = (o for o in load_objectives() if o.measure is Measure.ACCURACY)
    assert isinstance(promise.indicator, RawRatio)
    selectors = re.findall(r"(parsing_accuracy_ratio)\{([^}]*)\}", promise.indicator.success)
    assert selectors
    for metric, labels in selectors:
        lines = [line for line in exported.splitlines() if line.startswith(f"{metric}{{")]
        wanted = re.findall(r'\w+="[^"]*"', labels)
        assert any(all(label in line for label in wanted) for line in lines), labels
    assert 'parsing_accuracy_ratio{slice="all",suite="golden"} 0.997' in exported
