"""A check judges what it is given, and is a verb with help, a page and a test."""

import pytest

from tests.support.recipes import Tree, after, both, new

JUDGE = '''\
"""Is the service in the mode that it should be in."""

from ops.checks.evidence import Evidence, named, paths_in
from ops.checks.finding import Finding, State, away, no_data
from ops.checks.observe.replies import Reply

_STEP = "sre incident mode shows who switched it and why; sre incident mode normal switches back"


def judge(reply: Reply) -> tuple[Finding, ...]:
    """Return how the service is by the answer of `/admin/mode`."""
    if reply.problem:
        return (away("mode", f"{reply.url}: {reply.problem}", "sre check health"),)
    if not reply.is_ok or not isinstance(reply.data, dict) or "mode" not in reply.data:
        return (no_data("mode", f"/admin/mode {reply.why}", "set SRE_API_KEYS to an admin's key"),)
    mode = str(reply.data["mode"])
    if mode == "normal":
        return (Finding("mode", State.PASS, mode),)
    return (Finding("mode", State.WARN, mode, limit="normal", do_next=_STEP),)


def evidence(reply: Reply) -> tuple[Evidence, ...]:
    """Return how much the page told."""
    fields = ("mode",)
    return (named("/admin/mode", fields, paths_in(reply.data, fields), unit="fields"),)
'''
ASK = '''\


def check_mode(places: Places) -> Checked:
    """Look which mode the service is in."""

    def find() -> Seen:
        reply = _ask(places, "/admin/mode")
        return Seen(mode.judge(reply), mode.evidence(reply))

    return of_one("mode", places, find)
'''
VERB = '''\


def mode(target: Target = None, timeout: Timeout = 3.0) -> Answer:
    """Look whether the service is in its normal mode."""
    return answer_of(check_mode(read_places(os.environ, target=target, timeout_s=timeout)))
'''
TEST = """\
import pytest

from ops.checks.finding import State
from ops.checks.mode import judge
from ops.checks.observe.replies import Reply


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply("u", 200, '{"mode": "normal"}'), State.PASS),
        (Reply("u", 200, '{"mode": "read_only"}'), State.WARN),
        (Reply("u", 200, "a page of somebody else's"), State.NO_DATA),
        (Reply("u", 403), State.NO_DATA),
        (Reply("u", problem="connection refused"), State.FAIL),
    ],
)
def test_the_mode_is_judged_and_silence_is_no_pass(reply: Reply, state: State) -> None:
    assert [one.state for one in judge(reply)] == [state]
"""
EDITS = {
    "ops/checks/mode.py": new(JUDGE),
    "ops/checks/runs.py": both(
        after("    health,", "    mode,\n"),
        after(
            '    return of_one("cache", places, find, questions=2)',
            ASK,
        ),
    ),
    "sre/check.py": both(
        after("    check_health,", "    check_mode,\n"),
        after(
            "    return answer_of("
            "check_cache(read_places(os.environ, target=target, timeout_s=timeout)))",
            VERB,
        ),
    ),
    "sre/table.py": after(
        '    "check cache": "check:cache",', '    "check mode": "check:mode",\n'
    ),
    "docs/operations.md": after(
        "| `sre check system` | CPU, load, memory, disks and inodes, open files, clock, containers"
        " | the thresholds of the alerts |",
        "| `sre check mode` | the mode that the service is in | any but normal WARN |\n",
    ),
    "tests/unit/ops/checks/test_mode.py": new(TEST),
}  # fmt: skip


@pytest.mark.thorough
def test_a_new_check_is_a_verb_that_says_what_is_wrong(tree: Tree) -> None:
    tree.perform("A check", EDITS)
    said = tree.python("-m", "sre", "check", "mode", "--help")
    assert "Look whether the service is in its normal mode." in said
    tree.lint_imports()
