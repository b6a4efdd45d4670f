"""Begin a notice, and say more in one: in words that may be public."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit.pure.errors import BadInputError, RefusedError
from kit.pure.fields import Field, closest
from kit.pure.moments import read_moment
from slo.maintenance import Maintenance
from status.components import Component, slug
from status.leaks import leaks
from status.notice import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Impact,
    Kind,
    Notice,
    Stage,
    Update,
    bounded,
)

_LONGEST_MAINTENANCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """A text as somebody gave it; `insists` on words that look internal."""

    text: str
    insists: bool = False


def check_public(text: str, *, insists: bool, names: tuple[str, ...]) -> None:
    """Refuse a text that names what is internal, unless somebody insists."""
    found = leaks(text, names)
    if found and not insists:
        raise RefusedError(
            f"the text would tell the public {'; '.join(found[:3])}",
            hint="say it in the users' words, or publish it as it is with --as-is",
        )


def chosen(names: Sequence[str], components: Sequence[Component]) -> tuple[str, ...]:
    """Return the ids of components given by id or name."""
    ids = {each.id: each.id for each in components} | {each.name: each.id for each in components}
    for name in names:
        if name not in ids:
            raise BadInputError(f"no component is called {name!r}", hint=closest(name, ids))
    return tuple(dict.fromkeys(ids[name] for name in names))


def opened(
    kind: Kind,
    title: str,
    said: Said,
    *,
    impact: Impact,
    components: tuple[str, ...],
    now: datetime,
    taken: Sequence[str],
    names: tuple[str, ...],
) -> Notice:
    """Return a new notice, called by its day and title."""
    for value, option, most in (
        (title, "TITLE", LONGEST_TITLE),
        (said.text, "--text", LONGEST_TEXT),
    ):
        bounded(Field("command line", option, value), most)
        check_public(value, insists=said.insists, names=names)
    stage = Stage.INVESTIGATING if kind is Kind.INCIDENT else Stage.POSTED
    update = Update(now, stage, said.text, as_is=said.insists)
    name = f"{now:%Y-%m-%d}-{slug(title)[:60].strip('-')}"
    return Notice(_free(name, taken), kind, title, impact, components, (update,), said.insists)


def _free(name: str, taken: Sequence[str]) -> str:
    numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in numbered if each not in taken)


def said_more(
    notice: Notice,
    said: Said,
    stage: Stage,
    *,
    now: datetime,
    names: tuple[str, ...],
    impact: Impact | None = None,
) -> Notice:
    """Return a notice with one more update; a resolved one that is opened again says so."""
    if notice.kind is Kind.ANNOUNCEMENT and stage not in {Stage.POSTED, Stage.RESOLVED}:
        raise BadInputError(f"{notice.id} is an announcement", hint="give --stage posted")
    if notice.kind is Kind.INCIDENT and stage is Stage.POSTED:
        raise BadInputError(f"{notice.id} is an incident", hint="give --stage monitoring")
    if stage is Stage.RESOLVED and not notice.is_open:
        raise BadInputError(
            f"{notice.id} is resolved already", hint="sre status update opens it again"
        )
    bounded(Field("command line", "--text", said.text), LONGEST_TEXT)
    check_public(said.text, insists=said.insists, names=names)
    at = max(now, notice.updates[-1].at)
    update = Update(at, stage, said.text, as_is=said.insists)
    return replace(notice, impact=impact or notice.impact, updates=(*notice.updates, update))


def open_one(name: str | None, notices: Sequence[Notice], *, resolved: bool = False) -> Notice:
    """Return the notice of that name; without one, the only open one."""
    if name is not None:
        found = {each.id: each for each in notices}
        if name not in found:
            raise BadInputError(f"no notice is called {name!r}", hint=closest(name, found))
        return found[name]
    going = [each for each in notices if each.is_open or resolved]
    if len(going) == 1:
        return going[0]
    listed = ", ".join(each.id for each in going[:5])
    raise BadInputError(
        f"{len(going)} notices are open, and none is named",
        hint=f"name one of {listed}" if going else "begin one with sre status announce",
    )


def planned(
    start: str, end: str, reason: Said, components: tuple[str, ...], names: tuple[str, ...]
) -> Maintenance:
    """Return a window of maintenance; BadInputError where its times cannot be."""
    bounds = []
    for option, text in (("START", start), ("END", end)):
        try:
            bounds.append(read_moment(text))
        except ValueError as err:
            raise BadInputError(
                f"{option} {text!r} {err}", hint="write 2026-11-01T02:00:00Z"
            ) from err
    begin, stop = bounds
    if stop <= begin:
        raise BadInputError(f"END {end} is not after START {start}", hint="swap them?")
    if stop - begin > _LONGEST_MAINTENANCE:
        raise BadInputError(
            f"{start} to {end} is longer than {_LONGEST_MAINTENANCE.days} days",
            hint="announce it in parts: nobody may take so much out of a budget at once",
        )
    bounded(Field("command line", "REASON", reason.text), LONGEST_TEXT)
    check_public(reason.text, insists=reason.insists, names=names)
    return Maintenance(begin, stop, reason.text, components)
