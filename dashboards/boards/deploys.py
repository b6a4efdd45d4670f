"""How the deploys of a project show on every chart."""

from dashboards.annotations import Deploys
from dashboards.boards.filling import UnboundError, filled
from dashboards.boards.known import project_values
from dashboards.facts import Facts


def deploys_of(facts: Facts) -> Deploys | None:
    """Return how a new version shows; None where no metric says which one runs."""
    place, values = facts.templates.deploys, project_values(facts)
    if place is None:
        return None
    place.only("query", "title", "text")
    text = place.get("text")
    try:
        query, title = (filled(place.need(name), values) for name in ("query", "title"))
        return Deploys(query, title, filled(text, values) if text else "")
    except UnboundError:
        return None
