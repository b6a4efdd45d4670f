"""Which of a host's addresses a generator connects to."""

import socket
from contextlib import closing

import pytest

from synthetic.edge.load.opener import Opener
from synthetic.edge.load.running import run as load_run
from synthetic.load.samples import Outcome
from tests.integration.synthetic.test_load_run import fixed
from tests.support.small_calendar import SmallCalendar


def test_a_name_with_an_address_that_refuses_is_reached_by_its_other_one(
    calendar: SmallCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = Opener("localhost", calendar.server_port)
    refusing = (socket.AF_INET, ("127.0.0.1", 9))
    listening = (socket.AF_INET, ("127.0.0.1", calendar.server_port))
    monkeypatch.setattr(opener, "_addresses", lambda: [refusing, listening])
    with closing(opener.connected()) as connected:
        assert connected.getpeername() == listening[1]
        assert connected.gettimeout() == 0


def test_the_last_refusal_is_told_and_so_is_a_host_without_address() -> None:
    with pytest.raises(ConnectionRefusedError):
        Opener("127.0.0.1", 9).connected()
    with pytest.raises(socket.gaierror):
        Opener("no-such-host.invalid", 80).connected()


@pytest.mark.thorough
def test_a_run_reaches_its_target_by_name(calendar: SmallCalendar) -> None:
    run = load_run(fixed(20, 0.5), f"http://localhost:{calendar.server_port}")
    assert run.account.finished == 10
    assert (run.samples["outcome"] == Outcome.ANSWERED).all()
