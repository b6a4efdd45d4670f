import pytest

from dashboards.expand import expand, sample_values, times, used
from tests.unit.dashboards.samples import dashboard


@pytest.mark.parametrize(
    ("expr", "expanded"),
    [
        ("$a", "1"),
        ("${a}", "1"),
        ("${a:regex}", "1"),
        ("[[a]]", "1"),
        ("$ab", "$ab"),
        ("x[$b]", "x[1m]"),
        ('label_replace(x, "y", "$1", "z", "(.+)$")', 'label_replace(x, "y", "$1", "z", "(.+)$")'),
    ],
)
def test_known_variables_get_their_values_and_all_else_stays(expr: str, expanded: str) -> None:
    assert expand(expr, {"a": "1", "b": "${a}m"}) == expanded


def test_variables_that_name_each_other_in_a_circle_come_to_an_end() -> None:
    assert expand("$a", {"a": "$b", "b": "$a"}) in {"$a", "$b"}


def test_the_variables_of_an_expression_are_listed() -> None:
    assert used("$a + ${b:csv} + [[c]]") == ("a", "b", "c")


def test_a_dashboard_opens_with_everything_where_all_is_chosen() -> None:
    values = sample_values(dashboard())

    assert values["job"] == ".+"
    assert values["__rate_interval"] == "5m"


@pytest.mark.parametrize(("step_s", "rate"), [(1, "60s"), (15, "60s"), (300, "315s")])
def test_the_rate_interval_holds_four_scrapes_or_a_step_and_one(step_s: int, rate: str) -> None:
    assert times(step_s, 3600, 15)["__rate_interval"] == rate
