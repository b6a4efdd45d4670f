"""What a rollback goes back to, what each deploy changed, and what a crash leaves of a history."""

import json
from pathlib import Path

import pytest

from alerts.deploy.past import Entry, change_of, earlier, named
from alerts.deploy.validate import check_metrics, parse_files
from alerts.edge.store import Store
from kit.pure.errors import BadInputError, NotEnoughDataError


def entry(number: int, holds: str, back_to: str = "") -> Entry:
    identity = f"202611{number:02}T000000Z-{holds}"
    return Entry(identity, "2026-11-01T00:00:00+00:00", "me", "c", ("a.yaml",), back_to)


A, B, C = (entry(number, holds) for number, holds in ((1, "aa"), (2, "bb"), (3, "cc")))


def test_going_back_twice_undoes_two_deploys() -> None:
    history = [A, B, C]
    assert earlier(history) is B
    once = entry(4, "bb", back_to=B.identity)
    assert earlier([*history, once]) is A
    twice = entry(5, "aa", back_to=A.identity)
    with pytest.raises(NotEnoughDataError, match="no earlier deploy"):
        earlier([*history, once, twice])


def test_after_a_rollback_and_a_new_deploy_the_rolled_back_set_is_the_earlier_one() -> None:
    back, new = entry(4, "bb", back_to=B.identity), entry(5, "dd")
    assert earlier([A, B, C, back, new]) is back


def test_the_same_rules_deployed_again_are_not_gone_back_to() -> None:
    assert earlier([A, B, entry(4, "bb")]) is A


@pytest.mark.parametrize("history", [[], [A], [A, entry(2, "aa")]])
def test_without_an_earlier_set_there_is_nothing_to_go_back_to(history: list[Entry]) -> None:
    with pytest.raises(NotEnoughDataError):
        earlier(history)


def test_a_set_is_named_whole_or_by_how_it_begins() -> None:
    assert named([A, B, C], B.identity) is B
    assert named([A, B, C], "20261103") is C
    with pytest.raises(BadInputError, match="is of several deploys"):
        named([A, B, C], "202611")
    with pytest.raises(BadInputError, match="is of no deploy"):
        named([A, B, C], "2025")


RULES = "groups: [{name: g, rules: [%s]}]"
UP = "{alert: Down, expr: 'up == 0'}"


def test_what_a_deploy_changed_is_told_by_rule() -> None:
    before = {"a.yaml": RULES % f"{UP}, {{alert: Old, expr: x}}"}
    after = {"a.yaml": RULES % f"{UP.replace('0', '1')}, {{alert: New, expr: x}}"}
    change = change_of(before, after)
    assert (change.added, change.removed, change.changed) == (("g/New",), ("g/Old",), ("g/Down",))
    assert change_of({}, before).added == ("g/Down", "g/Old")


def put(store: Store, identity: str, text: str) -> None:
    files = {"a.yaml": text}
    with store.locked():
        store.begin(files)
        store.finish(Entry(identity, "then", "me", "c", tuple(files)), files)


def test_a_line_cut_short_neither_hides_its_deploy_nor_the_next_one(tmp_path: Path) -> None:
    store, history = Store(tmp_path), tmp_path / ".sre-alerts" / "history.jsonl"
    put(store, A.identity, "1")
    put(store, B.identity, "2")
    history.write_text(history.read_text()[:-40])
    assert [each.identity for each in store.history()] == [A.identity, B.identity]
    assert store.history()[-1].files == ("a.yaml",)
    put(store, C.identity, "3")
    assert [each.identity for each in store.history()] == [each.identity for each in (A, B, C)]
    assert earlier(store.history()).identity == B.identity


def test_a_deploy_that_was_killed_is_told_of_until_it_is_undone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, A.identity, "1")
    with store.locked():
        store.begin({"a.yaml": "half"})
    assert store.interrupted() == ("a.yaml",)
    assert store.restore()
    assert store.interrupted() == ()


def test_an_entry_of_an_earlier_release_says_of_no_rollback(tmp_path: Path) -> None:
    store, history = Store(tmp_path), tmp_path / ".sre-alerts" / "history.jsonl"
    put(store, A.identity, "1")
    value = json.loads(history.read_text())
    del value["back_to"]
    history.write_text(json.dumps(value) + "\n")
    assert store.history()[0].back_to == ""


def test_what_is_asked_to_be_absent_may_be() -> None:
    for expr in ("absent(jobs_done)", "absent_over_time(jobs_done[1h]) and on() up"):
        check_metrics(
            parse_files({"a": RULES % f"{{alert: A, expr: '{expr}'}}"}), frozenset({"up"})
        )
    gone = RULES % "{alert: A, expr: 'absent(up) or jobs_done > 3'}"
    with pytest.raises(BadInputError, match="nothing exposes the metric 'jobs_done'"):
        check_metrics(parse_files({"a": gone}), frozenset({"up"}))


@pytest.mark.parametrize("query", ["`sum(rate(x[5m])`", '"sum by (x"'])
def test_a_query_in_a_template_that_cannot_be_run_is_refused(query: str) -> None:
    text = json.dumps("{{ with query " + query + " }}{{ . }}{{ end }}")
    rule = RULES % f"{{alert: A, expr: up, annotations: {{summary: {text}}}}}"
    with pytest.raises(BadInputError, match="g/A: summary: its query is not PromQL"):
        parse_files({"a": rule})
    good = rule.replace("sum(rate(x[5m])", "sum(rate(x[5m]))").replace(
        "sum by (x", "sum by (x) (y)"
    )
    assert parse_files({"a": good})


@pytest.mark.parametrize(
    "note", [b"", b"5", b'{"new": 5}', b'{"new": ["a"]}', b"[" * 5000, b"\xff"], ids=repr
)
def test_a_note_of_a_deploy_that_is_damaged_says_which_file_it_is(
    note: bytes, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    (tmp_path / ".sre-alerts").mkdir()
    (tmp_path / ".sre-alerts" / "interrupted.json").write_bytes(note)
    for reads in (store.interrupted, store.restore):
        with pytest.raises(BadInputError, match=r"interrupted\.json"):
            reads()


def test_a_history_that_is_no_text_says_which_file_it_is(tmp_path: Path) -> None:
    (tmp_path / ".sre-alerts").mkdir()
    (tmp_path / ".sre-alerts" / "history.jsonl").write_bytes(b"\xff\xfe\n")
    with pytest.raises(BadInputError, match=r"history\.jsonl: is no text"):
        Store(tmp_path).history()
