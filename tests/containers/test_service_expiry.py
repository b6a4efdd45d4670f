"""A database that was made with other settings is brought to these, or what is wrong is said."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient

from tests.support.service_process import running_service
from tests.support.waiting import wait_for


def test_keys_of_idempotency_expire_as_is_set_now_on_a_database_of_before(mongodb_url: str) -> None:
    for ttl_s in (86_400, 7_200):
        with running_service(mongodb_url, idempotency_ttl_s=ttl_s) as service:
            service.wait_until_ready()
        with MongoClient[dict[str, Any]](mongodb_url) as client:
            found = client.get_default_database()["idempotency"].index_information()
        assert found["expiry"]["expireAfterSeconds"] == ttl_s


def test_an_index_that_cannot_be_made_is_said_once_and_names_no_person(
    mongodb_url: str, tmp_path: Path
) -> None:
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        twice = {"owner": "ann.of.green.gables", "uid": "the-same", "decision_id": "d"}
        database = client.get_default_database()
        for name in ("events", "feedback"):
            database[name].insert_many([dict(twice), dict(twice)])
        with running_service(mongodb_url, log_dir=tmp_path) as service:
            errors = tmp_path / "calendar-api-errors.log"
            wait_for(
                lambda: "prepare_failed" in errors.read_text(),
                what="said",
                within_s=20,
                told=service.said,
            )
            assert service.ask("GET", "/readyz").status_code == 503
            for name in ("events", "feedback"):
                database[name].delete_many({})
            service.wait_until_ready()
            said = errors.read_text()
            assert said.count('"event":"prepare_failed"') == 1
            assert "green.gables" not in said + service.said()
