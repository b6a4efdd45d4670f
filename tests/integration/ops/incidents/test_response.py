"""An incident is led from its start to its post-mortem, and nothing of it is lost on the way."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kit.edge.records import ROOT
from kit.pure.answers import Answer
from kit.pure.errors import BadInputError, RefusedError
from kit.pure.fields import Field
from ops.incidents.evidence.part import Window
from ops.incidents.response import flow, keeping
from ops.incidents.response.incident import (
    Action,
    Incident,
    Phase,
    Step,
    plain,
    read_incident,
)
from ops.incidents.response.messages import AUDIENCES, STAGES, MessageFacts, message
from ops.incidents.response.playbook import Advice, playbook, playbooks
from ops.incidents.response.post_mortem import draft
from ops.incidents.timeline.entry import Entry, Kind
from ops.incidents.timeline.gather import Timeline
from ops.incidents.timeline.phases import phases_of
from reports.period.evidence import Evidence, read_record
from reports.period.incidents import left_of
from reports.period.plan import plan
from reports.period.window import Kind as Period
from reports.period.window import containing
from sre.command import build
from sre.running import run
from status.leaks import leaks
from tests.support.json_schemas import keeps_schema
from tests.support.other_projects import CALENDAR
from tests.support.rules import generated_rules

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MADE = Incident("INC-7", "Events cannot be saved", "all users", "P1", "outage", "Ada", NOW, NOW)
DOER = flow.Doer("Ada", "http://127.0.0.1:9", 30.0)
FACTS = MessageFacts(
    ("mongodb",), ("availability: 3 bad of 9, 1.0% of the budget",), timedelta(minutes=30)
)


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("SRE_TARGET_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SRE_USER", "Ada")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def quiet(_step: Step) -> None:
    """Hear of a step and say nothing."""


def steps_that(said: dict[str, int]) -> Callable[..., list[Step]]:
    """Return what carries out steps with the exit codes that are said, in their order."""

    def carry_out(phase: Phase, commands: Any, on_done: Any, *, by: str, **_: Any) -> list[Step]:
        found = [Step(phase, name, " ".join(words), NOW, by, 1.0, said.get(name, 0), "it said so",
                      None, (name,) if said.get(name) else ())
                 for name, words in commands.items()]  # fmt: skip
        for step in found:
            on_done(step)
        return found

    return carry_out


def test_every_command_of_ours_in_a_playbook_is_one_that_exists() -> None:
    commands: set[tuple[str, ...]] = set()
    for book in playbooks().values():
        assert all(book.phases[phase] for phase in Phase), book.name
        steps = [each for phase in Phase for each in book.phases[phase] if each.is_ours]
        commands |= {each.command[1:] for each in steps}
    for command in commands:
        words = [w.format(incident="INC-7", target="http://h", window="9m") for w in command]
        assert build().main([*words, "--help"], prog_name="sre", standalone_mode=False) == 0, words


@pytest.mark.thorough
def test_every_alert_of_a_playbook_has_a_page_and_leads_to_that_playbook() -> None:
    pages = {path.stem for path in Path(ROOT, "alerts/runbooks").glob("*.md")}
    for book in playbooks().values():
        assert set(book.alerts) <= pages, book.name
        for alert in book.alerts:
            assert playbook(alert).name == book.name
    with pytest.raises(BadInputError, match="no playbook is called 'latncy'") as refused:
        playbook("latncy")
    assert "'latency'" in refused.value.hint


def test_every_alert_that_somebody_is_paged_for_leads_to_a_playbook() -> None:
    known = {alert for book in playbooks().values() for alert in book.alerts}
    rules = [
        rule
        for parsed in generated_rules().values()
        for group in parsed["groups"]
        for rule in group["rules"]
        if rule.get("labels", {}).get("priority") in {"P1", "P2"}
    ]
    assert len(rules) > 20
    assert {rule["alert"] for rule in rules} - known == set()


def test_an_incident_is_read_as_it_was_written() -> None:
    whole = replace(
        MADE, phase=Phase.MITIGATE, mitigated_at=NOW, ended_at=NOW, cause="x", notice="n",
        steps=(Step(Phase.START, "health", "sre check health", NOW, "Ada", 1.5, 1, "FAIL",
                    {"errors": 0.5}, ("alive",)),),
        actions=(Action("a1", "Write a test", "Ada", "2026-12-24", NOW),),
    )  # fmt: skip
    loaded = json.loads(json.dumps(plain(whole)))
    assert read_incident(Field("x", "", loaded)) == whole


def test_a_name_is_given_once_and_a_path_is_no_name() -> None:
    keeping.begin(MADE)
    with pytest.raises(RefusedError, match="INC-7"):
        keeping.begin(MADE)
    with pytest.raises(BadInputError, match="no file can be called so"):
        keeping.load("../INC-7")


def test_what_was_interrupted_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    keeping.begin(MADE)
    asked: list[str] = []

    def dies(phase: Phase, commands: Any, on_done: Any, **rest: Any) -> list[Step]:
        asked.extend(commands)
        first = dict(list(commands.items())[:1])
        steps_that({})(phase, first, on_done, **rest)
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "carry_out", dies)
    with pytest.raises(KeyboardInterrupt):
        flow.carry_on(MADE, playbook("outage"), Phase.DIAGNOSE, DOER, quiet)
    monkeypatch.setattr(flow, "carry_out", steps_that({}))
    found = flow.carry_on(keeping.load("INC-7"), playbook("outage"), Phase.DIAGNOSE, DOER, quiet)
    assert [step.name for step in found.steps] == asked
    assert found.phase is Phase.DIAGNOSE


def test_the_step_that_a_finding_points_to_comes_first() -> None:
    book = playbook("error-rate")
    ill = replace(MADE, steps=(Step(Phase.DIAGNOSE, "d", "", NOW, "A", bad=("llm",)),))
    assert flow.suggested(ill, book)[0].name == "without-language-model"
    assert len(flow.suggested(MADE, book)) == len(book.phases[Phase.MITIGATE])


def test_it_is_not_over_while_a_closing_look_does_not_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeping.begin(MADE)
    book = playbook("outage")
    monkeypatch.setattr(flow, "_now", lambda: NOW)
    monkeypatch.setattr(flow, "carry_out", steps_that({"journeys": 1}))
    with pytest.raises(RefusedError, match="journeys"):
        flow.close(MADE, book, DOER, quiet, cause="x", ended_at=None, actions=(), force=False)
    assert keeping.load("INC-7").is_open
    monkeypatch.setattr(flow, "carry_out", steps_that({}))
    monkeypatch.setattr(flow, "_now", lambda: NOW + timedelta(minutes=1))
    steps_later = keeping.load("INC-7")
    done = flow.close(
        steps_later,
        book,
        DOER,
        quiet,
        cause="a full disk",
        ended_at=None,
        actions=(),
        force=False,
    )
    assert (done.is_open, done.cause) == (False, "a full disk")
    with pytest.raises(RefusedError, match="is closed since"):
        flow.carry_on(done, book, Phase.DIAGNOSE, DOER, quiet)


def test_what_only_a_person_can_do_is_noted_and_not_carried_out() -> None:
    keeping.begin(MADE)
    by_hand = Advice("restart", ("kubectl", "rollout", "restart", "deployment/x"))
    with pytest.raises(BadInputError, match="kubectl rollout restart"):
        flow.apply(MADE, by_hand, DOER, quiet)
    done = flow.note(MADE, Phase.MITIGATE, "restarted it", DOER)
    assert done.mitigated_at is not None
    assert done.steps[-1].exit_code is None


@pytest.mark.parametrize("name", playbooks())
@pytest.mark.parametrize("stage", STAGES)
def test_what_users_are_told_names_nothing_internal_and_all_are_told_what_was_measured(
    name: str, stage: str
) -> None:
    measured = Step(Phase.START, "figures", "", NOW, "Ada", figures={"Error rate": 0.875})
    incident = replace(MADE, steps=(measured,), cause="a full disk")
    said = {
        audience: message(audience, stage, incident, playbook(name), FACTS, NOW)
        for audience in AUDIENCES
    }
    assert not leaks(said["external"], ("calendar-api", "mongodb"))
    assert all(said.values())
    assert "87.5 %" in said["internal"]
    assert "1.0% of the budget" in said["stakeholders"]
    assert ("a full disk" in said["stakeholders"]) == (stage == "resolved")


def timeline_with(*entries: Entry) -> Timeline:
    window = Window(NOW - timedelta(hours=24), NOW)
    return Timeline(window, entries, phases_of(entries, {"start": NOW}), (), ())


def test_the_draft_tells_the_changes_before_it_and_not_those_after() -> None:
    def changed(minutes: int, what: str) -> Entry:
        return Entry(NOW - timedelta(minutes=minutes), Kind.RULES_DEPLOYED, what, "files")

    text = draft(MADE, timeline_with(changed(90, "rules 7"), changed(-5, "rules 8")))
    before = text.partition("## Changes before it")[2].partition("\n## ")[0]
    assert "rules 7" in before
    assert "1 h 30 min 0 s" in before
    assert "rules 8" not in before
    assert "_Not counted: no address._" in draft(MADE, None, "no address")


def test_the_weekly_report_asks_for_what_is_open_and_what_is_overdue_first() -> None:
    late, soon = Action("a1", "Late", "Ada", "2026-02-20"), Action("a2", "Soon", "", "2026-05-01")
    done = Action("a3", "Done", "Bob", "2026-01-01", NOW)
    closed = replace(MADE, ended_at=NOW, actions=(late, soon, done))
    never = replace(MADE, id="INC-8", ended_at=NOW)
    going = replace(MADE, id="INC-9")
    records = [read_record("incident", plain(each)) for each in (closed, never, going)]
    window = containing(Period.WEEK, NOW.date(), ZoneInfo("UTC"))
    answers = {query.name: Answer() for query in plan(window, (), CALENDAR)}
    evidence = Evidence(window, (), answers, CALENDAR, records=[r for r in records if r])
    found = {one.key: one for one in left_of(evidence)}
    assert set(found) == {"incident:INC-7:a1", "incident:INC-7:a2", "incident:INC-8:learn",
                          "incident:INC-9:open"}  # fmt: skip
    assert found["incident:INC-7:a1"].overdue_days > 0 > found["incident:INC-7:a2"].overdue_days


def test_the_verbs_lead_an_incident_and_print_its_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(flow, "carry_out", steps_that({"affected": 1}))
    status = ("--publish", "--status-dir", str(tmp_path / "status"))
    assert run(["incident", "start", "DatabaseConnectionLost", "--incident", "INC-7", *status,
                "--since", "10m", "--json"]) == 0  # fmt: skip
    made = keeps_schema(capsys.readouterr().out, "incident")
    assert (made["playbook"], made["severity"], made["state"]) == ("outage", "P1", "open")
    assert {one["audience"]: one["sent"] for one in made["messages"]} == {
        "internal": False, "external": True, "stakeholders": False,
    }  # fmt: skip
    assert run(["incident", "diagnose", "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "incident")["phase"] == "diagnose"
    assert run(["incident", "mitigate", "--did", "started MongoDB", *status, "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "incident")["mitigated_at"]
    words = ["incident", "close", "--cause", "a full disk", *status, "--json"]
    assert run([*words, "--action", "Watch the disk; Bob; tomorrow"]) == 2
    capsys.readouterr()
    assert run([*words, "--action", "Watch the disk; Bob; 2026-12-24"]) == 0
    done = keeps_schema(capsys.readouterr().out, "incident")
    assert done["state"] == "closed"
    text = Path(done["post_mortem"]).read_text()
    assert "| a1 | Watch the disk | Bob | 2026-12-24 | open |" in text
    notice = json.loads((tmp_path / f"status/notices/{done['notice']}.json").read_text())
    assert [one["stage"] for one in notice["updates"]] == [
        "investigating", "monitoring", "resolved",
    ]  # fmt: skip
    assert run(["incident", "actions", "INC-7", "--done", "a1", "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "incident-actions")["actions"][0]["done_at"]
    assert run(["incident", "actions", "INC-7", "--done", "a9"]) == 2
    assert run(["incident", "diagnose"]) == 2  # none is open
