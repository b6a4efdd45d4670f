"""What every page of the console needs."""

from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse

from console.edge.about import About
from console.edge.kept import Kept
from console.edge.rendering import page
from console.edge.session import Session


@dataclass(frozen=True, slots=True)
class Site:
    """What every page needs: its subject, what is kept, how it is rendered, whether it ends."""

    about: About
    kept: Kept
    made: Environment
    session: Session | None
    stopping: Event

    def page(self, template: str, here: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page; `here` is the tab it belongs to."""
        shared = {
            "project": self.about.project,
            "now": self.about.now(),
            "here": here,
            "locked": self.session is not None,
            "has_logs": self.about.logs is not None,
        }
        return page(self.made, template, {**shared, **values}, status)

    def now(self) -> datetime:
        """Return the moment."""
        return self.about.now()
