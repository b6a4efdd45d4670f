"""Ask a live service what its users and reviewers said, as material for golden cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2

from kit.edge.deadline import BoundedClient
from kit.edge.target import Access, addressed
from kit.pure.errors import BadInputError, UnreachableError
from synthetic.golden.spec import Spec

Entry = Mapping[str, Any]

_PAGE: Final = 200
_MOST_PAGES: Final = 500
_OVERLAP: Final = timedelta(milliseconds=1)  # two may have happened in the last one of a page


@dataclass(frozen=True, slots=True)
class _List:
    """A list of the service: where it is, what it is called, and the time it is in order of."""

    path: str
    status: str | None
    name: str
    by: str
    needs: tuple[str, ...]


def _lists(spec: Spec) -> tuple[_List, _List, _List]:
    """Return what is asked: feedback, what reviewers did, and what waits for them."""
    if spec.feedback is None or spec.review is None:
        raise BadInputError(
            "nothing says where the service lists feedback and reviews",
            hint="add feedback and review, each with its route, to [golden], or read a log",
        )
    return (
        _List(spec.feedback, None, "feedback", "updated_at", ()),
        _List(spec.review, "done", "done", "resolved_at", ("verdict", "event")),
        _List(spec.review, "waiting", "waiting", "created_at", ("event",)),
    )


def live_material(
    url: str, spec: Spec, *, access: Access, timeout_s: float = 10.0
) -> tuple[Entry, ...]:
    """Return entries as `proposing.propose` takes them: feedback, reviews, doubtful decisions.

    Feedback whose sentence the service does not know cannot become a case and is an entry without
    text. Raises UnreachableError, or BadInputError where the key does not open the lists.
    """
    base, access = addressed(url, access)
    feedback, reviewed, doubtful = _lists(spec)
    with access.client(base, timeout_s=timeout_s) as client:
        done = [_of_review(one) for one in _all(client, reviewed)]
        said = [_of_feedback(one) for one in _all(client, feedback)]
        waiting = [{**one, "kind": "decision"} for one in _all(client, doubtful)]
    return (*done, *said, *waiting)


def _of_feedback(one: Entry) -> Entry:
    known = {"decision_id": one["decision_id"], "correction": one.get("correction")}
    return {"kind": "feedback", **known, **(one.get("sentence") or {})}


def _of_review(one: Entry) -> Entry:
    """Return what a reviewer decided; wrong without a correction says not what is right."""
    outcome = None
    if one["verdict"] == "right":
        outcome = one["event"]
    elif one.get("correction"):
        outcome = {**one["event"], **one["correction"]}
    return {**one, "kind": "review", "outcome": outcome}


def _all(client: BoundedClient, wanted: _List) -> Iterator[Entry]:
    """Yield every item of a list that is asked for page by page, each once."""
    seen: set[str] = set()
    since: str | None = None
    for _ in range(_MOST_PAGES):
        page = _page(client, wanted, since)
        fresh = [one for one in page if one["decision_id"] not in seen]
        yield from fresh
        seen.update(one["decision_id"] for one in fresh)
        if len(page) < _PAGE or not fresh:
            return
        since = (datetime.fromisoformat(page[-1][wanted.by]) - _OVERLAP).isoformat()


def _page(client: BoundedClient, wanted: _List, since: str | None) -> list[Entry]:
    query = {"limit": str(_PAGE), "status": wanted.status, "since": since}
    asked = str(client.base_url).rstrip("/") + wanted.path
    try:
        answer = client.get(wanted.path, params={k: v for k, v in query.items() if v is not None})
    except httpx2.HTTPError as err:
        raise UnreachableError(
            f"{asked} cannot be reached: {err}", hint="is the service up? ask its /health"
        ) from err
    if answer.status_code in {401, 403}:
        raise BadInputError(
            f"{asked} answers {answer.status_code}",
            hint="set SRE_API_KEYS to a key with the scope admin",
        )
    if answer.status_code != httpx2.codes.OK:
        raise UnreachableError(
            f"{asked} answers {answer.status_code}",
            hint="is it the service of the project, and healthy?",
        )
    return _items(answer, wanted, asked)


def _items(answer: httpx2.Response, wanted: _List, asked: str) -> list[Entry]:
    needs = {"decision_id", wanted.by, *wanted.needs}
    try:
        found = answer.json()[wanted.name]
        if all(needs <= one.keys() for one in found):
            return list(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise UnreachableError(
        f"{asked} answers something else than a list of {wanted.name}",
        hint="is it what [golden] of the project names?",
    )
