"""What pip, a lock and advisories say about the dependencies, and when they say nothing."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.edge.containers.docker import engine_version
from kit.pure.errors import BadInputError
from ops.checks.finding import Finding, State
from ops.maintenance import advisories, image_ages, outdated
from ops.maintenance.lock import read_lock

NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture(autouse=True)
def _pip_is_configured_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


@pytest.fixture
def index_url() -> Iterator[str]:
    """Give a package index of this machine that has one package, in a version yet to be made."""

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = self.path.startswith("/simple/packaging/")
            wheel = "packaging-9999.0-py3-none-any.whl"
            page = f'<a href="/{wheel}">{wheel}</a>'.encode()
            self.send_response(200 if is_there else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page if is_there else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.thorough
def test_newer_releases_are_reported_and_packages_that_the_index_does_not_have(
    index_url: str,
) -> None:
    found = {o.subject: o for o in outdated.judge_outdated(index_url=index_url, timeout_s=290)}
    newer, unknown = found["newer releases"], found["newer releases known"]
    assert newer.value == f"1: packaging {version('packaging')} → 9999.0"
    assert newer.state is State.INFO
    assert unknown.state is State.NO_DATA
    assert unknown.value.startswith("of 1 packages only; not of ")


@pytest.mark.thorough
def test_an_index_that_is_away_is_no_data_and_not_up_to_date() -> None:
    (finding,) = outdated.judge_outdated(index_url=NOWHERE, timeout_s=60)
    assert finding.state is State.NO_DATA
    assert "could not ask the index" in finding.value


def test_a_password_of_the_index_is_not_shown() -> None:
    address = "http://someone:S3cr3t@127.0.0.1:9/simple"
    (finding,) = outdated.judge_outdated(index_url=address, timeout_s=60)
    assert finding.state is State.NO_DATA
    assert "S3cr3t" not in finding.value


def test_a_lock_is_held_against_what_is_installed(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    rest = "other==1 ; sys_platform == 'never' \\\n    --hash=sha256:0\nnot-here==3\n"
    lock.write_text(f"packaging=={version('packaging')} \\\n    --hash=sha256:00\n{rest}")
    (finding,) = outdated.judge_lock(lock)
    assert (finding.state, finding.value) == (State.PASS, "1 of 2 pins are here")
    lock.write_text("Packaging==0.1\n")
    (finding,) = outdated.judge_lock(lock)
    assert finding.state is State.FAIL
    assert "not 0.1" in finding.value
    (finding,) = outdated.judge_lock(tmp_path / "none")
    assert finding.state is State.NO_DATA


@pytest.mark.parametrize("text", ["", "# nothing\n", "--hash=sha256:0\n", "no-such-package==1.0\n"])
def test_a_lock_of_nothing_that_is_here_is_no_pass(tmp_path: Path, text: str) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(text)
    (finding,) = outdated.judge_lock(lock)
    assert finding.state is State.NO_DATA


ADVISORY = {
    "id": "PYSEC-2026-1",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some.Package"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        {"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2"},
                        {"last_affected": "2.3"},
                    ],
                }
            ],
            "versions": ["3.0rc1"],
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize("affected", ["0.1", "1.4.9", "1.5rc1", "2", "2.3", "3.0rc1"])
def test_an_affected_version_is_found(affected: str) -> None:
    (known,) = advisories.matching({"some-package": affected}, [ADVISORY])
    assert (known.advisory, known.fixed) == ("PYSEC-2026-1", ("1.5",))


@pytest.mark.parametrize("safe", ["1.5", "1.9", "2.3.1", "2.4", "3.0"])
def test_a_version_that_is_not_affected_is_not_found(safe: str) -> None:
    assert advisories.matching({"some-package": safe, "other": "1.0"}, [ADVISORY]) == []


@given(number=st.integers(0, 40), at=st.lists(st.integers(1, 40), unique=True, max_size=6))
def test_ranges_switch_at_each_event(number: int, at: list[int]) -> None:
    kinds = ("introduced", "fixed")
    events = [{kinds[place % 2]: str(each)} for place, each in enumerate(sorted(at))]
    affected = {
        "package": {"ecosystem": "PyPI", "name": "p"},
        "ranges": [{"type": "ECOSYSTEM", "events": events[::-1]}],
    }
    found = advisories.matching({"p": str(number)}, [{"id": "x", "affected": [affected]}])
    assert bool(found) == (sum(each <= number for each in at) % 2 == 1)


def test_advisories_come_from_a_folder(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("some-package==1.0\n")
    with pytest.raises(BadInputError, match=r"holds no \.json"):
        list(advisories.judge(lock, folder=tmp_path, timeout_s=5))
    (tmp_path / "a.json").write_text(json.dumps(ADVISORY))
    (tmp_path / "b.json").write_text(json.dumps(ADVISORY | {"withdrawn": "2026-01-01T00:00:00Z"}))
    (finding,) = advisories.judge(lock, folder=tmp_path, timeout_s=5)
    assert finding.state is State.FAIL
    assert finding.value.startswith("1: some-package 1.0: PYSEC-2026-1, fixed in 1.5")
    (tmp_path / "c.json").write_text("[]")
    with pytest.raises(BadInputError, match="no advisory"):
        list(advisories.judge(lock, folder=tmp_path, timeout_s=5))


def test_without_any_source_vulnerabilities_are_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = advisories.judge(tmp_path / "lock", folder=None, timeout_s=5)
    assert finding.state is State.NO_DATA


LOCK = "alpha==1.0\nBeta.Package==2.1\ngamma==3.0 ; python_version > '3'\n"
ALL = [{"name": n, "version": v, "vulns": []}
       for n, v in (("alpha", "1.0"), ("beta-package", "2.1"), ("gamma", "3.0"))]  # fmt: skip
SKIPPED = [{"name": one["name"], "skip_reason": "could not be audited"} for one in ALL]


@pytest.fixture
def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], Finding]:
    """Judge a lock by a pip-audit that says what the test tells it to, and ends with a code."""

    def judged(said: str, code: int = 0) -> Finding:
        tools = tmp_path / "bin"
        tools.mkdir(exist_ok=True)
        (tools / "said").write_text(said)
        tool = tools / "pip-audit"
        tool.write_text(
            f'#!/bin/sh\nwhile read -r l; do echo "$l"; done < {tools}/said\nexit {code}\n'
        )
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))
        lock = tmp_path / "requirements.lock"
        lock.write_text(LOCK)
        (finding,) = advisories.judge(lock, folder=None, timeout_s=60)
        return finding

    return judged


def answer(entries: object) -> str:
    return json.dumps({"dependencies": entries, "fixes": []}) + "\n"


@pytest.mark.parametrize(
    ("said", "code", "result"),
    [
        (answer([]), 0, "0 of 3"),
        (answer(SKIPPED), 0, "could not be audited"),
        (answer([*ALL[:2], SKIPPED[2]]), 0, "2 of 3"),
        (answer(ALL[1:]), 0, "not alpha 1.0"),
        (answer([*ALL[:2], {"name": "gamma", "version": "3.1", "vulns": []}]), 0, "not gamma 3.0"),
        (answer([*ALL[:2], {"name": "gamma", "version": "3.0"}]), 0, "not gamma 3.0"),
        (answer([*ALL[:2], 7]), 0, "2 of 3"),
        (answer(None), 0, "pip-audit said"),
        (answer(ALL), 2, "ended with 2"),
        (answer(ALL), 1, "named none"),
        ("", 0, "pip-audit said"),
        ("{}\n", 0, "pip-audit said"),
        ("7\n", 0, "pip-audit said"),
        ("<html>\n", 1, "pip-audit said"),
    ],
)
def test_pins_that_nobody_audited_are_no_pass_and_are_counted(
    audited: Callable[[str, int], Finding], said: str, code: int, result: str
) -> None:
    finding = audited(said, code)
    assert finding.state is State.NO_DATA
    assert result in finding.value


def test_only_an_audit_of_every_pin_passes_and_a_hole_is_reported_beside_what_was_not_audited(
    audited: Callable[[str, int], Finding],
) -> None:
    whole = audited(answer(ALL), 0)
    assert (whole.state, "3 of 3 pins" in whole.value) == (State.PASS, True)
    hole = {**ALL[0], "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    partly = audited(answer([hole, SKIPPED[1]]), 1)
    assert partly.state is State.FAIL
    assert "PYSEC-1" in partly.value
    assert "1 of 3" in partly.value


OTHER = {"id": "X-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "zeta"},
                                    "versions": ["1"]}]}  # fmt: skip
GIT_ONLY = {"id": "X-2", "affected": [{"package": {"ecosystem": "PyPI", "name": "alpha"},
                                       "ranges": [{"type": "GIT", "events": []}]}]}  # fmt: skip
NO_VERSION = {"id": "X-3", "affected": [
    {"package": {"ecosystem": "PyPI", "name": "alpha"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "soon"}]}]}]
}  # fmt: skip


@pytest.mark.parametrize(
    ("lock", "advisory", "result"),
    [
        (LOCK, OTHER, "it holds 1 advisories"),
        ("zeta==2\n", OTHER, "of no known time"),
        ("a===no.version\n", OTHER, "0 of 1"),
        (LOCK, OTHER | {"affected": []}, "0 of 3"),
        (LOCK, GIT_ONLY, "not alpha 1.0"),
        (LOCK, NO_VERSION, "not alpha 1.0"),
        ("", ADVISORY, "pins nothing"),
        ("# nothing\n--hash=sha256:0\n", ADVISORY, "pins nothing"),
    ],
)
def test_a_folder_that_says_nothing_about_what_is_pinned_is_no_pass(
    tmp_path: Path, lock: str, advisory: object, result: str
) -> None:
    (tmp_path / "requirements.lock").write_text(lock)
    (tmp_path / "a.json").write_text(json.dumps(advisory))
    (finding,) = advisories.judge(tmp_path / "requirements.lock", folder=tmp_path, timeout_s=5)
    assert finding.state is State.NO_DATA
    assert result in finding.value


@pytest.mark.thorough
def test_no_image_and_an_image_from_the_future_are_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    if engine_version() is None:
        pytest.fail("no container engine answers")
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    states = {one.state for one in image_ages.judge(now=long_ago, oldest=timedelta(days=45))}
    assert State.PASS not in states
    monkeypatch.setattr(image_ages, "present_image", lambda _role: None)
    found = list(image_ages.judge(now=datetime.now(UTC), oldest=timedelta(days=45)))
    assert found[0].state is State.NO_DATA


UNPINNED = [
    "evil @ git+https://h/y@abc", "beta>=2", "-r more.txt", "-e .", "alpha==2", "b==1.*", "b==1,>0",
    "b===not.a.version", "b==1+bad_!",
]  # fmt: skip


@pytest.mark.parametrize("line", UNPINNED)
def test_a_line_that_pins_no_version_counts_as_one_that_nobody_looked_up(
    audited: Callable[[str, int], Finding],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    line: str,
) -> None:
    monkeypatch.setitem(globals(), "LOCK", f"alpha==1.0\n  {line}\n")
    finding = audited(answer(ALL[:1]), 0)
    assert finding.state is State.NO_DATA
    assert f"1 of 2 pins looked up in pip-audit; not {line}" in finding.value
    (installed,) = outdated.judge_lock(tmp_path / "requirements.lock")
    assert (installed.state, line in installed.value) == (State.NO_DATA, True)


@pytest.mark.parametrize(
    "line", ["uvicorn[standard]==0.1", "uvicorn == 0.1", "  Uvicorn===0.1 # x", "uvicorn==0.1.0"]
)
def test_a_pin_may_be_written_in_several_ways(line: str) -> None:
    result = read_lock(f"{line}\nuvicorn==0.1 ; python_version > '3' \\\n   --hash=sha256:0\n")
    assert (list(result.pins), result.unread) == (["uvicorn"], ())


def test_only_a_fresh_copy_of_all_advisories_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.lock").write_text("zeta==2\n")
    monkeypatch.setattr(advisories, "_FEWEST", 2)
    now = datetime.now(UTC)

    def judged(*ages_days: int) -> State:
        for number, days in enumerate(ages_days):
            modified = (now - timedelta(days=days)).isoformat()
            result = OTHER | {"modified": modified}
            (tmp_path / f"{number}.json").write_text(json.dumps(result))
        (found,) = advisories.judge(tmp_path / "requirements.lock", folder=tmp_path, timeout_s=5)
        return found.state

    assert judged(1) is State.NO_DATA
    assert judged(31, 400) is State.NO_DATA
    assert judged(-90, 31) is State.NO_DATA
    assert judged(29, 400) is State.PASS
    (tmp_path / "requirements.lock").write_text("zeta==1.0\n")
    assert judged(29, 400) is State.FAIL
