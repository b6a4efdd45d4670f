"""What is wrong with a setting is said, and never the secret that stands in it."""

from typing import Any

import pymongo
import pytest

from service.mongodb_url import _no_mongodb, wait_for_mongodb
from service.serving import _built, _settings
from service.settings import Settings
from service.start_error import StartError

PASSWORDS = ["s3cr/etpw", "12/etpw", "s3cr@etpw", "s3cr:etpw", "s3cr%zzetpw", "s3cr?etpw"]


@pytest.mark.parametrize("password", PASSWORDS)
def test_a_password_that_is_not_escaped_is_shown_in_no_part(password: str) -> None:
    url = f"mongodb://ann:{password}@db.example:27017/calendar"
    for use in (
        lambda: wait_for_mongodb(url, timeout_s=0.1),
        lambda: _built(Settings(mongodb_url=url, auth="off")),  # type: ignore[arg-type]
    ):
        with pytest.raises(StartError) as found:
            use()
        said = f"{found.value} {found.value.hint}"
        assert "etpw" not in said
        assert "s3cr" not in said
        assert "%2F" in said


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ADMIN_KEY", "hunter2", "openssl rand -hex 32"),
        ("ADMIN_KEY", "k" * 64, "openssl rand -hex 32"),
        ("ADMIN_KEY", "abcabcabcabcabcabcabcabc", "openssl rand -hex 32"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example", "proxy.example"),
        ("PUBLIC_URL", "calendar.example", "https://"),
    ],
)
def test_a_setting_that_opens_a_door_is_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(StartError, match=reason) as found:
        _settings({f"CALENDAR_{name}": value})
    assert f"CALENDAR_{name}" in str(found.value)
    assert name != "ADMIN_KEY" or value not in str(found.value)


def test_members_that_cannot_be_reached_are_told_apart_from_the_address_that_answers() -> None:
    class Client:
        """As the driver is once a member of the set has told it the names of all."""

        class topology_description:  # noqa: N801
            @staticmethod
            def server_descriptions() -> dict[tuple[str, int], Any]:
                return {("0.0.0.0", 27017): None}

    url = "mongodb://db.example:27018/calendar"
    error = _no_mongodb(Client(), url, 5)  # type: ignore[arg-type]
    assert "db.example:27018 answers" in str(error)
    assert "0.0.0.0:27017" in str(error)
    assert "directConnection=true" in str(error.hint)
    with pymongo.MongoClient[dict[str, object]](url, connect=False) as client:
        plain = _no_mongodb(client, url, 5)
    assert str(plain) == "MongoDB at db.example:27018 did not answer within 5 s"
