import pytest

from dashboards.panel import Unit
from dashboards.units import is_unit, write


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.9995, "percentunit", "99.95 %"),
        (1.0, "percentunit", "100 %"),
        (0.05, "percentunit", "5 %"),
        (-0.25, "percentunit", "−25 %"),  # noqa: RUF001 -- a minus sign is what is meant
        (0.0123, "s", "12.3 ms"),
        (2, "s", "2 s"),
        (0, "s", "0 s"),
        (90, "s", "1.5 min"),
        (1536, "bytes", "1.5 KiB"),
        (12345, "short", "12.3 K"),
        (7, "short", "7"),
        (3.14159, "none", "3.14"),
        (250.4, "reqps", "250 req/s"),
        (1, "bool_yes_no", "Yes"),
        (float("nan"), "s", "no value"),
        (float("inf"), "s", "∞"),
        (3, "suffix: cows", "3 cows"),
    ],
)
def test_a_number_is_written_with_what_matters_and_its_unit(
    value: float, unit: str, written: str
) -> None:
    assert write(value, unit) == written


def test_decimals_can_be_asked_for() -> None:
    assert write(0.98765, "percentunit", 1) == "98.8 %"


def test_grafana_knows_every_unit_we_use() -> None:
    assert [unit for unit in Unit if not is_unit(unit)] == []
