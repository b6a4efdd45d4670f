"""Which set of rules a rollback goes back to, and what each deploy changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.deploy.compare import Difference, difference, intended
from alerts.deploy.validate import parse_files
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.fields import closest


@dataclass(frozen=True, slots=True)
class Entry:
    """One deploy of the past: which set, when, by whom, from which commit.

    `back_to` is the set that a rollback brought back, else empty.
    """

    identity: str
    when: str
    who: str
    commit: str
    files: tuple[str, ...]
    back_to: str = ""

    @property
    def holds(self) -> str:
        """Return what tells sets with other rules apart: the digest of its files."""
        return self.identity.rpartition("-")[2]


def earlier(history: Sequence[Entry]) -> Entry:
    """Return the set before the one that is in place; NotEnoughDataError where there is none.

    After a rollback that is the one before what it brought back: to go back twice undoes two
    deploys, and does not return to the one that was bad.
    """
    names = [each.identity for each in history]
    for_sure = history[-1] if history else None
    place = len(history) - 1
    while for_sure is not None and for_sure.back_to in names[:place]:
        place = names.index(for_sure.back_to)
        for_sure = history[place]
    known = [each for each in history[:place] if for_sure and each.holds != for_sure.holds]
    if not known:
        raise NotEnoughDataError(
            "there is no earlier deploy to go back to", hint="deploy something else"
        )
    return known[-1]


def named(history: Sequence[Entry], identity: str) -> Entry:
    """Return the deploy of this identity, or of the only one that begins so."""
    found = [each for each in history if each.identity == identity] or [
        each for each in history if each.identity.startswith(identity)
    ]
    if len({each.identity for each in found}) != 1:
        problem = "is of several deploys" if found else "is of no deploy"
        known = [each.identity for each in found or history]
        raise BadInputError(
            f"{identity!r} {problem}",
            hint=f"{closest(identity, known)} `sre alerts history FOLDER` lists them",
        )
    return found[-1]


def change_of(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Return what differs between two sets of rule files; none before is an empty one."""
    old = intended(parse_files(before)) if before else ()
    return difference(intended(parse_files(after)), old)
