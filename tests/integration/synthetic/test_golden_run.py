"""Asking the cases and judging the answers."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

from kit.edge.record_schemas import problems
from kit.edge.target import Access
from slo.objective import Measure, Objective, RawRatio
from slo.project.roles import Accuracy
from slo.verdict import Verdict
from synthetic.edge.golden.judged_answers import run
from synthetic.edge.golden.over_http import over_http
from synthetic.golden.case import Case
from synthetic.golden.record import by_slice, to_record
from synthetic.golden.run_value import Answer, GoldenRun
from synthetic.golden.verdicts import goals, judge
from synthetic.verdict_rows import verdict_of
from tests.support import awkward
from tests.support.golden_cases import case_from_json, shipped_cases
from tests.support.small_calendar import SmallCalendar
from tests.unit.synthetic.test_golden_case_file import GOOD

OBJECTIVE = Objective(
    name="accuracy",
    display_name="Parsing accuracy",
    description="",
    service="x",
    measure=Measure.OTHER,
    target=0.85,
    window=timedelta(days=30),
    indicator=RawRatio('avg(parsing_accuracy_ratio{slice="all"})'),
)
ACCURACY = Accuracy("parsing_accuracy_ratio", "slice", "all")
(PROMISE,) = goals((OBJECTIVE,), ACCURACY)
CASES = tuple(case_from_json({**GOOD, "id": f"c-{n}"}) for n in range(200))


def right(case: Case) -> Answer:
    return Answer({**case.expected}, 0.9)


def answered(wrong: int, cases: tuple[Case, ...] = CASES) -> GoldenRun:
    ids = {case.id for case in cases[:wrong]}
    return run(cases, lambda c: Answer({}, 0.2) if c.id in ids else right(c), workers=4)


def verdict(wrong: int, cases: tuple[Case, ...] = CASES) -> Verdict:
    return verdict_of(judge(answered(wrong, cases), [PROMISE]))


def test_the_verdict_follows_the_interval_not_the_bare_share() -> None:
    assert verdict(10) is Verdict.PASS
    assert verdict(28) is Verdict.INCONCLUSIVE  # 86 %, which 200 cases cannot tell from 84 %
    assert verdict(32) is Verdict.INCONCLUSIVE
    assert verdict(60) is Verdict.FAIL
    assert verdict(0, CASES[:10]) is Verdict.INCONCLUSIVE


def test_no_answer_is_never_right_not_even_where_nothing_is_expected() -> None:
    nothing = case_from_json({**GOOD, "expected": {"start": None}, "fields": ["start"]})
    result = run([nothing], lambda _: Answer(None, problem="HTTP 500"), workers=1)
    assert result.right == 0
    assert len(result.unanswered) == 1
    assert result.results[0].kinds == ("no answer",)


def test_progress_comes_after_every_case() -> None:
    steps: list[tuple[int, int]] = []
    run(CASES[:5], right, workers=2, on_answer=lambda done, total: steps.append((done, total)))
    assert steps == [(n, 5) for n in range(1, 6)]


def test_an_answer_that_changes_is_found_by_asking_again() -> None:
    numbers = count()
    result = run(CASES[:1], lambda _: Answer({"title": str(next(numbers))}), workers=1, repeats=2)
    assert [one.case_id for one in result.unsteady] == ["c-0"]


def test_the_order_of_results_is_that_of_the_set_whoever_answers_first() -> None:
    assert [r.case_id for r in answered(3).results] == [case.id for case in CASES]


def test_the_record_follows_its_schema_and_adds_up() -> None:
    result = answered(20)
    record = to_record(
        result,
        judge(result, [PROMISE]),
        identifier="x",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        commit="c",
        machine={},
        config={"target": "here"},
    )
    assert problems(record) == []
    assert (record["cases"], record["right"]) == (200, 180)
    assert sum(one["cases"] for one in record["calibration"]) == 200
    assert by_slice(result)["expression:x"]["right"] == 180
    assert problems({**record, "set_hash": "short"}) != []


def test_the_shipped_set_is_sound() -> None:
    cases = shipped_cases()
    assert len(cases) >= 200
    assert all(right(case).event for case in cases)
    everything = run(cases, right, workers=1)
    assert everything.right == len(cases)


def test_a_live_service_is_asked_and_its_silence_is_counted(calendar: SmallCalendar) -> None:
    calendar.answer = {"title": "lunch", "start": GOOD["expected"]["start"]}
    with over_http(calendar.url, access=Access()) as ask:
        assert run(CASES[:20], ask).right == 20
        calendar.status = 500
        broken = run(CASES[:20], ask)
    assert (broken.right, len(broken.unanswered)) == (0, 20)
    assert broken.results[0].answer.problem == "HTTP 500"


def test_who_asks_too_often_comes_back_and_loses_no_answer() -> None:
    told = count()

    def limited(connection: socket.socket, _stop: threading.Event) -> None:
        body = b'{"event": {"title": "lunch"}}'
        busy = next(told) < 3
        head = b"429 Too Many Requests\r\nRetry-After: 0" if busy else b"200 OK"
        connection.sendall(
            b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (head, len(body), body)
        )

    with awkward.awkward_server(limited) as url, over_http(url, access=Access()) as ask:
        answer = ask(CASES[0])
    assert (answer.problem, answer.event) == (None, {"title": "lunch"})
    assert next(told) == 4


def test_answers_that_never_end_or_make_no_sense_are_problems_not_errors() -> None:
    for behaviour, says in (
        (awkward.drip, "no answer within"),
        (awkward.drip_head, "no answer within"),
        (awkward.cut, "no answer"),
        (awkward.redirect, "HTTP 307"),
        (awkward.talk_html, "not JSON"),
    ):
        with (
            awkward.awkward_server(behaviour) as url,
            over_http(url, access=Access(), timeout_s=0.4) as ask,
        ):
            answer = ask(CASES[0])
            assert answer.event is None
            assert says in (answer.problem or "")
