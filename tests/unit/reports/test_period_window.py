from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.pure.errors import BadInputError
from reports.edge.window_options import choose, read_zone
from reports.period.evidence import Evidence
from reports.period.plan import plan
from reports.period.slots import slots_of
from reports.period.window import Kind, containing, last_complete, read_weekday, span
from slo.edge.files import load_objectives
from tests.support.other_projects import CALENDAR

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 25), 167), (date(2026, 10, 20), 169), (date(2026, 6, 3), 168)]
)
def test_a_week_has_as_many_hours_as_its_clocks_show(day: date, hours: int) -> None:
    week = containing(Kind.WEEK, day, BERLIN)
    assert week.seconds == hours * 3600
    assert week.start.weekday() == week.end.weekday() == 0
    assert (week.start.hour, week.end.hour) == (0, 0)


def test_the_window_before_ends_where_the_window_begins() -> None:
    for kind in (Kind.DAY, Kind.WEEK, Kind.MONTH):
        window = containing(kind, date(2026, 3, 31), BERLIN)
        assert window.before().end == window.start
        assert window.before().kind is kind
    assert containing(Kind.MONTH, date(2026, 3, 31), BERLIN).before().label == "2026-02"


def test_on_monday_morning_the_week_that_ended_is_reported() -> None:
    assert last_complete(Kind.WEEK, NOW, BERLIN).label == "2026-W47"
    just_before = datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)
    assert last_complete(Kind.WEEK, just_before, BERLIN).label == "2026-W46"


def test_a_week_may_begin_on_any_day() -> None:
    sunday = containing(Kind.WEEK, date(2026, 2, 25), BERLIN, week_start=read_weekday("sun"))
    assert sunday.start.date() == date(2026, 2, 22)
    assert sunday.label == "2026-02-22"
    with pytest.raises(BadInputError, match="no weekday"):
        read_weekday("someday")


def test_no_slot_reaches_over_midnight_even_where_clocks_turn_by_half_an_hour() -> None:
    week = containing(Kind.WEEK, date(2026, 4, 3), LORD_HOWE)
    assert week.seconds == 168 * 3600 + 1800
    slots = slots_of(week, week.step_s())
    assert slots.step_s == 1800
    for begin, day in zip(slots.begins, slots.days, strict=True):
        end = datetime.fromtimestamp(begin + slots.step_s - 1, UTC).astimezone(LORD_HOWE)
        assert end.date() == day


def test_the_hours_of_a_short_week_add_up_to_it() -> None:
    week = containing(Kind.WEEK, date(2026, 3, 25), BERLIN)
    slots = slots_of(week, week.step_s())
    assert len(slots) == 167
    assert slots.ends[-1] == week.end_s
    assert [slots.days.count(day) for day in week.days()] == [24] * 6 + [23]


def test_a_span_is_compared_with_the_same_length_before_it() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    found = span(start, start + timedelta(hours=5), BERLIN)
    assert found.before().seconds == found.seconds == 5 * 3600
    assert found.before().end == found.start


@pytest.mark.parametrize("hours", [0, -1, 24 * 93])
def test_a_span_that_means_nothing_is_refused(hours: int) -> None:
    with pytest.raises(BadInputError):
        span(NOW, NOW + timedelta(hours=hours), BERLIN)


def test_options_that_contradict_each_other_are_refused() -> None:
    for options, said in (
        ({"since": "2026-01-01"}, "belong together"),
        ({"since": "2026-01-01", "until": "now", "of": "2026-01-01"}, "exclude"),
        ({"of": "yesterday"}, "no date"),
        ({"since": "soon", "until": "now"}, "no time"),
        ({"of": "2026-02-02", "compare": "2026-02-03"}, "not over"),
        ({"of": "2026-02-02", "compare": "2020-02-03"}, "more than"),
    ):
        with pytest.raises(BadInputError, match=said):
            choose(Kind.WEEK, zone=BERLIN, now=NOW, **options)
    with pytest.raises(BadInputError, match="no time zone"):
        read_zone("Mars/Olympus")


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1970-12-31"])
@pytest.mark.parametrize("kind", [Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER])
def test_a_date_without_a_window_beside_it_is_refused(kind: Kind, text: str) -> None:
    zone, now = ZoneInfo("Pacific/Kiritimati"), datetime(2026, 11, 2, tzinfo=UTC)
    for options in ({"of": text}, {"of": "2026-10-01", "compare": text}):
        with pytest.raises(BadInputError, match=f"'{text}' is out of range"):
            choose(kind, zone=zone, now=now, **options)
    with pytest.raises(BadInputError, match=r"is out of range|is no time"):
        choose(kind, zone=zone, now=now, since=text, until="now")


@pytest.mark.parametrize("text", ["1971-01-01", "9998-12-31"])
@pytest.mark.parametrize("kind", [Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER])
def test_the_first_and_the_last_date_have_a_window_before_theirs(kind: Kind, text: str) -> None:
    window = choose(kind, zone=ZoneInfo("UTC"), now=datetime(2026, 11, 2, tzinfo=UTC), of=text)
    assert window.before().end == window.start


def test_the_day_so_far_can_be_reported() -> None:
    found = choose(Kind.DAY, zone=BERLIN, now=NOW, since="2026-11-23", until="now")
    assert found.start == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert found.end == NOW


@pytest.mark.parametrize("length_s", [1, 7, 37, 299, 600, 1801, 3600, 21_600, 67_032, 700_001])
def test_every_slot_of_a_span_of_any_length_is_asked_about(length_s: int) -> None:
    start = datetime(2026, 11, 23, 7, 13, 5, tzinfo=UTC)
    window = span(start, start + timedelta(seconds=length_s), BERLIN)
    evidence = Evidence(window, load_objectives(), {}, CALENDAR)
    asked = {q.name: q for q in plan(window, load_objectives(), CALENDAR)}
    own = tuple(evidence.slots().ends)
    both = (*evidence.slots_before().ends, *own)
    for name, ends in {"requests": own, "latency": both, "slow.latency": both}.items():
        query = asked[name]
        moments = range(query.start_s, query.end_s + 1, query.step_s)
        assert all(end in moments or end > query.end_s for end in ends), name
        assert len(moments) >= 1
    assert len(evidence.slots()) * evidence.slots().step_s >= length_s


def test_a_short_span_has_slots_of_about_five_minutes_and_no_more_than_itself() -> None:
    start = datetime(2026, 11, 23, 7, tzinfo=UTC)
    steps = [span(start, start + timedelta(minutes=m), BERLIN).step_s() for m in (1, 5, 12, 300)]
    assert steps == [60, 300, 240, 300]
