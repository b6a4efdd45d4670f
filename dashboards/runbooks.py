"""Which alerts a panel shows: those whose runbook page it links."""

from typing import Final

from dashboards.document import Drawn

PREFIX: Final = "Runbook: "


def alerts_of(panel: Drawn) -> tuple[str, ...]:
    """Return the names of the alerts that a panel links as `Runbook: NAME`."""
    return tuple(
        link.title.removeprefix(PREFIX) for link in panel.links if link.title.startswith(PREFIX)
    )
