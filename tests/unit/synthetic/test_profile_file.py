"""Profiles as data, and what is said about wrong ones."""

import pytest

from kit.pure.errors import BadInputError
from synthetic.edge.load.catalogue import profile_names, read_profile_named
from synthetic.load.job import Job
from synthetic.load.profile_file import read_profile
from tests.support.calendar_mix import SHARED

GOOD = "name: x\ndescription: y\nstages: [{for_s: 1, per_s: 5}]\nmix: {parse: 1}\n"


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_can_be_read_and_survives_the_way_to_a_worker(name: str) -> None:
    profile = read_profile_named(name)
    assert profile.name == name
    job = Job(profile, "http://127.0.0.1:1", "[tag]", keys=("a",), headers=(("X-A", "b"),))
    assert Job.from_line(job.to_line()) == job


@pytest.mark.parametrize(
    ("text", "field", "hint"),
    [
        ("- a", "a profile is a mapping", "docs/load.md"),
        ("name: [", "not YAML", "indentation"),
        ("description: y\nstages: [{for_s: 1, per_s: 5}]\nmix: {parse: 1}", "name is missing", ""),
        (GOOD.replace("name: x", "name: ../../x/y"), "name: '../../x/y' is no name", "dashes"),
        (GOOD.replace("name: x", "name: -x"), "name: '-x' is no name", "dashes"),
        (GOOD.replace("name: x", f"name: {'x' * 64}"), "is no name", "63 letters"),
        (GOOD + "sed: 3\n", "sed is not a known field", "did you mean 'seed'?"),
        (GOOD.replace("parse: 1", "prase: 1"), "mix.prase is not a known field", "'parse'?"),
        (GOOD.replace("per_s: 5", "per_s: -5"), "stages[0].per_s: -5 is out of range", "100000"),
        (GOOD.replace("per_s: 5", "per_s: lots"), "stages[0].per_s: 'lots' is not a number", ""),
        (GOOD.replace("per_s: 5", "per_s: 0"), "stages give 0 requests", ""),
        (GOOD.replace("per_s: 5", "per_s: 100000").replace("for_s: 1", "for_s: 3600"),
         "stages give 3.6e+08 requests", ""),
        (GOOD.replace("mix: {parse: 1}", ""), "mix or requests or scenarios is needed", ""),
        (GOOD + "requests: [{path: /}]\n", "mix or requests or scenarios is needed", ""),
        (GOOD.replace("mix: {parse: 1}", "requests: [{path: x}]"), "requests[0].path: 'x'", ""),
        (GOOD + "model: half-open\n", "model: 'half-open' is not known", "did you mean 'open'?"),
        (GOOD + "seed: 1.5\n", "seed: 1.5 is not a whole number", ""),
        (GOOD + "timeout_s: true\n", "timeout_s: True is not a number", ""),
        (GOOD.replace("parse: 1", "parse: 0"), "mix: {'parse': 0} has no weight above zero", ""),
        ("name: x\ndescription: y\nmix: {parse: 1}\ntrace_s: [3, 2]\n", "[3, 2] is not in", ""),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_refused_by_file_field_and_fix(text: str, field: str, hint: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_profile(text, source="my.yaml", shared=SHARED)
    assert str(caught.value).startswith("my.yaml: ")
    assert field in str(caught.value)
    assert hint in caught.value.hint


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(BadInputError) as caught:
        read_profile_named("smok")
    assert caught.value.hint == "did you mean smoke?"


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_and_a_duration_that_nothing_could_do_are_refused(value: float) -> None:
    profile = read_profile(GOOD, source="x", shared=SHARED)
    with pytest.raises(BadInputError) as caught:
        profile.at_rate(value)
    assert caught.value.hint
    with pytest.raises(BadInputError):
        profile.lasting(value)


def test_more_requests_than_memory_holds_are_refused_by_what_is_really_to_be_sent() -> None:
    profile = read_profile(GOOD, source="x", shared=SHARED).at_rate(1e9)
    with pytest.raises(BadInputError, match="1,000,000,000 requests"):
        profile.of_sane_size()
    assert profile.lasting(0.005).of_sane_size().arrivals == pytest.approx(5e6)


def test_another_duration_keeps_the_rates_and_another_rate_keeps_the_duration() -> None:
    profile = read_profile(GOOD, source="x", shared=SHARED)
    assert profile.lasting(4).stages[0].for_s == 4
    assert profile.lasting(4).stages[0].to_per_s == 5
    assert profile.at_rate(50).stages[0].to_per_s == 50
    assert profile.at_rate(50).duration_s == 1
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(BadInputError):
            profile.lasting(wrong)
        with pytest.raises(BadInputError):
            profile.at_rate(wrong)
