"""Validate, compare, put in place, reload, verify; otherwise put the old rules back."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from alerts.deploy.compare import Difference, Rule, difference, intended, running
from alerts.deploy.past import Entry, earlier, named
from alerts.deploy.validate import check_metrics, parse_files
from alerts.edge.server import ReloadRefusedError, Server
from alerts.edge.store import Store, identity_of
from kit.pure.errors import HarnessError, RefusedError

_LOOK_AGAIN_S: Final = 0.25


class DeployError(HarnessError):
    """The new rules did not take; the old ones are in place again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deploy would do; `firing` are new alerts that would fire now, with their series."""

    files: dict[str, str]
    rules: tuple[Rule, ...]
    change: Difference
    firing: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants which files in place.

    `patience_s` bounds the wait for every group to evaluate, `most_series` what one rule may give.
    """

    files: Mapping[str, str]
    who: str
    commit: str
    known: frozenset[str]
    check: Callable[[Mapping[str, str]], None]
    patience_s: float = 180.0
    allow_removals: bool = False
    most_series: int = 1000
    back_to: str = ""


def plan(request: Request, server: Server, store: Store) -> Plan:
    """Validate and compare; nothing is changed. Raises BadInputError, UnreachableError."""
    _refuse_others(request.files, store)
    parsed = parse_files(request.files)
    request.check(request.files)
    check_metrics(parsed, request.known | server.metrics())
    meant = intended(parsed)
    names = {*request.files, *(store.history()[-1].files if store.history() else ())}
    change = difference(meant, running(server.groups(), names))
    firing = _bound(meant, change, server, request.most_series)
    return Plan(dict(request.files), meant, change, firing)


def _refuse_others(files: Mapping[str, str], store: Store) -> None:
    """Refuse to write over what another service has deployed to the same folder."""
    others = store.others()
    taken = [f"{name} (of {others[name]})" for name in sorted(files) if name in others]
    if taken:
        raise RefusedError(
            f"another service deployed {', '.join(taken)} to {store.folder}",
            hint="rename the file, or give [service] prefix in one of the project files",
        )


def _bound(
    meant: tuple[Rule, ...], change: Difference, server: Server, most: int
) -> tuple[tuple[str, int], ...]:
    """Refuse new rules of which a label explodes: each value is an alert, or a series.

    Return the new alerts whose condition holds now, with the number of their series.
    """
    new, firing = {*change.added, *change.changed}, []
    for rule in meant:
        if rule.full_name not in new:
            continue
        count = server.count(rule.expr)
        if count is not None and count > most:
            raise RefusedError(
                f"{rule.full_name} would give {count} series, and a rule may give {most}",
                hint="aggregate away the label that has so many values, or raise --most-series",
            )
        if rule.kind == "alert" and count and rule.full_name in change.added:
            firing.append((rule.full_name, count))
    return tuple(firing)


def deploy(request: Request, server: Server, store: Store) -> tuple[Entry, Difference]:
    """Bring the rules to the server and return its history entry.

    Whatever goes wrong after the first file is touched, the old files are put back and loaded
    again before the error leaves here.
    """
    with store.locked():
        if store.restore():
            server.reload()
        planned = plan(request, server, store)
        gone = [name for name in planned.change.removed if not request.allow_removals]
        if gone:
            raise RefusedError(
                f"the deploy would remove {', '.join(gone)}",
                hint=_of_removals(request, store),
            )
        entry = _entry(request)
        store.begin(request.files)
        try:
            since = datetime.now(UTC)
            server.reload()
            _verify(planned.rules, server, since, request)
            store.finish(entry, request.files)
        except BaseException as err:
            _put_back(err, server, store)
            raise
        return entry, planned.change


def _of_removals(request: Request, store: Store) -> str:
    """Return what to do where rules would go: those of another service have their own history."""
    before = store.history()[-1].files if store.history() else ()
    if set(before).isdisjoint(request.files):
        return (
            f"{', '.join(before)} was deployed here last: rules of another service go beside it"
            " with --project; --allow-removals would delete it"
        )
    return "give --allow-removals if that is meant"


def rollback(
    request: Request, server: Server, store: Store, to: str | None = None
) -> tuple[Entry, Difference]:
    """Deploy an earlier set again: that of the identity `to`, else the one before the present.

    `request.files` is replaced by it.
    """
    history = store.history()
    chosen = earlier(history) if to is None else named(history, to)
    again = replace(
        request,
        files=store.kept(chosen.identity),
        commit=chosen.commit,
        back_to=chosen.identity,
        allow_removals=True,
        most_series=sys.maxsize,  # it has run before
    )
    return deploy(again, server, store)


def _put_back(err: BaseException, server: Server, store: Store) -> None:
    store.restore()
    try:
        server.reload()
    except HarnessError as reload_error:
        # A server that refused to read the new files still runs the old set: its reason is enough.
        if isinstance(err, HarnessError) and not isinstance(err, ReloadRefusedError):
            raise DeployError(
                f"{err}; the old files are back, but Prometheus did not read them: {reload_error}",
                hint="what it has loaded is still the old set unless the new one was verified;"
                " reload it by hand",
            ) from err


def _verify(meant: tuple[Rule, ...], server: Server, since: datetime, request: Request) -> None:
    """Wait until the server runs exactly these rules and every group was evaluated well."""
    deadline = time.monotonic() + request.patience_s
    while True:
        groups = [g for g in server.groups() if g["file"].rsplit("/", 1)[-1] in request.files]
        wrong = difference(meant, running(groups, request.files))
        waiting = [] if wrong else _not_yet(groups, since)
        if not wrong and not waiting:
            return
        if time.monotonic() > deadline:
            raise _too_late(request.patience_s, wrong, waiting)
        time.sleep(_LOOK_AGAIN_S)


def _too_late(patience_s: float, wrong: Difference, waiting: list[str]) -> DeployError:
    """Return why a deploy is rolled back: other rules run, or some have not run so far."""
    if wrong:
        return DeployError(
            f"after {patience_s:g} s Prometheus does not run what was meant: "
            + ", ".join(wrong.lines()),
            hint="the old rules are back; does rule_files name this folder?",
        )
    return DeployError(
        f"after {patience_s:g} s Prometheus has not evaluated {', '.join(waiting)}",
        hint="the old rules are back; give it longer than the interval of the group: --patience",
    )


def _not_yet(groups: list[dict[str, Any]], since: datetime) -> list[str]:
    """Return the groups that were not evaluated since; raises when a rule fails."""
    late = []
    for group in groups:
        for rule in group["rules"]:
            if rule.get("lastError") or rule["health"] == "err":
                raise DeployError(
                    f"{group['name']}/{rule['name']} fails: {rule.get('lastError', '')}",
                    hint="the old rules are back; try the expression in Prometheus",
                )
        last = datetime.fromisoformat(group["lastEvaluation"])
        if last < since or any(rule["health"] != "ok" for rule in group["rules"]):
            late.append(group["name"])
    return late


def _entry(request: Request) -> Entry:
    now = datetime.now(UTC)
    return Entry(
        identity=identity_of(now, request.files),
        when=now.isoformat(timespec="seconds"),
        who=request.who,
        commit=request.commit,
        files=tuple(sorted(request.files)),
        back_to=request.back_to,
    )
