"""Records of incidents that somebody spoilt, two people at once, and a verb that was killed."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import BadInputError, HarnessError, RefusedError
from ops.incidents.people import somebody
from ops.incidents.response import flow, keeping
from ops.incidents.response.incident import Action, Incident, Message, Phase, Step, plain
from ops.incidents.response.messages import AUDIENCES, RESOLVED, MessageFacts, message
from ops.incidents.response.playbook import playbook
from ops.incidents.response.post_mortem import draft
from ops.incidents.response.telling import Public, publish
from sre.running import run
from tests.support.sampling import quick

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MADE = Incident("INC-7", "Events cannot be saved", "all", "P1", "outage", "Ada", NOW, NOW)
WHOLE = replace(
    MADE, phase=Phase.MITIGATE, mitigated_at=NOW, cause="x", notice="n",
    steps=(Step(Phase.START, "affected", "sre check health", NOW, "Ada", 1.5, 1, "FAIL",
                {"errors": 0.5}, ("alive",)),),
    messages=(Message("internal", "first", NOW, "Ada", "x", sent=True),),
    actions=(Action("a1", "Write a test", "Ada", "2026-12-24"),),
)  # fmt: skip
DOER = flow.Doer("Ada", "http://127.0.0.1:9", 30.0)
BOOK = playbook("outage")
FACTS = MessageFacts((), (), timedelta(minutes=30))
ODD: tuple[Any, ...] = (
    "x", ["x"], {"errors": "x"}, "\ud800", None, 0, -1, 1e308, True, "", "INC-8", [], {}, {"a": 1},
    [None], 10**400, {"errors": [1]}, "2026-01-01", "0001-01-01T00:00:00+14:00",
)  # fmt: skip


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("SRE_TARGET_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SRE_USER", "Ada")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs/incident"


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every step hold, and give the names of those that were carried out."""
    asked: list[str] = []

    def carry_out(phase: Phase, commands: Any, on_done: Any, *, by: str, **_: Any) -> list[Step]:
        asked.extend(commands)
        steps = [Step(phase, name, " ".join(words), datetime.now(UTC), by, exit_code=0)
                 for name, words in commands.items()]  # fmt: skip
        for each in steps:
            on_done(each)
        return steps

    monkeypatch.setattr(flow, "carry_out", carry_out)
    return asked


def quiet(_step: Step) -> None:
    """Hear of a step and say nothing."""


def ways_in(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: Any = data.items() if isinstance(data, dict) else ()
    for name, value in enumerate(data) if isinstance(data, list) else items:
        yield (*way, name)
        yield from ways_in(value, (*way, name))


def gone_on_with(name: str) -> None:
    incident = keeping.change(name, lambda each: replace(each, phase=Phase.CLOSE))
    flow.words_of(incident, "http://h")
    flow.suggested(incident, BOOK)
    for audience in AUDIENCES:
        message(audience, RESOLVED, incident, BOOK, FACTS, NOW)
    draft(incident, None)
    assert keeping.load(name) == incident


@pytest.mark.parametrize("odd", quick(ODD, first=4))
def test_whatever_stands_in_a_record_it_is_read_or_named(odd: Any, runs: Path) -> None:
    whole = json.loads(json.dumps(plain(WHOLE)))
    runs.mkdir(parents=True)
    for way in ways_in(whole):
        harmed = deepcopy(whole)
        place = harmed
        for name in way[:-1]:
            place = place[name]
        place[way[-1]] = odd
        (runs / "INC-7.json").write_text(json.dumps(harmed))
        said = "INC-7.json"
        try:
            gone_on_with("INC-7")
        except HarnessError as err:
            said = str(err)
        assert "INC-7.json" in said, way
        assert [each.name for each in runs.glob("*.json")] == ["INC-7.json"], way


def test_a_record_that_cannot_be_read_is_not_overlooked_where_none_is_named(runs: Path) -> None:
    keeping.begin(MADE)
    keeping.begin(replace(MADE, id="INC-8"))
    (runs / "INC-8.json").write_text('{"schema": "calendar-sre/incident/v1", "id": ')
    with pytest.raises(BadInputError, match=r"INC-8\.json") as refused:
        keeping.meant(None)
    assert "INC-7" in refused.value.hint
    assert keeping.meant("INC-7") == MADE


@pytest.mark.parametrize(
    "words",
    [("--what", " "), ("--commander", " "), ("--who", " "), ("--impact", " ")],
    ids=lambda words: words[0],
)
@pytest.mark.usefixtures("well")
def test_blank_words_make_no_record_that_cannot_be_read(words: tuple[str, str]) -> None:
    assert run(["incident", "start", "outage", "--incident", "INC-7", *words]) == 0
    assert keeping.load("INC-7").steps
    assert run(["incident", "mitigate", "INC-7", "--did", " "]) == 2
    assert run(["incident", "actions", "INC-7", "--add", " "]) == 2
    assert keeping.load("INC-7").is_open


def test_whoever_has_no_name_is_called_by_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.delenv("SRE_USER")
    monkeypatch.setattr("ops.incidents.people.getpass.getuser", unknown)
    assert somebody(None).startswith("user ")


def test_bytes_that_are_no_text_are_refused_by_name(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["incident", "start", "outage", "--incident", "INC-7", "--impact", "\udcff"]) == 2
    assert "UTF-8" in capsys.readouterr().err
    assert list(runs.glob("*.json")) == []


@pytest.mark.parametrize("ended", ["2026-03-02T11:59:00Z", "2999-01-01T00:00:00Z"])
def test_an_incident_ends_between_its_start_and_now(ended: str, well: list[str]) -> None:
    keeping.begin(MADE)
    assert run(["incident", "close", "--ended", ended]) == 2
    assert well == []
    assert keeping.load("INC-7").is_open
    words = ["incident", "start", "outage", "--incident", "INC-8"]
    assert run([*words, "--since", "2999-01-01T00:00:00Z"]) == 2


def test_each_of_many_actions_that_are_added_at_once_has_a_name_of_its_own() -> None:
    keeping.begin(MADE)
    words = ["incident", "actions", "INC-7", "--due", "2026-12-24", "--add"]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda n: run([*words, f"change {n}"]), range(16))) == {0}
    assert sorted(each.id for each in keeping.load("INC-7").actions) == sorted(
        f"a{n}" for n in range(1, 17)
    )
    assert run(["incident", "actions", "INC-7", "--add", "x", "--due", "next week"]) == 2


@pytest.mark.usefixtures("well")
def test_of_two_who_close_at_once_one_does_and_the_other_is_told() -> None:
    keeping.begin(MADE)

    def close(cause: str) -> str:
        try:
            return flow.close(MADE, BOOK, DOER, quiet, cause=cause, ended_at=None,
                              actions=[(cause, "", "")], force=False).cause  # fmt: skip
        except RefusedError:
            return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(close, ("one", "two")))
    found = keeping.load("INC-7")
    assert said == ["", found.cause]
    assert [each.what for each in found.actions] == [found.cause]


def test_a_closing_that_was_killed_before_the_post_mortem_is_gone_on_with(
    well: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.begin(MADE)

    def killed(*_words: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as harm:
        harm.setattr("sre.incident_response.draft", killed)
        assert run(["incident", "close", "--cause", "a full disk", "--action", "Watch it"]) != 0
    ended = keeping.load("INC-7").ended_at
    looked = len(well)
    assert run(["incident", "close"]) == 0
    found = keeping.load("INC-7")
    assert (found.ended_at, found.cause, len(found.actions)) == (ended, "a full disk", 1)
    assert "a full disk" in Path(found.post_mortem).read_text()
    assert len(well) == looked
    assert run(["incident", "close", "INC-7"]) == 4


@pytest.mark.usefixtures("well")
def test_what_is_given_to_a_closing_that_is_gone_on_with_is_not_lost() -> None:
    def close(cause: str, *actions: tuple[str, str, str]) -> Incident:
        return flow.close(keeping.load("INC-7"), BOOK, DOER, quiet, cause=cause, ended_at=None,
                          actions=actions, force=False)  # fmt: skip

    keeping.begin(MADE)
    close("", ("Watch it", "", ""))
    again = close("a disk", ("Watch it", "", ""), ("Clean up", "Ada", "2026-12-24"))
    assert again.cause == "a disk"
    assert [each.what for each in again.actions] == ["Watch it", "Clean up"]


def test_a_start_that_was_killed_is_gone_on_with_by_the_diagnosis(well: list[str]) -> None:
    keeping.begin(MADE)
    assert run(["incident", "diagnose"]) == 0
    assert {each.name for each in BOOK.phases[Phase.START]} <= set(well)


def test_two_incidents_that_are_published_at_once_have_a_notice_each(tmp_path: Path) -> None:
    public = Public(tmp_path / "status", (), (), ())
    said = (Message("external", "first", NOW, "Ada", "We are looking into it."),)
    made = [replace(MADE, id=f"INC-{n}", messages=said) for n in range(8)]
    for each in made:
        keeping.begin(each)

    def put(incident: Incident) -> str:
        return publish(incident, BOOK, "first", public).notice

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(put, made))
    assert len(set(names)) == len(list((tmp_path / "status/notices").glob("*.json"))) == 8


def test_a_notice_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    public = Public(tmp_path / "status", (), (), ())
    incident = replace(MADE, messages=(Message("external", "first", NOW, "A", "We look."),))
    keeping.begin(incident)
    first = publish(incident, BOOK, "first", public)
    spoilt = tmp_path / f"status/notices/{first.notice}.json"
    spoilt.write_text("{")
    again = publish(replace(incident, notice=""), BOOK, "first", public)
    assert again.notice != first.notice
    assert spoilt.read_text() == "{"


def test_one_incident_that_two_publish_at_once_has_one_notice(tmp_path: Path) -> None:
    public = Public(tmp_path / "status", (), (), ())
    said = (Message("external", "first", NOW, "Ada", "We are looking into it."),)
    incident = replace(MADE, messages=said)
    keeping.begin(incident)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: publish(incident, BOOK, "first", public), range(4)))
    assert len(list((tmp_path / "status/notices").glob("*.json"))) == 1


def test_a_publishing_that_was_killed_leaves_no_notice_that_nobody_resolves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = Public(tmp_path / "status", (), (), ())
    incident = replace(MADE, messages=(Message("external", "first", NOW, "A", "We look."),))
    keeping.begin(incident)

    def killed(*_words: object) -> Incident:
        raise KeyboardInterrupt

    with monkeypatch.context() as harm:
        harm.setattr("ops.incidents.response.telling._published", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(incident, BOOK, "first", public)
    again = publish(incident, BOOK, "first", public)
    found = [path.stem for path in (tmp_path / "status/notices").glob("*.json")]
    assert found == [again.notice]


@pytest.mark.usefixtures("well")
def test_a_step_that_ends_after_somebody_closed_the_incident_does_not_open_it_again() -> None:
    keeping.begin(MADE)
    flow.close(MADE, BOOK, DOER, quiet, cause="x", ended_at=None, actions=(), force=False)
    closed = keeping.load("INC-7")
    assert flow.mitigated(MADE, done=True) == closed
