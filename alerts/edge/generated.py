"""Every generated alert file from the objectives on disk."""

import shlex
from pathlib import Path

from alerts.build import build_files
from alerts.edge.shipped import RECEIVERS, load_pages, load_receivers, load_template
from alerts.render import Links
from alerts.thresholds import Thresholds
from slo.edge.files import SHIPPED, load_objectives


def generated(
    objectives: Path | None = None,
    *,
    runbooks_url: str | None = None,
    dashboards_url: str | None = None,
    receivers: Path | None = None,
) -> dict[str, str]:
    """Return path below alerts/ to text for every file that `sre alerts build` writes."""
    links = Links(
        runbooks=(runbooks_url or Links().runbooks).rstrip("/"),
        dashboards=(dashboards_url or Links().dashboards).rstrip("/"),
    )
    return build_files(
        load_objectives(objectives or SHIPPED),
        load_pages(),
        Thresholds(),
        links,
        load_receivers(receivers or RECEIVERS),
        load_template(),
        source=shlex.quote(str(objectives)) if objectives else "",
    )
