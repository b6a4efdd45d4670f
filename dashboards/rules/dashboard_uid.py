"""A dashboard has an address that stays."""

import re
from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from slo.project.project import LONGEST_UID

_UID = re.compile(r"[a-zA-Z0-9_-]+")


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a uid of 1 to 40 letters, digits, dashes and underscores."""
    uid = dashboard.uid
    if not uid:
        yield Finding(
            "has no uid, so links to it break at the next import", "give it one", unsure=True
        )
    elif len(uid) > LONGEST_UID:
        yield Finding(
            f"has the uid {uid!r} of {len(uid)} characters; Grafana takes {LONGEST_UID}",
            "shorten it",
        )
    elif not _UID.fullmatch(uid):
        yield Finding(f"has the uid {uid!r}", "use letters, digits, dashes and underscores only")
