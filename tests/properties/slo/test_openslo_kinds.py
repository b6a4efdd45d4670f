"""Every kind of OpenSLO: what is read of it, and what each mistake is answered with."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.pure.errors import BadInputError
from slo.catalogue import Owner
from slo.edge.files import load_objectives
from slo.objective import Budgeting, Objective
from slo.openslo import read_all, read_objectives
from tests.support.examples import EXAMPLES

FILES = sorted(EXAMPLES.glob("*.yaml"))


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((EXAMPLES / f"{name}.yaml").read_text()))


def changed(name: str, kind: str, path: str, value: Any) -> str:
    """Return an example with one field set in its first object of a kind; None removes it."""
    found = documents(name)
    place: Any = next(each for each in found if each["kind"] == kind)
    *parents, last = path.split(".")
    for part in parents:
        place = place[int(part) if part.isdigit() else part]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return yaml.safe_dump_all(found)


def read(text: str) -> tuple[Objective, ...]:
    return read_objectives([("my.yaml", text)])


def one(name: str) -> Objective:
    return next(each for each in load_objectives(EXAMPLES) if each.name == name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_is_valid_on_its_own(path: Path) -> None:
    assert load_objectives(path)


def test_the_examples_show_every_kind_every_budgeting_and_every_metric() -> None:
    objectives = load_objectives(EXAMPLES)
    kinds = {each["kind"] for path in FILES for each in documents(path.stem)}
    assert len(kinds) == 7
    assert {each.budgeting for each in objectives} == set(Budgeting)
    assert any(each.threshold for each in objectives)
    assert any(each.calendar for each in objectives)
    assert any(each.part for each in objectives)


SLO = "SLO"
TARGET = "spec.objectives.0"
WINDOW = "spec.timeWindow.0"
MISTAKES: list[tuple[str, str, str, Any, str, str]] = [
    # budgeting and slices
    ("checkout-month", SLO, f"{TARGET}.timeSliceTarget", None,
     "timeSliceTarget is missing", "0.95"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceTarget", 99, "99 is not above 0", "0.99"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceTarget", 0, "0 is not above 0", "0.95"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceWindow", None, "timeSliceWindow is missing", "5m"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceWindow", 5, "5 is not a text", "quotes"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceWindow", "5min", "is not a duration", "5m"),
    ("checkout-month", SLO, f"{TARGET}.timeSliceWindow", "2M", "no shorter than the window", "5m"),
    ("checkout-month", SLO, "spec.budgetingMethod", "timeslices", "not known", "'Timeslices'"),
    ("checkout-month", SLO, "spec.budgetingMethod", None, "is missing", "Occurrences"),
    ("checkout-month", SLO, "spec.budgetingMethod", "Occurrences", "time slices", "remove it"),
    ("checkout-month", SLO, "spec.budgetingMethod", "RatioTimeslices", "belongs to", "remove it"),
    ("checkout-month", SLO, f"{TARGET}.compositeWeight", 2, "the only one", "remove it"),
    # windows
    ("checkout-month", SLO, f"{WINDOW}.calendar.timeZone", "Europe/Zurick",
     "no time zone", "Zurich"),
    ("checkout-month", SLO, f"{WINDOW}.calendar.timeZone", None, "timeZone is missing", "Etc/UTC"),
    ("checkout-month", SLO, f"{WINDOW}.calendar.startTime", "yesterday",
     "not a time", "2026-01-01"),
    ("checkout-month", SLO, f"{WINDOW}.calendar.startTime", None, "startTime is missing", "2026"),
    ("checkout-month", SLO, f"{WINDOW}.isRolling", True, "beside isRolling", "keep one"),
    ("checkout-month", SLO, f"{WINDOW}.calendar", None, "neither rolls", "isRolling: true"),
    ("queue-lag", SLO, f"{WINDOW}.isRolling", "yes", "neither true nor false", "without quotes"),
    ("queue-lag", SLO, f"{WINDOW}.duration", "9999Y", "up to ten years", "30d"),
    ("queue-lag", SLO, f"{WINDOW}.duration", "0d", "is not a duration", "30d"),
    ("queue-lag", SLO, f"{WINDOW}.duration", None, "duration is missing", "30d"),
    ("queue-lag", SLO, "spec.timeWindow", "30d", "is not a list", "- "),
    # targets and thresholds
    ("queue-lag", SLO, f"{TARGET}.target", 1.0, "1.0 is not between", "leaves some budget"),
    ("queue-lag", SLO, f"{TARGET}.target", 0, "0 is not between", "leaves some budget"),
    ("queue-lag", SLO, f"{TARGET}.target", float("nan"), "not a number", "0.999"),
    ("queue-lag", SLO, f"{TARGET}.targetPercent", 99, "exactly one of", "keep one"),
    ("payments-availability", SLO, f"{TARGET}.targetPercent", 100, "100 is not between", "99.9"),
    ("payments-availability", SLO, f"{TARGET}.targetPercent", 0, "0 is not between", "99.9"),
    ("queue-lag", SLO, f"{TARGET}.op", None, "op is missing", "lte"),
    ("queue-lag", SLO, f"{TARGET}.op", "<=", "is not known", "use one of"),
    ("queue-lag", SLO, f"{TARGET}.value", None, "value is missing", "compared"),
    ("queue-lag", SLO, f"{TARGET}.value", "60", "is not a number", "plain number"),
    ("payments-availability", SLO, f"{TARGET}.op", "lte", "thresholdMetric", "remove it"),
    ("composite", SLO, f"{TARGET}.compositeWeight", 0, "0 is not above 0", "write 1"),
    ("composite", SLO, "spec.indicatorRef", "booking-errors", "beside an indicator", "keep one"),
    ("composite", SLO, f"{TARGET}.indicatorRef", None, "exactly one of indicator", "keep one"),
    ("composite", SLO, f"{TARGET}.indicatorRef", "booking-error", "names no SLI", "booking-errors"),
    # metrics
    ("queue-lag", SLO, "spec.indicator.spec.thresholdMetric.metricSource.type", "Datadog",
     "not a type of data source", "Prometheus"),
    ("queue-lag", SLO, "spec.indicator.spec.thresholdMetric.metricSource.spec.query", "x[5m]",
     "gives a matrix", "rate"),
    ("queue-lag", SLO, "spec.indicator.spec.thresholdMetric.metricSource.spec.query", "5",
     "gives a scalar", "vector"),
    ("queue-lag", SLO, "spec.indicator.spec.thresholdMetric.metricSource.spec.query", "max(",
     "is not PromQL", "fix"),
    ("queue-lag", SLO, "spec.indicator.spec.ratioMetric", {"counter": True}, "exactly one", "keep"),
    ("queue-lag", SLO, "spec.indicator.spec", {}, "exactly one of ratioMetric", "keep one"),
    ("checkout-month", "SLI", "spec.ratioMetric.bad", {}, "exactly one of good and bad", "keep"),
    ("checkout-month", "SLI", "spec.ratioMetric.rawType", "success", "without raw", "add `raw:`"),
    ("checkout-month", "SLI", "spec.ratioMetric.counter", "true", "neither true", "quotes"),
    ("checkout-month", "SLI", "spec.ratioMetric.total", None, "total is missing", "add `total:`"),
    ("checkout-month", "SLI", "spec.ratioMetric.good.metricSource.spec.query",
     "sum(rate(x[{{.window}}])) + sum(increase(y[{{.window}}]))", "mixes events", "use rate"),
    ("checkout-month", "SLI", "spec.ratioMetric.good.metricSource.spec.query",
     "sum(rate(x[5m]))", "lacks its window", "write sum(rate(x[{{.window}}]))"),
    ("checkout-month", "SLI", "spec.ratioMetric.good.metricSource.spec.query",
     'jobs_done_total{queue="[1m]"}', "lacks its window",
     'write sum(rate(jobs_done_total{queue="[1m]"}[{{.window}}]))'),
    ("checkout-month", "SLI", "spec.ratioMetric.total.metricSource.spec.query",
     "sum by (queue) (jobs_done_total)", "lacks its window",
     "write sum by (queue) (rate(jobs_done_total[{{.window}}]))"),
    ("checkout-month", "SLI", "spec.ratioMetric.good.metricSource.spec.query",
     "sum(a) - sum(b)", "lacks its window", "where the range goes"),
    ("composite", "SLI", "spec.ratioMetric.rawType", "good", "is not known", "use one of"),
    ("composite", "SLI", "spec.ratioMetric.total", {}, "stands beside raw", "keep raw"),
    # the other kinds
    ("all-kinds", "DataSource", "spec.type", "Prometeus", "not a type of data source",
     "Prometheus"),
    ("all-kinds", "DataSource", "spec.type", None, "type is missing", "Prometheus"),
    ("all-kinds", "DataSource", "metadata.name", "other", "names no DataSource", "other"),
    ("all-kinds", "Service", "metadata.labels.team", 7, "is not a text", "quotes"),
    ("all-kinds", "Service", "metadata.annotations", {"openslo.com/x": "y"}, "reserved", "own"),
    ("all-kinds", "Service", "spec.description", "x" * 1051, "1051 letters", "1050"),
    ("all-kinds", "Service", "spec.owner", "me", "not a known field", "description"),
    ("payments-availability", SLO, "spec.service", "paymets", "names no Service", "'payments'"),
    ("all-kinds", SLO, "spec.alertPolicies.0.alertPolicyRef",
     "mail-polcy", "no AlertPolicy", "'mail-policy'"),
    ("all-kinds", SLO, "spec.alertPolicies.0", "mail-policy", "bare name", "alertPolicyRef"),
    ("all-kinds", "AlertPolicy", "spec.conditions", [], "exactly one", "one policy a condition"),
    ("all-kinds", "AlertPolicy", "spec.notificationTargets", [], "no element", "add one"),
    ("all-kinds", "AlertPolicy", "spec.notificationTargets.0.targetRef",
     "x", "names no", "use one"),
    ("all-kinds", "AlertPolicy", "spec.alertWhenNoData", 1, "neither true", "quotes"),
    ("all-kinds", "AlertPolicy", "spec.conditions.0.spec.condition.kind",
     "burn", "not known", "burnrate"),
    ("all-kinds", "AlertPolicy", "spec.conditions.0.kind", "Condition",
     "not known", "AlertCondition"),
    ("all-kinds", "AlertCondition", "spec.condition.op", "ge", "is not known", "'gte'"),
    ("all-kinds", "AlertCondition", "spec.condition.alertAfter", "5 m", "not a duration", "5m"),
    ("all-kinds", "AlertCondition", "spec.condition.threshold", None, "is missing", "burn rate"),
    ("all-kinds", "AlertCondition", "spec.severity", "sev1", "is not known", "page"),
    ("all-kinds", "AlertCondition", "spec.condition.threshold", 50, "never reached", "lower"),
    ("all-kinds", SLO, "spec.alertPolicies.1", {"alertPolicyRef": "mail-policy"},
     "a second time", "remove one"),
    ("all-kinds", "AlertCondition", "spec.severity", None, "severity is missing", "page"),
    ("all-kinds", "AlertNotificationTarget", "spec.target", None, "target is missing", "email"),
    ("all-kinds", "AlertNotificationTarget", "kind", "AlertTarget",
     "not known", "AlertNotification"),
    ("all-kinds", "Service", "apiVersion", "openslo/v2alpha", "not a version", "openslo/v1"),
    ("all-kinds", "Service", "apiVersion", "v1", "not a version", "is this an OpenSLO file"),
    ("all-kinds", "Service", "apiVersion", None, "apiVersion is missing", "openslo/v1"),
    ("all-kinds", "Service", "kind", None, "kind is missing", "AlertPolicy"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "path", "value", "says", "fix"), MISTAKES)
def test_a_mistake_names_file_document_field_and_next_step(
    name: str, kind: str, path: str, value: Any, says: str, fix: str
) -> None:
    text = changed(name, kind, path, value)
    with pytest.raises(BadInputError) as caught:
        read(text)
    told = str(caught.value)
    assert told.startswith("my.yaml")
    assert ("(document " in told) == (len(documents(name)) > 1)
    assert says in told
    assert fix in caught.value.hint
    assert "\n" not in told
    assert len(told) < 300


def test_every_wrong_object_of_a_folder_is_told_at_once() -> None:
    bad = changed("queue-lag", SLO, f"{TARGET}.target", 5)
    worse = changed("checkout-month", SLO, "spec.timeWindow", [])
    _, problems = read_all([("a.yaml", bad), ("b.yaml", worse)])
    assert [str(each)[:6] for each in problems] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "the key 'a' stands twice"),
        ("a: 2026-13-45\n", "is not YAML"),
        ("a: " + "[" * 900_000, "more than 500 levels deep"),
        ("- " * 400_000, "more than 500 levels deep"),
        ("a: &x [1]\nb: *y\n", "is not YAML"),
        ("a: \x00", "is not YAML"),
        ("version: prometheus/v1\nservice: x\nslos: []\n", "is sloth's"),
    ],
)
def test_what_is_no_openslo_at_all_is_one_line(text: str, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_aliases_that_stand_for_a_billion_words_are_not_written_out() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    bomb = "\n".join([*lines, "apiVersion: *a9"])
    with pytest.raises(BadInputError) as caught:
        read(bomb)
    assert len(str(caught.value)) < 400


def test_two_slos_cannot_make_one_objective() -> None:
    both = documents("composite")
    other = documents("queue-lag")[0]
    other["metadata"]["name"] = "booking-1"
    with pytest.raises(BadInputError, match="the objective booking-1 a second time"):
        read(yaml.safe_dump_all([*both, other]))


def test_a_metric_is_only_looked_up_for_the_service_whose_metrics_are_known() -> None:
    text = changed("queue-lag", SLO, "spec.service", "calendar-assistant")
    assert read_objectives([("my.yaml", text)])
    with pytest.raises(BadInputError, match="unknown metric"):
        read_objectives([("my.yaml", text)], Owner("calendar-assistant", {}))
