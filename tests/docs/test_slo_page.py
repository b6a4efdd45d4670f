"""The page about objectives names every field, every example and the true answers."""

import re
from pathlib import Path

import pytest

from kit.pure.errors import BadInputError
from slo.documents import KINDS
from slo.objective import Budgeting, Measure
from slo.openslo import SLO_FIELDS, read_objectives
from slo.targets import OBJECTIVE_FIELDS
from tests.support.examples import EXAMPLES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "slo.md").read_text()
QUEUE = (EXAMPLES / "queue-lag.yaml").read_text()
KINDS_FILE = (EXAMPLES / "all-kinds.yaml").read_text()
CHECKOUT = (EXAMPLES / "checkout-month.yaml").read_text()
UNSUPPORTED = re.search(r"### What is not supported\n(.*?)\n\n", PAGE, re.DOTALL)

WRONG = [
    QUEUE.replace("openslo/v1", "openslo/v1alpha"),
    QUEUE.replace("type: Prometheus", "type: Datadog"),
    CHECKOUT.replace("[{{.window}}]", ""),
    CHECKOUT.replace("{{.window}}", "$__rate_interval"),
    QUEUE.replace("timeWindow:\n", "timeWindow:\n    - duration: 1d\n"),
    CHECKOUT.replace("timeSliceWindow: 5m", "timeSliceWindow: 5"),
    QUEUE.replace("  service:", "  owner: me\n  service:"),
    QUEUE.replace("  service:", "  service: other\n  service:"),
    KINDS_FILE.replace("threshold: 14", "threshold: 50"),
]


@pytest.mark.parametrize(
    "name", [*SLO_FIELDS, *OBJECTIVE_FIELDS, *KINDS, *Budgeting, *(set(Measure) - {Measure.OTHER})]
)
def test_every_accepted_field_and_kind_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_every_example_is_on_the_page_and_every_one_there_exists() -> None:
    shown = set(re.findall(r"^\| `([a-z/-]+\.yaml)` \|", PAGE, re.MULTILINE))
    assert shown == {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("**/*.yaml")}


def test_what_is_not_supported_is_answered_as_the_page_says() -> None:
    assert UNSUPPORTED is not None
    answers = [row.split(" | ")[1] for row in UNSUPPORTED[1].splitlines()[2:]]
    for text, answer in zip(WRONG, answers, strict=False):
        said = re.findall(r"`([^`]+)`", answer)[0]
        with pytest.raises(BadInputError) as caught:
            read_objectives([("my.yaml", text)])
        told = f"{caught.value}: {caught.value.hint}"
        for part in re.split(r" … |: (?=write)", said):
            assert part in told
    assert len(answers) == len(WRONG) + 1  # the last row is no error
