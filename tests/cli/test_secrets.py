"""A password in any URL that a verb takes opens the server and is seen nowhere else."""

import base64
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from sre.running import run
from synthetic.edge.golden.files import SHIPPED
from tests.support.small_calendar import SmallCalendar, small_calendar

MARK = "Qz7Marked-by-the-test"
BASIC = base64.b64encode(f"robot:{MARK}".encode()).decode()
ALONE = base64.b64encode(f"{MARK}:".encode()).decode()
RULES = "groups:\n- name: a\n  rules:\n  - {record: 'a:b:c', expr: sum(up)}\n"
PROFILE = """
name: small
description: a profile for these tests
stages: [{for_s: 2, per_s: 60}]
requests: [{path: /events}]
max_lag_p99_ms: 60000
rule: observed
"""
FORMS = {
    "of a server that answers": "http://robot:{mark}@127.0.0.1:{port}",
    "where nobody listens": "http://robot:{mark}@127.0.0.1:9",
    "with a port that is none": "http://robot:{mark}@127.0.0.1:99999",
    "as a parameter": "http://127.0.0.1:{port}/?a=1&X-Api-Key={mark}",
}
VERBS = [
    ["probe", "once", "--timeout", "5", "--target", "URL"],
    ["golden", "run", "--target", "URL", "--cases", "cases.jsonl"],
    ["golden", "propose", "--live", "--target", "URL", "--out", "candidates"],
    ["check", "health", "--target", "URL"],
    ["check", "cache", "--target", "URL"],
    ["check", "security", "--target", "URL"],
    ["check", "performance", "--target", "URL", "--prometheus", "URL"],
    ["check", "dependencies", "--target", "URL", "--llm", "URL", "--timeout", "1"],
    ["incident", "mode", "--target", "URL"],
    ["incident", "isolate", "read_only", "--target", "URL", "--why", "a test"],
    ["incident", "evidence", "kept.tar.gz", "--target", "URL", "--prometheus", "URL",
     "--alertmanager", "URL", "--within", "3"],
    ["incident", "timeline", "--prometheus", "URL", "--since", "10m"],
    ["slo", "validate", "--prometheus", "URL"],
    ["slo", "budget", "--prometheus", "URL"],
    ["report", "weekly", "--prometheus", "URL"],
    ["report", "capacity", "--prometheus", "URL"],
    ["alerts", "check", "rules.yaml", "--prometheus", "URL"],
    ["alerts", "diff", "deployed", "--prometheus", "URL"],
    ["dashboards", "check", "--prometheus", "URL"],
    ["dashboards", "preview", "--prometheus", "URL", "--out", "pages"],
    ["dashboards", "deploy", "--grafana", "URL"],
    ["dashboards", "annotate", "--grafana", "URL"],
    ["load", "run", "small.yaml", "--push-to", "URL", "--target", "http://127.0.0.1:9"],
]  # fmt: skip


@pytest.fixture(scope="module")
def calendar() -> Iterator[SmallCalendar]:
    with small_calendar() as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "small.yaml").write_text(PROFILE)
    (tmp_path / "rules.yaml").write_text(RULES)
    cases = (SHIPPED / "zones.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "cases.jsonl").write_text("".join(cases[:2]), encoding="utf-8")
    (tmp_path / "deployed").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("CALENDAR_LOG_DIR", str(tmp_path / "deployed"))
    return tmp_path


def secrets_in(text: str) -> list[str]:
    return [secret for secret in (MARK, BASIC, ALONE) if secret in text]


def assert_seen_nowhere(place: Path, told: str) -> None:
    assert not secrets_in(told), told[-2000:]
    for path in place.rglob("*"):
        assert not secrets_in(str(path))
        if path.is_file():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            assert not secrets_in(content.decode(errors="replace")), path


EACH: Final = [
    pytest.param(
        verb,
        form,
        id=f"{' '.join(verb[:2])}-{name}",
        marks=() if number == place % len(FORMS) else pytest.mark.thorough,
    )
    for place, verb in enumerate(VERBS)
    for number, (name, form) in enumerate(FORMS.items())
]
"""`make test` gives each verb one form of URL, in turn; `make thorough` the others."""


@pytest.mark.parametrize(("verb", "form"), EACH)
def test_no_verb_shows_or_keeps_what_opens_a_server(
    verb: list[str],
    form: str,
    place: Path,
    calendar: SmallCalendar,
    capfd: pytest.CaptureFixture[str],
) -> None:
    url = form.format(mark=MARK, port=calendar.server_port)
    code = run([url if word == "URL" else word for word in verb])
    seen = capfd.readouterr()
    assert "No such option" not in seen.err
    assert code in {0, 1, 2, 3, 4, 5}
    assert_seen_nowhere(place, seen.out + seen.err)


@contextmanager
def arguments_of_children() -> Iterator[set[str]]:
    """Gather the command line of every process that is started below this one."""
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                try:
                    seen.add(" ".join(child.cmdline()))
                except psutil.Error:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.mark.thorough
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_load_run_opens_its_target_and_its_gateway_and_tells_nobody_how(
    by: str,
    place: Path,
    calendar: SmallCalendar,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    calendar.paths.clear()
    calendar.openings.clear()
    url = f"http://robot:{MARK}@127.0.0.1:{calendar.server_port}"
    words = ["load", "run", "small.yaml", "--html", "a.html", "--junit", "a.xml", "--workers", "2"]
    words += ["--markdown", "a.md", "--push-to", url]
    if by == "option":
        words += ["--target", url]
    else:
        monkeypatch.setenv("SRE_TARGET_URL", url)
    with arguments_of_children() as seen:
        assert run(words) == 0
    out = capfd.readouterr()
    assert any("synthetic.edge.load.generator" in one for one in seen)
    assert not secrets_in("\n".join(seen))
    asked = dict(zip(calendar.paths, calendar.openings, strict=True))
    assert set(calendar.openings) == {f"Basic {BASIC}"}
    assert {"/events", "/healthz", "/metrics", "/health", "/metrics/job/load"} <= set(asked)
    assert_seen_nowhere(place, out.out + out.err)
    for kind in ("", "--json"):
        assert run(["load", "list", *filter(None, [kind])]) == 0
    (record,) = (place / "runs" / "load").glob("*.json")
    assert run(["report", "run", record.stem]) in {0, 5}
    out = capfd.readouterr()
    assert_seen_nowhere(place, out.out + out.err)


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if "URL" in verb and verb[0] != "load"],
    ids=lambda verb: " ".join(verb[:2]),
)  # fmt: skip
def test_what_stands_in_the_url_is_shown_to_the_server(
    verb: list[str], place: Path, calendar: SmallCalendar
) -> None:
    calendar.openings.clear()
    del place
    url = f"http://robot:{MARK}@127.0.0.1:{calendar.server_port}"
    run([url if word == "URL" else word for word in verb])
    if verb[1] != "isolate":  # only says what it would do
        assert f"Basic {BASIC}" in calendar.openings


def test_keys_and_a_password_at_once_are_refused_since_one_would_be_left_out(
    place: Path,
    calendar: SmallCalendar,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SRE_API_KEYS", "a-key")
    url = f"http://robot:{MARK}@127.0.0.1:{calendar.server_port}"
    calendar.paths.clear()
    assert run(["load", "run", "small.yaml", "--target", url]) == 2
    told = capfd.readouterr().err
    assert "SRE_API_KEYS" in told
    assert_seen_nowhere(place, told)
    assert calendar.paths == []
