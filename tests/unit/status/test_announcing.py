"""What may be announced, in which words, and what a file of it may hold."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.pure.errors import BadInputError, RefusedError
from kit.pure.fields import Field, FieldError
from slo.maintenance import read_maintenance
from status.announce import Said, chosen, open_one, opened, planned, said_more
from status.components import Component
from status.edge.notices import add_window, read_notices, read_windows, write_notice
from status.edge.public_site import public_notices, public_windows
from status.leaks import leaks
from status.notice import Impact, Kind, Notice, Stage, plain, read_notice
from status.words import TEMPLATES, WITHHELD, text_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = ("calendar-api",)


def begun(
    title: str = "Saving fails", text: str = "We look into it.", *, insists: bool = False
) -> Notice:
    return opened(
        Kind.INCIDENT, title, Said(text, insists), impact=Impact.OUTAGE, components=("using",),
        now=NOW, taken=(), names=NAMES,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "mongo-3.internal does not answer", "we restart db1.eu.svc", "10.2.3.4 is away",
        "fe80:0:0:0:1:2:3:4 is away", "GET /events fails", "see https://grafana.example.com/d/x",
        "rolled back to 2.14.1", "v1.4 is bad", "ask ada@example.com", "ping @ada",
        "redis:6379 refuses", "localhost is fine", "calendar-api is down",
        "revision 0123456789abcdef0123456789abcdef01234567",
    ],
)  # fmt: skip
def test_what_is_internal_is_refused_unless_somebody_insists(text: str) -> None:
    with pytest.raises(RefusedError, match="would tell the public"):
        begun(text=text)
    assert begun(text=text, insists=True).updates[0].as_is


@pytest.mark.parametrize(
    "text",
    [
        "From 14:05 to 14:20, saving took longer than 2.5 seconds.",
        "About 3 % of you could not save; try again and/or wait.",
        "Recurring events (every 2nd Friday) are back 24/7. It's fixed!",
        "نعمل على إصلاح ذلك", "Wir arbeiten daran, etwa 10 Minuten.",
        *(text_of(name, ("Speed", "Saving"), 30) for name in TEMPLATES),
    ],
)  # fmt: skip
def test_what_users_are_usually_told_is_not_taken_for_internal(text: str) -> None:
    assert leaks(text, NAMES) == ()


def test_an_incident_goes_from_its_begin_to_its_end_and_may_be_opened_again() -> None:
    first = begun()
    more = said_more(
        first, Said("Known."), Stage.IDENTIFIED, now=NOW + timedelta(minutes=5), names=()
    )
    done = said_more(more, Said("Over."), Stage.RESOLVED, now=NOW + timedelta(minutes=9), names=())
    assert (done.began, done.ended) == (NOW, NOW + timedelta(minutes=9))
    with pytest.raises(BadInputError, match="resolved already"):
        said_more(done, Said("Over."), Stage.RESOLVED, now=NOW, names=())
    again = said_more(done, Said("It is back."), Stage.INVESTIGATING, now=NOW, names=())
    assert again.is_open
    assert again.updates[-1].at == NOW + timedelta(minutes=9)  # never before what was said last


def test_an_announcement_is_not_investigated_and_an_incident_not_posted() -> None:
    with pytest.raises(BadInputError, match="is an incident"):
        said_more(begun(), Said("x"), Stage.POSTED, now=NOW, names=())


def test_two_incidents_of_one_day_and_title_have_names_of_their_own() -> None:
    first = begun()
    second = opened(
        Kind.INCIDENT, "Saving fails!", Said("x"), impact=Impact.NONE, components=(), now=NOW,
        taken=[first.id], names=(),
    )  # fmt: skip
    assert (first.id, second.id) == ("2026-11-20-saving-fails", "2026-11-20-saving-fails-2")


def test_a_title_without_latin_letters_still_gives_a_file() -> None:
    assert begun(title="خلل في الحفظ").id == "2026-11-20-component"


def test_the_only_open_one_is_meant_and_two_are_asked_about() -> None:
    first = begun()
    assert open_one(None, [first]) is first
    with pytest.raises(BadInputError, match="2 notices are open"):
        open_one(None, [first, begun(title="Other")])
    with pytest.raises(BadInputError, match="0 notices are open"):
        open_one(None, [])
    with pytest.raises(BadInputError, match="no notice is called"):
        open_one("2026-11-20-saving-fail", [first])


def test_a_component_is_named_as_the_page_names_it_or_by_its_id() -> None:
    known = (Component("using", "Using it", ""), Component("speed", "Speed", ""))
    assert chosen(["Speed", "using", "speed"], known) == ("speed", "using")
    with pytest.raises(BadInputError, match="no component is called 'Sped'"):
        chosen(["Sped"], known)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("2026-11-20T02:00:00", "2026-11-20T03:00:00Z", "no offset"),
        ("soon", "2026-11-20T03:00:00Z", "not a time"),
        ("2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z", "not after"),
        ("2026-11-20T03:00:00Z", "2027-11-20T03:00:00Z", "longer than 7 days"),
    ],
)
def test_maintenance_that_cannot_be_is_refused(start: str, end: str, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        planned(start, end, Said("new disks"), (), ())


def test_maintenance_is_kept_in_the_file_that_budgets_read(tmp_path: Path) -> None:
    late = planned(
        "2026-11-21T02:00:00Z", "2026-11-21T03:00:00Z", Said("new: disks"), ("speed",), ()
    )
    soon = planned("2026-11-20T02:00:00+01:00", "2026-11-20T03:00:00Z", Said("moving"), (), ())
    path = add_window(tmp_path, late)
    add_window(tmp_path, soon)
    add_window(tmp_path, soon)
    assert read_windows(path) == (soon, late)
    assert read_maintenance(str(path), path.read_text()) == (soon, late)
    assert read_windows(tmp_path / "none.yaml") == ()


def test_a_notice_is_read_as_it_was_written(tmp_path: Path) -> None:
    notice = said_more(begun(), Said("Done"), Stage.RESOLVED, now=NOW, names=())
    write_notice(tmp_path, notice)
    assert read_notices(tmp_path) == ((notice,), ())


def test_a_damaged_file_is_told_of_and_hides_no_other(tmp_path: Path) -> None:
    path = write_notice(tmp_path, begun())
    folder = path.parent
    (folder / "broken.json").write_text('{"schema": ')
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "large.json").write_text('"' + "x" * 300_000 + '"')
    (folder / "list.json").write_text("[]")
    (folder / "renamed.json").write_text(path.read_text())
    found, wrong = read_notices(tmp_path)
    assert [each.id for each in found] == [path.stem]
    assert len(wrong) == 5


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schema": "calendar-sre/status-notice/v2"}, "schema"),
        ({"kind": "party"}, "kind"),
        ({"id": "../x"}, "begins with"),
        ({"updates": []}, "no element"),
        ({"updates": [{"at": "2026-11-20T12:00:00", "stage": "resolved", "text": "x"}]}, "offset"),
        ({"title": "x" * 500}, "longer than 120"),
        ({"host": "mongo-3"}, "not a known field"),
    ],
)
def test_a_notice_that_is_none_says_which_field_is_wrong(
    change: dict[str, object], problem: str
) -> None:
    value = json.loads(json.dumps(plain(begun()))) | change
    with pytest.raises((FieldError, BadInputError), match=problem):
        read_notice(Field("notice.json", "", value))


def test_updates_out_of_order_are_refused() -> None:
    value = plain(said_more(begun(), Said("x"), Stage.MONITORING, now=NOW + timedelta(1), names=()))
    value["updates"].reverse()
    with pytest.raises(FieldError, match="order of time"):
        read_notice(Field("notice.json", "", value))


def test_what_another_program_wrote_is_withheld_where_it_names_what_is_internal() -> None:
    loud = begun(title="db1.internal is down", text="see 10.0.0.7", insists=True)
    value = plain(loud)
    value["as_is"] = False
    value["updates"][0]["as_is"] = False
    (shown,), told = public_notices([read_notice(Field("n.json", "", value))], NAMES)
    assert "internal" not in shown.title
    assert shown.updates[0].text == WITHHELD
    assert len(told) == 2
    assert public_notices([loud], NAMES) == ((loud,), ())
    window = planned(
        "2026-11-20T02:00:00Z", "2026-11-20T03:00:00Z", Said("db1.internal", insists=True), (), ()
    )
    (hidden,), lines = public_windows([window], NAMES)
    assert "internal" not in hidden.reason
    assert len(lines) == 1
