"""The MongoDB that the service is to use: is its URL one, and does it answer?"""

import contextlib
import time
from collections.abc import Iterable, Iterator

import pymongo
import pymongo.errors
import pymongo.uri_parser

from service.start_error import Ending, StartError


def wait_for_mongodb(url: str, *, timeout_s: float) -> None:
    """Return when MongoDB answers a ping; raise StartError after `timeout_s` seconds."""
    if not url.startswith(("mongodb://", "mongodb+srv://")):
        raise StartError(
            Ending.BAD_INPUT,
            "CALENDAR_MONGODB_URL does not begin with mongodb://",
            hint="it looks like mongodb://HOST:27017/calendar",
        )
    deadline = time.monotonic() + timeout_s
    with understood(url):
        client = pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=500)
    with client:
        while True:
            try:
                client.admin.command("ping")
            except pymongo.errors.ConnectionFailure as err:
                if time.monotonic() >= deadline:
                    raise _no_mongodb(client, url, timeout_s) from err
                time.sleep(0.1)
            else:
                return


@contextlib.contextmanager
def understood(url: str) -> Iterator[None]:
    """Raise StartError for a MongoDB URL that the driver does not take, or takes wrongly.

    Of one with a login it may tell a part of the password as host or database.
    """
    has_login = "@" in url
    hint = (
        "it looks like mongodb://USER:PASSWORD@HOST:27017/calendar; in user and password "
        "/ is written %2F, : %3A, @ %40 and % %25"
    )
    if "@" in url.partition("://")[2].partition("?")[0].partition("/")[2]:
        raise StartError(
            Ending.BAD_INPUT, "CALENDAR_MONGODB_URL has a / before its last @", hint=hint
        )
    try:
        yield
    except (pymongo.errors.InvalidURI, pymongo.errors.ConfigurationError, ValueError) as err:
        reason = type(err).__name__ if has_login else str(err)
        raise StartError(
            Ending.BAD_INPUT, f"CALENDAR_MONGODB_URL is not a MongoDB URL: {reason}", hint=hint
        ) from err


def _no_mongodb(
    client: pymongo.MongoClient[dict[str, object]], url: str, timeout_s: float
) -> StartError:
    asked = _listed(pymongo.uri_parser.parse_uri(url)["nodelist"])
    found = _listed(client.topology_description.server_descriptions())
    if found != asked:  # a member answered, and said by which names the others are to be called
        return StartError(
            Ending.UNREACHABLE,
            f"MongoDB at {asked} answers, and calls its replica set {found}, which did not answer "
            f"within {timeout_s:g} s",
            hint="give its members names that can be reached from here, or add "
            "directConnection=true to CALENDAR_MONGODB_URL to speak to that one alone",
        )
    return StartError(
        Ending.UNREACHABLE,
        f"MongoDB at {asked} did not answer within {timeout_s:g} s",
        hint="start it, correct CALENDAR_MONGODB_URL, or bring one along with --embedded",
    )


def _listed(addresses: Iterable[tuple[str, int | None]]) -> str:
    return ", ".join(f"{host}:{port}" for host, port in sorted(addresses))
