"""Wrong keys are counted by address and by the id in the key."""

from service.guard.logins import FailedLogins


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.logins = FailedLogins(most=3, window_s=60, clock=lambda: self.now)

    def fail(self, times: int, address: str = "a", key_id: str = "") -> None:
        for _ in range(times):
            self.logins.failed(address, key_id)


def test_failures_without_an_id_say_nothing_about_any() -> None:
    world = World()
    world.fail(50)
    assert world.logins.is_blocked("a")
    assert not world.logins.is_blocked("a", "ann's")


def test_failures_with_an_id_are_that_ids_from_there() -> None:
    world = World()
    world.fail(3, key_id="ann's")
    assert world.logins.is_blocked("a", "ann's")
    assert not world.logins.is_blocked("a", "bob's")
    assert not world.logins.is_blocked("b", "ann's")


def test_a_window_ends() -> None:
    world = World()
    world.fail(3)
    world.now = 60.0
    assert not world.logins.is_blocked("a")


def test_a_subscriber_with_many_addresses_is_one() -> None:
    world = World()
    for last in ("1", "2", "ffff:3"):
        world.fail(1, f"2001:db8:1:1::{last}")
    assert world.logins.is_blocked("2001:db8:1:1:8000::9")
    assert not world.logins.is_blocked("2001:db8:1:2::1")
    world.fail(3, "fe80::1%eth0")
    assert world.logins.is_blocked("fe80::2")
