import pytest

from dashboards.exclusions import read_exclusions
from dashboards.problem import Problem
from kit.pure.errors import BadInputError

RULES = frozenset({"target-job", "panel-units"})


def problem(panel: str = "Room", rule: str = "target-job") -> Problem:
    return Problem(rule, "a.json", panel, "A", "is wrong", "mend it")


def test_an_exception_holds_where_it_says_and_nowhere_else() -> None:
    exclusions = read_exclusions(
        ".lint",
        """
        exclusions:
          target-job-rule:
            reason: one job only
            entries:
              - dashboard: Sample
                panel: Room
        """,
        RULES,
    )

    assert exclusions.excuse(problem(), "Sample")
    assert not exclusions.excuse(problem(), "Other")
    assert not exclusions.excuse(problem(panel="Hall"), "Sample")
    assert not exclusions.excuse(problem(rule="panel-units"), "Sample")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("exclusions: {target-job: {entries: [{panel: x}]}}", "without a reason"),
        ("exclusions: {target-jobs: {reason: x}}", "excludes the unknown rule 'target-jobs'"),
        ("exclusions: [1]", "is no list of exclusions"),
        ("{", "is no list of exclusions"),
        ("[" * 100_000, "is no list of exclusions"),
        ("a: " + "9" * 5000, "is no list of exclusions"),
    ],
    ids=lambda text: text[:20],
)
def test_a_bad_list_of_exceptions_is_refused(content: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        read_exclusions(".lint", content, RULES)
