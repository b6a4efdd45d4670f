"""What docs/operations.md says of the checks is what the command does."""

import re
from pathlib import Path

from ops.checks import places
from ops.checks.own_limits import own_limits
from ops.checks.suspicious_ips import MANY_ROUTES
from tests.support.command_line import options_of, verbs_of

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
CHECKS = PAGE.partition("## Backup and restore")[0]
VERBS = verbs_of("check")
LIMITS = own_limits()


def test_every_check_is_on_the_page_and_every_one_there_exists() -> None:
    assert set(re.findall(r"sre check ([a-z-]+)", CHECKS)) == set(VERBS)


def test_every_option_that_the_page_shows_is_taken_by_its_check() -> None:
    shown = [
        (verb, option)
        for verb, rest in re.findall(r"^sre check ([a-z-]+)(.*)$", CHECKS, re.MULTILINE)
        for option in re.findall(r"--[a-z]+", rest.partition("#")[0])
    ]
    assert len(shown) >= 4
    for verb, option in shown:
        assert option in options_of(f"check {verb}"), (verb, option)


def test_the_limits_on_the_page_are_those_that_judge() -> None:
    for text in (
        f"lag over {LIMITS.replication_lag_s:g} s",
        f"memory over {LIMITS.memory_ratio:.0%}".replace("%", " %"),
        f"p95 over {LIMITS.database_slow_s:g} s",
        f"under {LIMITS.cache_hit_ratio:.0%}; under {LIMITS.cache_fewest} lookups".replace(
            "%;", " %;"
        ),
        f"or with {LIMITS.route_error_ratio:.0%} failed".replace("%", " %"),
        f"{1 - LIMITS.slow_quantile:.0%} slow, {1 - LIMITS.accuracy_low:.0%} uncertain".replace(
            "%", " %"
        ),
    ):
        assert text in CHECKS, text
    assert f"{['', 'one', 'two', 'three', 'four', 'five'][MANY_ROUTES]} routes" in CHECKS


def test_every_variable_that_says_where_something_is_is_on_the_page() -> None:
    known = {value for value in vars(places).values() if re.match(r"(SRE|CALENDAR)_", str(value))}
    assert len(known) == 9
    assert {name for name in known if f"`{name}`" not in CHECKS} == set()
