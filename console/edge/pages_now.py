"""The page of this moment, the runbooks it leads to, and the lines of the log."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from alerts.edge.generated import home_of
from console.edge import asking, logs
from console.edge.shared import Site
from console.runbook import blocks
from console.verdict import judge
from kit.pure.errors import NotEnoughDataError
from kit.pure.file_names import file_name

_YOUNG_S = 10.0
_BUDGETS_S = 30.0


def gathered(site: Site) -> dict[str, Any]:
    """Return the panels of the page, asked side by side, and the judgement over them."""
    about = site.about
    alerts, accounts, dependencies, changes = site.kept.panels(
        ("alerts", _YOUNG_S, lambda: asking.alerts(about)),
        ("accounts", _BUDGETS_S, lambda: asking.accounts(about)),
        ("dependencies", _YOUNG_S, lambda: asking.dependencies(about)),
        ("changes", _BUDGETS_S, lambda: asking.changes(about)),
    )
    down = [each.name for each in dependencies.value or () if each.up is False]
    return {
        "alerts": alerts,
        "accounts": accounts,
        "dependencies": dependencies,
        "changes": changes,
        "judged": judge(alerts.value, accounts.value, down),
        "left_out": max(0, len(about.objectives) - asking.MOST_OBJECTIVES),
    }


def digest(found: dict[str, Any]) -> str:
    """Return a word that changes when the page has something else to say."""
    state = sha256()
    for name in ("alerts", "dependencies", "changes"):
        state.update(repr((found[name].value, found[name].problem)).encode())
    for one in found["accounts"].value or ():
        left = round(one.budget.remaining, 3) if one.is_known else None
        burn = one.counted.burn_now
        seen = (one.objective.name, left, None if burn is None else round(burn, 1))
        state.update(repr(seen).encode())
    return state.hexdigest()[:16]


def router(site: Site) -> APIRouter:
    """Return the routes of the moment."""
    made = APIRouter()

    @made.get("/", response_class=HTMLResponse)
    def now() -> Response:
        """Say whether it is bad, how bad, since when, and what to do."""
        found = gathered(site)
        return site.page("now.html.j2", "/", **found, digest=digest(found))

    @made.get("/runbooks/{alert}", response_class=HTMLResponse)
    def runbook(alert: str) -> Response:
        """Show what an alert means and what to do."""
        name = file_name(alert, what="alert")
        path = home_of(site.about.project) / "runbooks" / f"{name}.md"
        text = _text(path, name)
        return site.page("runbook.html.j2", "/alerts", blocks=list(blocks(text)), name=name)

    @made.get("/logs", response_class=HTMLResponse)
    def lines(
        since: Annotated[
            datetime | None, Query(description="From a little before this moment.")
        ] = None,
    ) -> Response:
        """Show the errors that were logged since a moment, masked."""
        begin = None if since is None or since.tzinfo is None else since
        panel = site.kept.panel(
            f"logs {begin}", 5.0, lambda: logs.read(site.about, begin), wait_s=30.0
        )
        return site.page("logs.html.j2", "/", panel=panel)

    return made


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise NotEnoughDataError(
            f"there is no runbook of {name[:80]!r}", hint="sre alerts build writes them"
        ) from err
