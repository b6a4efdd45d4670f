"""What users and reviewers of a live service said becomes golden cases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.edge.target import Access
from ops.in_process import InProcessParser
from synthetic.edge.golden.files import load_cases, shipped_spec
from synthetic.edge.golden.mining import live_material
from synthetic.edge.golden.runs import bless
from synthetic.golden.case import line_of
from tests.cli.test_run_verbs import one_error_line, sre
from tests.support.golden_cases import shipped_cases
from tests.support.service_process import RunningService, running_service

KEY = "the-key-of-the-first-hour"
ASKED = {"now": "2026-03-11T09:00:00", "timezone": "Europe/Berlin"}


@pytest.fixture
def service(mongodb_url: str) -> Iterator[RunningService]:
    settings = {"auth": "on", "admin_key": KEY, "rate_limit": 0}
    review = {"manual_review": "true", "review_threshold": 1}
    with running_service(mongodb_url, **settings, **review) as running:  # type: ignore[arg-type]
        running.wait_until_ready()
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cases = [case for case in shipped_cases() if case.id.startswith("days")]
    where = tmp_path / "set"
    where.mkdir()
    (where / "cases.jsonl").write_text("".join(f"{line_of(case)}\n" for case in cases[:50]))
    bless(where, InProcessParser(), name="Ann", reason="the start")
    return where


def ask(service: RunningService, method: str, path: str, **options: Any) -> Any:
    answer = service.ask(method, path, headers={"Authorization": f"Bearer {KEY}"}, **options)
    assert answer.is_success, answer.text
    return answer.json()


def decision(service: RunningService, text: str) -> str:
    return str(ask(service, "POST", "/parse", json={"text": text, **ASKED})["decision_id"])


def test_a_review_joins_the_set_and_a_correction_waits_for_a_person(
    service: RunningService, folder: Path, tmp_path: Path
) -> None:
    right = decision(service, "lunch at noon on the 14th of March")
    ask(service, "POST", f"/review/{right}", json={"verdict": "right"})
    wrong = decision(service, "tea at 4pm on the 16th of March")
    correction = {"title": "tea time"}
    ask(service, "POST", f"/review/{wrong}", json={"verdict": "wrong", "correction": correction})
    doubted = decision(service, "choir at 6pm on the 17th of March")
    said = {"decision_id": doubted, "rating": 2, "correction": {"title": "choir practice"}}
    ask(service, "POST", "/feedback", json=said)

    options = ("--live", "--auto-update", "--in-process", "--cases", str(folder), "--json")
    told = sre(tmp_path, "golden", "propose", *options, target=service.url, SRE_API_KEYS=KEY)
    assert told.returncode == 0, told.stderr
    update = json.loads(told.stdout)
    assert update["update"]["added"] == 2, told.stdout
    assert [one["for"] for one in update["waiting"]] == ["one user's correction, not confirmed"]
    added = {c.text: c for c in load_cases(folder) if c.id.startswith("live-")}
    assert added["tea at 4pm on the 16th of March"].expected["title"] == "tea time"
    assert added["lunch at noon on the 14th of March"].provenance.decision_id == right

    again = sre(tmp_path, "golden", "propose", *options, target=service.url, SRE_API_KEYS=KEY)
    assert json.loads(again.stdout)["update"]["added"] == 0, again.stdout


def test_more_than_a_page_is_read_whole_and_once(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthetic.edge.golden.mining._PAGE", 3)
    for number in range(8):
        said = {"decision_id": f"{number:032x}", "rating": 1}
        sentence = {"text": f"tea number {number}", **ASKED}
        ask(service, "POST", "/feedback", json={**said, "sentence": sentence})
    found = live_material(service.url, shipped_spec(), access=Access(keys=(KEY,)))
    said_texts = [one["text"] for one in found if one["kind"] == "feedback"]
    mine = [text for text in said_texts if text.startswith("tea number")]
    assert sorted(mine) == [f"tea number {number}" for number in range(8)]


@pytest.mark.thorough
def test_a_key_that_may_not_read_them_and_no_service_are_one_line_each(
    service: RunningService, tmp_path: Path
) -> None:
    new = {"owner": "ann", "scopes": ["calendar"]}
    weak = ask(service, "POST", "/admin/keys", json=new)["key"]
    told = sre(tmp_path, "golden", "propose", "--live", target=service.url, SRE_API_KEYS=weak)
    one_error_line(told, 2, "answers 403")
    told = sre(tmp_path, "golden", "propose", "--live", target="http://127.0.0.1:9")
    one_error_line(told, 3, "cannot be reached")
