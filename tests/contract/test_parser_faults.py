"""A sentence that breaks a rule of the parser is answered, counted as an error, and not kept."""

from tests.support.service_process import running_service

TARGET = "tests.support.planted:crashes_in_the_parser"


def _counted(metrics: str, outcome: str) -> float:
    of_it = f'outcome="{outcome}"'
    rows = [row for row in metrics.splitlines()
            if row.startswith("parsing_requests_total{") and of_it in row]  # fmt: skip
    return sum(float(row.rsplit(" ", 1)[1]) for row in rows)


def test_a_sentence_that_breaks_a_rule_is_an_error_each_time_it_is_asked() -> None:
    with running_service(target=TARGET) as service:
        for _ in range(3):
            answer = service.ask("POST", "/parse", json={"text": "boom on Friday at noon"})
            assert answer.status_code == 200
            assert answer.json()["problems"] == ["fault"]
            assert answer.json()["source"] == "rules"
        service.ask("POST", "/parse", json={"text": "lunch tomorrow at noon"})
        metrics = service.ask("GET", "/metrics").text
    assert _counted(metrics, "error") == 3
    assert _counted(metrics, "understood") == 1
