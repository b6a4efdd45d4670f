"""What pip, a lock and advisories say about the dependencies, and when they say nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError
from ops.checks.finding import State
from ops.maintenance import advisories, outdated

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


def test_a_newer_release_of_the_index_is_told(index_url: str) -> None:
    newer = outdated.ask_index(index_url=index_url, timeout_s=60)
    assert newer == [outdated.Newer("packaging", version("packaging"), "9999.0")]


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
    assert finding.value == "1: some-package 1.0: PYSEC-2026-1, fixed in 1.5"
    (tmp_path / "c.json").write_text("[]")
    with pytest.raises(BadInputError, match="no advisory"):
        list(advisories.judge(lock, folder=tmp_path, timeout_s=5))


def test_without_any_source_vulnerabilities_are_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = advisories.judge(tmp_path / "lock", folder=None, timeout_s=5)
    assert finding.state is State.NO_DATA
