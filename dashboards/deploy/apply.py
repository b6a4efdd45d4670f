"""Carry out a plan; what fails half way is rolled back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dashboards.deploy.plan import Body, Change, Deed, own, same
from kit.pure.errors import HarnessError, RefusedError


class Store(Protocol):
    """Where dashboards are kept; `dashboards.edge.grafana.Grafana` is one."""

    def folder(self, uid: str) -> str | None:
        """Return the title of a folder, None when there is none."""

    def create_folder(self, uid: str, title: str) -> None:
        """Make a folder."""

    def delete_folder(self, uid: str) -> None:
        """Remove a folder and what is in it."""

    def dashboard(self, uid: str) -> Body | None:
        """Return a dashboard, None when there is none."""

    def folder_of(self, uid: str) -> str:
        """Return the uid of the folder that a dashboard is in."""

    def save(self, dashboard: Body, *, folder: str, message: str, overwrite: bool) -> int:
        """Write a dashboard and return its version."""

    def delete(self, uid: str) -> None:
        """Remove a dashboard."""


@dataclass(slots=True)
class _Step:
    """A change that was begun; `version` is what it became, None while that is not known."""

    change: Change
    was_in: str
    version: int | None = None


class HalfDeployedError(HarnessError):
    """A deploy failed and so did its rollback: somebody has to look."""


def plan(store: Store, wanted: Mapping[str, Body | None]) -> tuple[Change, ...]:
    """Return the changes that lead to `wanted`, by uid; None stands for no dashboard."""
    return tuple(Change(uid, store.dashboard(uid), after) for uid, after in wanted.items())


def apply(
    store: Store,
    changes: Iterable[Change],
    *,
    folder: str,
    title: str,
    message: str,
    on_change: Callable[[Change], None] = lambda _: None,
) -> int:
    """Carry out changes, read each back, and return how many there were.

    When one fails, is not as intended afterwards, or the work is interrupted, all that was done
    is rolled back and the error goes on; HalfDeployedError when that fails too. A dashboard that
    somebody changed since the plan was made is not overwritten: RefusedError.
    """
    todo = [change for change in changes if change.deed is not Deed.LEAVE]
    done: list[_Step] = []
    made_folder = False
    try:
        if todo and store.folder(folder) is None:
            made_folder = True
            store.create_folder(folder, title)
        for change in todo:
            done.append(_Step(change, store.folder_of(change.uid)))
            done[-1].version = _carry_out(store, change, folder, message)
            on_change(change)
        for change in todo:
            _verify(store, change)
    except BaseException as err:
        _roll_back(store, done, folder if made_folder else None, err)
        raise
    return len(todo)


def _carry_out(store: Store, change: Change, folder: str, message: str) -> int | None:
    if change.after is None:
        store.delete(change.uid)
        return None
    body = dict(own(change.after) or {})
    if change.before is not None:
        body |= {key: change.before[key] for key in ("id", "version") if key in change.before}
    return store.save(body, folder=folder, message=message, overwrite=False)


def _verify(store: Store, change: Change) -> None:
    found = store.dashboard(change.uid)
    if not same(found, change.after):
        raise RefusedError(
            f"dashboard {change.uid} was written, but reads back differently",
            hint="another deploy or provisioning writes it too: let only one of them do so",
        )


def _roll_back(store: Store, done: list[_Step], folder: str | None, cause: BaseException) -> None:
    left = []
    for step in reversed(done):
        try:
            _roll_back_one(store, step)
        except HarnessError:
            left.append(step.change.uid)
    if folder is not None and not left:
        try:
            store.delete_folder(folder)
        except HarnessError:
            left.append(f"the folder {folder}")
    if left:
        raise HalfDeployedError(
            f"the deploy failed ({cause}) and could not be rolled back: {', '.join(left)}",
            hint="run the deploy again when Grafana answers; it starts from what is there",
        ) from cause


def _roll_back_one(store: Store, step: _Step) -> None:
    """Restore what was there, unless what is there now is somebody else's."""
    before, found = step.change.before, store.dashboard(step.change.uid)
    if found is not None:
        ours = (
            same(found, step.change.after)
            if step.version is None
            else found.get("version") == step.version
        )
        if not ours:
            return
    if before is None:
        store.delete(step.change.uid)
    else:
        store.save(own(before) or {}, folder=step.was_in, message="rolled back", overwrite=True)
