"""The page of the alerts: active ones, history, noise, silences, scores of the backtest."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from console.edge import asking
from console.edge.about import About
from console.edge.shared import Site
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.json_values import from_json

BACKTEST = "calendar-sre/backtest/v1"
_YOUNG_S = 10.0
_HISTORY_S = 120.0
_MOST_BYTES = 8 * 2**20
_SCORES = ("precision", "recall", "false_pages", "median_page_s")


def router(site: Site) -> APIRouter:
    """Return the routes of the alerts."""
    made = APIRouter()

    @made.get("/alerts", response_class=HTMLResponse)
    def every() -> Response:
        """Show what fires, what fired, what is noisy, what is silenced, how good the rules are."""
        about = site.about
        alerts, history, silences, scores = site.kept.panels(
            ("alerts", _YOUNG_S, lambda: asking.alerts(about)),
            ("history", _HISTORY_S, lambda: asking.history(about)),
            ("silences", _YOUNG_S, lambda: asking.silences(about)),
            ("scores", _HISTORY_S, lambda: scores_of(about)),
        )
        return site.page(
            "alerts.html.j2",
            "/alerts",
            alerts=alerts,
            history=history,
            silences=silences,
            scores=scores,
        )

    return made


def scores_of(about: About) -> dict[str, Any]:
    """Return the newest answer of `sre alerts backtest --json` that lies in runs/backtest."""
    found = sorted((about.runs / "backtest").glob("*.json"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise NotEnoughDataError(
            "no data: no backtest is kept",
            hint="sre alerts backtest --json > runs/backtest/NAME.json",
        )
    path = found[-1]
    try:
        with path.open("rb") as file:
            value = from_json(file.read(_MOST_BYTES))
    except (OSError, ValueError) as err:
        raise BadInputError(f"backtest/{path.name} is not JSON", hint="make it anew") from err
    total = value.get("total") if isinstance(value, dict) else None
    if not isinstance(total, dict) or value.get("schema") != BACKTEST or not _are_numbers(total):
        raise BadInputError(f"backtest/{path.name} is no answer of sre alerts backtest --json")
    return {"name": path.name, "at": path.stat().st_mtime, "value": value}


def _are_numbers(total: dict[str, Any]) -> bool:
    return all(name in total and isinstance(total[name], int | float | None) for name in _SCORES)
