"""A mode is switched for a reason, and only believed when every instance shows it."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from kit.pure.errors import UnreachableError
from ops.incidents.instance import Chosen, Instance
from ops.incidents.mode import switch
from sre.running import run


@dataclass
class Pod:
    """An instance that shows what it is asked to, one answer after the other."""

    url: str
    shows: list[str | Exception | None]
    mode: Chosen = field(
        default_factory=lambda: Chosen("degraded", "ada: slow", manual_review=True)
    )

    def chosen(self) -> Chosen:
        return self.mode

    def choose(self, wish: Chosen) -> Chosen:
        self.mode = wish
        return wish

    def shown_mode(self) -> str | None:
        found = self.shows.pop(0) if len(self.shows) > 1 else self.shows[0]
        if isinstance(found, Exception):
            raise found
        return found


def pods(*shows: list[str | Exception | None]) -> list[Instance]:
    found = [Pod(f"http://pod-{n}", each) for n, each in enumerate(shows)]
    return cast("list[Instance]", found)


def test_it_waits_for_the_slowest_and_for_one_that_is_away_for_a_moment() -> None:
    away = UnreachableError("no answer")
    result: list[tuple[str, ...]] = []
    slow: list[str | Exception | None] = [None, away, "read_only"]
    done = switch(pods(["read_only"], slow), "read_only", "ada: x", within_s=5, waits=result.append)
    assert done.confirmed == ("http://pod-0", "http://pod-1")
    assert done.waiting == ()
    assert result == [("http://pod-1",), ()]


def test_what_does_not_confirm_in_time_is_named() -> None:
    done = switch(pods(["normal"], ["read_only"]), "normal", "ada: x", within_s=0.3)
    assert (done.confirmed, done.waiting) == (("http://pod-0",), ("http://pod-1",))


def test_the_review_by_people_stays_as_it_is_and_the_way_back_is_reported() -> None:
    done = switch(pods(["normal"]), "normal", "ada: x", within_s=1)
    assert done.after == Chosen("normal", "ada: x", manual_review=True)
    assert done.undo.startswith("sre incident mode degraded --why ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["read_olny", "--why", "x"], "did you mean 'read_only'"),
        (["off", "--why", "x"], "use one of: degraded, normal, read_only"),
        (["normal"], "say it: --why"),
        (["normal", "--why", "   "], "say it: --why"),
        (["normal", "--why", "x" * 300], "shorten --why"),
        (["normal", "--why", "x", "--target", "not a url"], "write http://"),
    ],
)
def test_a_wrong_wish_is_reported_before_anything_is_switched(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["incident", "mode", *words]) == 2
    assert said in capsys.readouterr().err
