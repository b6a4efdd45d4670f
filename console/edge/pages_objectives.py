"""The pages of the objectives."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from console.consequences import consequences, rungs
from console.edge import asking, charts
from console.edge.shared import Site
from kit.pure.errors import NotEnoughDataError

_YOUNG_S = 30.0
_CHART_S = 60.0
_WAIT_S = 10.0


def router(site: Site) -> APIRouter:
    """Return the routes of the objectives."""
    made = APIRouter()

    @made.get("/objectives", response_class=HTMLResponse)
    def every() -> Response:
        """List the objectives with their budgets."""
        panel = site.kept.panel("accounts", _YOUNG_S, lambda: asking.accounts(site.about))
        return site.page("objectives.html.j2", "/objectives", panel=panel)

    @made.get("/objectives/{name}", response_class=HTMLResponse)
    def one(name: str) -> Response:
        """Show one: its budget over the window, how fast it burns, what follows, what spends it."""
        objective = site.about.objective(name)
        if objective is None:
            raise NotEnoughDataError(f"there is no objective {name[:80]!r}")
        about = site.about
        accounts, budget, burn, spent = site.kept.panels(
            ("accounts", _YOUNG_S, lambda: asking.accounts(about)),
            (f"budget {name}", _CHART_S, lambda: charts.budget_chart(about, objective)),
            (f"burn {name}", _YOUNG_S, lambda: charts.burn_chart(about, objective)),
            (f"spent {name}", _CHART_S, lambda: charts.spent_by(about, objective)),
            wait_s=_WAIT_S,
        )
        found = [each for each in accounts.value or () if each.objective.name == name]
        return site.page(
            "objective.html.j2",
            "/objectives",
            objective=objective,
            account=found[0] if found else None,
            accounts=accounts,
            budget=budget,
            burn=burn,
            spent=spent,
            rungs=rungs(objective),
            follows=list(consequences(objective)),
        )

    return made
