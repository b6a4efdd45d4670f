"""The servers that tests run against are real, separate where it matters, and can be broken."""

import pymongo
import pytest
import redis
from pymongo.errors import PyMongoError

from tests.support.container import Server
from tests.support.databases import mongodb_address


def _ping(server: Server) -> bool:
    with redis.Redis(
        host=server.host,
        port=server.port,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
    ) as client:
        return bool(client.ping())


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_its_mongodb_database_empty(mongodb_url: str, turn: int) -> None:
    with pymongo.MongoClient[dict[str, object]](mongodb_url) as client:
        events = client.get_default_database()["events"]
        assert events.count_documents({}) == 0
        events.insert_one({"turn": turn})
        assert events.count_documents({}) == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_its_redis_database_empty(redis_url: str, turn: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("turn", turn)


def test_a_unique_index_of_mongodb_refuses_the_second(mongodb_url: str) -> None:
    with pymongo.MongoClient[dict[str, object]](mongodb_url) as client:
        keys = client.get_default_database()["keys"]
        keys.create_index("key", unique=True)
        keys.insert_one({"key": "a"})
        with pytest.raises(pymongo.errors.DuplicateKeyError):
            keys.insert_one({"key": "a"})


def test_a_stopped_redis_refuses_and_is_the_same_address_when_started_again(
    private_redis: Server,
) -> None:
    assert _ping(private_redis)
    private_redis.stop()
    with pytest.raises(redis.ConnectionError):
        _ping(private_redis)
    private_redis.start()
    assert _ping(private_redis)


@pytest.mark.thorough
def test_a_paused_redis_keeps_connections_open_and_answers_nothing(private_redis: Server) -> None:
    private_redis.pause()
    with pytest.raises(redis.TimeoutError):
        _ping(private_redis)
    private_redis.unpause()
    assert _ping(private_redis)


@pytest.mark.thorough
def test_a_disconnected_redis_is_reached_again_when_connected(private_redis: Server) -> None:
    private_redis.disconnect()
    with pytest.raises(redis.RedisError):
        _ping(private_redis)
    private_redis.connect()
    private_redis.wait_until_it_answers()
    assert _ping(private_redis)


@pytest.mark.thorough
def test_mongodb_keeps_its_documents_over_a_restart(private_mongodb: Server) -> None:
    url = mongodb_address(private_mongodb, "kept")
    with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=1000) as client:
        client["kept"]["events"].insert_one({"title": "standup"})
        private_mongodb.stop()
        with pytest.raises(PyMongoError):
            client.admin.command("ping")
        private_mongodb.start()
        assert client["kept"]["events"].count_documents({"title": "standup"}) == 1
