"""Look at the doors: from outside without a key, and on this machine."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil

from kit.edge.access import access
from kit.edge.log_files import files_of
from kit.edge.target import Access
from ops.checks import security
from ops.checks.concurrently import raise_first, run_concurrently
from ops.checks.evidence import Seen
from ops.checks.finding import Checked
from ops.checks.observe import mongodb as mongodb_edge
from ops.checks.observe.replies import Reply, get
from ops.checks.places import Places
from ops.checks.reachable import Reached, Source, see
from ops.checks.runs import bounded, now
from ops.checks.transport import is_local
from service.observe.journal import DECISIONS, ERRORS, EVERYTHING, PERFORMANCE

_KEYS: Final = "/admin/keys?limit=1000"
LOGS: Final = (EVERYTHING, ERRORS, DECISIONS, PERFORMANCE)
_NOWHERE: Final = "/no-such-page-%00-sre-check"


def check_security(places: Places, source: Source | None = None) -> Checked:
    """Look whether the doors are shut, those of network policies too where a source is given."""
    within_s = 4 * places.timeout_s + 2
    reached = see(source) if source is not None and source.files is not None else None
    ask: Callable[[], Reached | str | None] = lambda: reached  # noqa: E731 -- or asked in its time
    if source is not None and source.files is None:
        ask = partial(see, source)

    def find() -> Seen:
        observed = _seen(places, ask)
        return Seen(security.judge(observed), security.evidence(observed))

    return bounded("security", places, find, within_s=within_s)


def _seen(
    places: Places, see_policies: Callable[[], Reached | str | None]
) -> security.ObservedSecurity:
    nobody, known = Access(), access()
    asked: dict[str, Callable[[], Any]] = {
        path: partial(get, places.service, path, access=nobody, timeout_s=places.timeout_s)
        for path in ("/health", _NOWHERE, *security.CLOSED, *security.HIDDEN)
    }
    asked["keys"] = lambda: _keys(places, known)
    asked["hashes"] = lambda: _hashes(places)
    asked["policies"] = lambda: (see_policies(),)
    ended = run_concurrently(asked, within_s=2 * places.timeout_s + 1)
    raise_first(ended)
    late = {name: one.value for name, one in ended.items()}

    def reply(path: str) -> Reply:
        return late[path] or Reply(f"{places.service}{path}", problem="no answer in time")

    there, hashes = late["hashes"] or (None, "no answer in time")
    readable, files, unlooked = _readable(places.logs)
    return security.ObservedSecurity(
        target=places.service,
        health=reply("/health"),
        without_key={path: reply(path) for path in security.CLOSED},
        hidden={path: reply(path) for path in security.HIDDEN},
        missing=reply(_NOWHERE),
        keys=late["keys"] if late["keys"] is not None else "no answer in time",
        hashes=hashes,
        hashes_there=there,
        listening=_listening(places.service),
        readable=readable,
        files_there=files,
        unlooked=unlooked,
        settings=places.settings,
        addresses={"mongodb": places.mongodb, "redis": places.redis, "llm": places.llm},
        now=now(),
        reached=late["policies"][0] if late["policies"] else "no answer in time",
    )


def _keys(places: Places, known: Access) -> Sequence[Mapping[str, object]] | str:
    reply = get(places.service, _KEYS, access=known, timeout_s=places.timeout_s)
    answer = reply.data if reply.is_ok else None
    if not isinstance(answer, dict) or not isinstance(answer.get("keys"), list):
        return f"/admin/keys {reply.why}"
    found: list[Mapping[str, object]] = answer["keys"]
    return found


def _hashes(places: Places) -> tuple[int | None, Sequence[str] | str]:
    """Return how many keys are kept, and the kind of the hash of each."""
    if not places.mongodb:
        return None, "no address of MongoDB was given"
    database = places.settings.get("CALENDAR_MONGODB_DATABASE", "")
    return mongodb_edge.key_hashes(places.mongodb, database=database, timeout_s=places.timeout_s)


def _listening(target: str) -> list[str] | None:
    """Return the addresses on which the target's port is open here; none for another machine.

    None where this machine does not tell.
    """
    if not is_local(target):
        return []
    port = urlsplit(target).port or (443 if target.startswith("https") else 80)
    try:
        found = psutil.net_connections("tcp")
    except (psutil.Error, OSError, ValueError, LookupError, RuntimeError):
        return None
    open_ones = [each.laddr for each in found if each.status == psutil.CONN_LISTEN and each.laddr]
    return sorted({address.ip for address in open_ones if address.port == port})


def _readable(folder: Path | None) -> tuple[list[Path] | None, int, list[Path]]:
    """Return the logs, and the files of settings here, that everybody may read.

    None where there is no log to look at; also how many files there are, and which of them could
    not be looked at.
    """
    found = {path for name in LOGS for path in files_of(folder, name)} if folder else set()
    if not found:
        return None, 0, []
    modes = {path: _mode(path) for path in sorted(found | {*Path.cwd().glob(".env*")})}
    open_ones = [path for path, mode in modes.items() if mode and security.may_be_read(mode)]
    return open_ones, len(modes), [path for path, mode in modes.items() if mode is None]


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except OSError:
        return None
