"""The part of the lock that one image needs."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.wheels import closure, locked_lines, part_of_lock

LOCK = """\
alpha==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
beta-b==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:ba
beta-b==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:bb
gamma==4.0 ; sys_platform == 'win32' \\
    --hash=sha256:ca
"""


def test_a_distribution_brings_what_its_needs_need() -> None:
    needs = {"app": ["lib>=1"], "lib": ["base"], "base": []}
    assert closure("app", lambda name: needs[name]) == {"app", "lib", "base"}


def test_an_extra_counts_only_where_it_is_asked_for() -> None:
    needs = {
        "app": ["lib[fast]", "doc ; extra == 'docs'"],
        "lib": ["speedups ; extra == 'fast'", "slow ; extra == 'slow'"],
    }
    assert closure("app", lambda name: needs.get(name, [])) == {"app", "lib", "speedups"}


def test_alone_means_what_the_extras_name_and_nothing_else() -> None:
    needs = {"app": ["common", "web ; extra == 'server'", "plot ; extra == 'pages'"]}
    found = closure("app[server]", lambda name: needs.get(name, []), alone=True)
    assert found == {"app", "web"}
    found = closure("app[server]", lambda name: needs.get(name, []))
    assert found == {"app", "web", "common"}


def test_the_image_of_the_service_gets_what_the_service_imports_and_nothing_for_load_or_pages() -> (
    None
):
    lines = locked_lines("calendar-sre[service]", alone=True)
    imported = {"fastapi", "pymongo", "redis", "argon2-cffi", "icalendar", "uvicorn", "psutil"}
    assert all(f"\n{name}==" in f"\n{lines}" for name in imported)
    unwanted = ("locust", "matplotlib", "numpy", "scipy", "promql-parser", "rich")
    assert not [name for name in unwanted if f"\n{name}==" in f"\n{lines}"]


def test_a_marker_for_another_python_is_decided_for_the_one_in_the_image() -> None:
    needs = {"app": ["old ; python_version < '3.11'", "new ; python_version >= '3.11'"]}
    assert closure("app", lambda name: needs.get(name, [])) == {"app", "new"}


def test_two_that_need_each_other_come_to_an_end() -> None:
    needs = {"a": ["b"], "b": ["a"]}
    assert closure("A", lambda name: needs[name]) == {"a", "b"}


def test_the_part_of_a_lock_keeps_hashes_and_decides_markers() -> None:
    assert part_of_lock(LOCK, ["Beta_B", "gamma"]) == "beta-b==2.0 \\\n    --hash=sha256:ba\n"


def test_names_that_are_not_wanted_leave_no_line() -> None:
    assert part_of_lock(LOCK, ["alpha"]).splitlines() == [
        "alpha==1.0 \\",
        "    --hash=sha256:aa \\",
        "    --hash=sha256:ab",
    ]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef")), min_size=1))
def test_every_need_of_a_member_is_a_member(needs: dict[str, list[str]]) -> None:
    def requires_of(name: str) -> Iterable[str]:
        return needs.get(name, [])

    members = closure(next(iter(needs)), requires_of)
    assert all(set(requires_of(name)) <= members for name in members)


def test_the_stand_in_for_mongodb_gets_its_few_wheels_and_not_the_project() -> None:
    lines = locked_lines("secantusdb")
    assert "secantusdb==" in lines
    assert "pymongo==" in lines
    assert "fastapi==" not in lines
    assert lines.count("==") < (ROOT / "requirements.lock").read_text().count("==") / 4


def test_the_command_gets_what_it_runs_on_and_no_development_tool() -> None:
    lines = locked_lines("calendar-sre[harness,service]")
    assert all(f"\n{name}==" in f"\n{lines}" for name in ("locust", "fastapi", "matplotlib"))
    assert not [name for name in ("mypy", "secantusdb", "calendar-sre") if f"\n{name}==" in lines]
