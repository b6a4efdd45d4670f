"""Who is on call follows from the clock of the rotation's zone, or from a calendar."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError
from kit.pure.fields import SAFE_LOADER
from ops.incidents.notices.contacts import SHIPPED, Contacts, load_contacts, read_contacts
from ops.incidents.notices.people import People, Person, Rotation, turn_at
from ops.incidents.notices.rota_feed import on_call, turn_in
from sre.running import run
from tests.support.json_schemas import keeps_schema
from tests.support.sampling import examples, quick

DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
BERLIN = ZoneInfo("Europe/Berlin")
NAMES = ("ada", "bob", "cyd")
THREE = {name: Person(name, name.title(), email=f"{name}@b.example") for name in NAMES}
FIRST = datetime(2026, 1, 5, 9)  # noqa: DTZ001 -- a clock on a wall


def rota(**changes: object) -> People:
    rotation = Rotation(BERLIN, tuple(THREE), FIRST, timedelta(days=7))
    for name, value in changes.items():
        object.__setattr__(rotation, name, value)
    return People(THREE, {"dba": "cyd"}, (), rotation, ("primary", "secondary", "dba"))


def test_turns_end_at_the_same_time_of_day_over_a_change_of_the_clocks() -> None:
    before = turn_at(rota(), datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert (before.until - before.since) == timedelta(days=7) - timedelta(hours=1)
    assert f"{before.since.astimezone(BERLIN):%a %H:%M}" == "Mon 09:00"
    assert f"{before.until.astimezone(BERLIN):%a %H:%M}" == "Mon 09:00"
    autumn = turn_at(rota(), datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert autumn.until - autumn.since == timedelta(days=7, hours=1)


def test_the_hand_over_itself_belongs_to_the_next() -> None:
    edge = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    last, first = turn_at(rota(), edge - timedelta(seconds=1)), turn_at(rota(), edge)
    assert (last.primary.id, first.primary.id) == ("ada", "bob")
    assert last.until == first.since == edge
    assert first.secondary is not None
    assert first.secondary.id == "cyd"


@examples(60)
@given(
    st.datetimes(FIRST, FIRST.replace(year=2031), timezones=st.just(UTC)),
    st.sampled_from([1, 7, 14]),
)
def test_there_is_no_moment_that_belongs_to_nobody_or_to_two(moment: datetime, days: int) -> None:
    people = rota(every=timedelta(days=days))
    turn = turn_at(people, moment)
    assert turn.since <= moment < turn.until
    assert turn_at(people, turn.until).since == turn.until
    assert turn_at(people, turn.until).primary == turn.then


def test_before_its_begin_a_rotation_names_nobody() -> None:
    with pytest.raises(NotEnoughDataError, match="begins at 2026-01-05"):
        turn_at(rota(), datetime(2026, 1, 4, tzinfo=UTC))


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
SUMMARY:Ada
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260112T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:bob@b.example
DTSTART;TZID=Europe/Berlin:20260112T090000
DTEND;TZID=Europe/Berlin:20260119T090000
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:cyd
DTSTART:20260107T100000Z
DTEND:20260107T180000Z
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:Team lunch
DTSTART:20260107T110000Z
DTEND:20260107T130000Z
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("day", "primary", "secondary"),
    [("2026-01-06T12:00", "ada", "bob"), ("2026-01-07T12:00", "cyd", "ada"),
     ("2026-01-13T12:00", "bob", "ada"), ("2026-01-20T12:00", "ada", "bob")],
)  # fmt: skip
def test_a_calendar_says_who_it_is_and_who_took_a_turn_over(
    day: str, primary: str, secondary: str
) -> None:
    people = rota(feed="x.ics")
    assert people.rotation is not None
    turn = turn_in(CALENDAR, people.rotation, people, datetime.fromisoformat(f"{day}+00:00"))
    assert turn.primary.id == primary
    assert turn.secondary is not None
    assert turn.secondary.id == secondary


def test_a_turn_by_calendar_ends_where_somebody_takes_over() -> None:
    people = rota(feed="x.ics")
    assert people.rotation is not None
    before = turn_in(CALENDAR, people.rotation, people, datetime(2026, 1, 7, 9, tzinfo=UTC))
    assert before.until == datetime(2026, 1, 7, 10, tzinfo=UTC)
    assert before.then is not None
    assert before.then.id == "cyd"


def test_a_gap_in_the_calendar_is_nobody_and_what_is_no_calendar_is_an_error() -> None:
    people = rota(feed="x.ics")
    assert people.rotation is not None
    with pytest.raises(NotEnoughDataError, match="names nobody on call"):
        turn_in(CALENDAR, people.rotation, people, datetime(2026, 2, 11, tzinfo=UTC))
    with pytest.raises(BadInputError, match="cannot be read"):
        turn_in(b"<html>", people.rotation, people, datetime(2026, 1, 6, tzinfo=UTC))
    with pytest.raises(BadInputError, match=r"cannot read .*x\.ics"):
        on_call(people, datetime(2026, 1, 6, tzinfo=UTC), Path("/nowhere"))


def contacts(rotation: str, to: str = "'@primary'") -> Contacts:
    severities = ", ".join(f"P{n}: {{tell: [a], next_update: 30m}}" for n in range(1, 5))
    server = "smtp: 'smtp://mail.b.example:25', tls: 'off'"
    mail = f"{{kind: email, to: {to}, from: i@b.example, {server}}}"
    people = "people: {ada: {email: ada@b.example}, bob: {phone: '1'}}\n"
    text = f"receivers: {{a: [{mail}]}}\nseverities: {{{severities}}}\n{people}"
    return read_contacts("contacts.yaml", f"{text}rotation: {rotation}\n")


def test_a_mail_to_the_one_on_call_goes_to_whoever_that_is_then() -> None:
    known = contacts("{zone: UTC, start: '2026-01-05 09:00', every: 1d, order: [ada, bob]}")
    for day, to, problem in ((5, "ada@b.example", ""), (6, "@primary", "nobody with an e-mail")):
        turn = turn_at(known.people, datetime(2026, 1, day, 12, tzinfo=UTC))
        (channel,) = known.of("P1", (), turn)
        assert channel.settings["to"] == to
        assert channel.problem.startswith(problem)


@pytest.mark.parametrize(
    ("rotation", "problem"),
    [("{zone: Berlin, start: '2026-01-05', order: [ada]}", "is no time zone"),
     ("{zone: UTC, start: '2026-01-05T09:00:00Z', order: [ada]}", "has an offset"),
     ("{zone: UTC, start: '2026-01-05 09:00', every: 12h, order: [ada]}", "whole days"),
     ("{zone: UTC, start: '2026-01-05 09:00', order: [eve]}", "eve"),
     ("{zone: UTC, start: '2026-01-05 09:00', order: [ada], ical: x.ics}", "says the same")],
)  # fmt: skip
def test_a_rotation_that_cannot_be_names_its_field(rotation: str, problem: str) -> None:
    with pytest.raises(BadInputError, match=problem):
        contacts(rotation)


def test_the_shipped_contacts_name_everybody_that_the_escalation_needs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = load_contacts(SHIPPED).people
    turn = turn_at(people, datetime(2026, 3, 2, tzinfo=UTC))
    assert all(people.of_role(role, turn) for role in people.escalation)
    assert len(people.escalation) == 5
    words = ["incident", "who", "--contacts", str(SHIPPED), "--at"]
    assert run([*words, "2026-03-02T12:00:00Z", "--json"]) == 0
    told = keeps_schema(capsys.readouterr().out, "on-call")
    assert [one["level"] for one in told["escalation"]] == ["L1", "L2", "L3", "L4", "L5"]
    assert run([*words, "2025-03-02T12:00:00Z", "--json"]) == 5
    assert keeps_schema(capsys.readouterr().out, "on-call")["escalation"][2]["person"]


def _places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: Any = data.items() if isinstance(data, dict) else ()
    for name, value in enumerate(data) if isinstance(data, list) else items:
        yield (*way, name)
        yield from _places(value, (*way, name))


@pytest.mark.parametrize(
    "odd",
    quick(
        ["9" * 400 + "d", "99999999d", ["x"], "@nobody", 0, -1, 1.5, True, "", "0d", [], {}, None,
         {"a": 1}, {1: 2}, [None], date(2026, 1, 1), "9999-12-31 23:59", "/"],
        first=3,
    ),
)  # fmt: skip
def test_whatever_stands_in_the_contacts_it_is_read_or_named(odd: Any) -> None:
    shipped = yaml.load(SHIPPED.read_text(), SAFE_LOADER)  # noqa: S506 -- a safe one
    now = datetime(2026, 11, 30, tzinfo=UTC)
    for way in _places(shipped):
        harmed = deepcopy(shipped)
        place = harmed
        for name in way[:-1]:
            place = place[name]
        place[way[-1]] = odd
        said = ""
        try:
            found = read_contacts("contacts.yaml", yaml.dump(harmed, Dumper=DUMPER))
        except BadInputError as err:
            said = str(err)
        if said:
            assert "contacts.yaml" in said, way
            continue
        assert now + found.severities["P1"].next_update > now, way
        try:
            turn = on_call(found.people, now, Path("/nowhere"))
        except HarnessError:
            turn = None
        for severity in found.severities:
            found.of(severity, (), turn)


def test_contacts_that_are_nested_without_end_are_named() -> None:
    with pytest.raises(BadInputError, match=r"contacts\.yaml"):
        read_contacts("contacts.yaml", "[" * 3000)
