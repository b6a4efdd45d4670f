"""An endpoint answers, is documented, and is counted from its first start."""

import pytest

from tests.support.recipes import Tree, after, both, new

RESOURCE = '''\
"""GET /zones: which time zones are known?"""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, json
from service.api.route_docs import answered, route
from service.api.schemas_times import ZoneList
from service.components import Components
from service.planning.zonenames import zone_names


def add(router: APIRouter, components: Components) -> None:
    """Add the route."""

    @router.get(
        "/zones",
        response_model=ZoneList,
        **route(scope="calendar", answers={200: answered("The names of the time zones.")}),
    )
    async def zones(request: Request) -> Ready:
        """List the time zones that events may have."""
        del request
        components.telemetry.zone_lists.add()
        return json({"zones": sorted(zone_names())})
'''
SCHEMA = '''\


class ZoneList(BaseModel):
    """The names of the time zones that are known."""

    zones: list[str]
'''
EDITS = {
    "service/metrics.yaml": after(
        "      mode: [normal, degraded, read_only]",
        """\
  - name: zone_lists_total
    type: counter
    unit: '1'
    help: Lists of time zones given.
    jobs: [calendar-api]
""",
    ),
    "service/telemetry.py": after(
        '        self.lines_dropped = count("log_lines_dropped_total")',
        '        self.zone_lists = count("zone_lists_total")\n',
    ),
    "service/api/schemas_times.py": lambda text: text + SCHEMA,
    "service/api/zones.py": new(RESOURCE),
    "service/app.py": lambda text: text.replace(
        "from service.api import admin, cache, events, feedback, free, health, ics, occurrences, "
        "parse, quick\n",
        "from service.api import (\n    admin,\n    cache,\n    events,\n    feedback,\n    free,\n"
        "    health,\n    ics,\n    occurrences,\n    parse,\n    quick,\n    zones,\n)\n",
    ).replace(
        "_RESOURCES: Final = (parse, quick, events, occurrences, free, ics, feedback, cache, "
        "health, admin)",
        "_RESOURCES: Final = (\n    parse, quick, events, occurrences, free, zones, ics, feedback,"
        " cache, health, admin,\n)  # fmt: skip",
    ),
    "docs/service.md": both(
        after(
            "| `GET /slots` | calendar | Find the first times that suit a length, working hours, "
            "calendars and time zones. |",
            "| `GET /zones` | calendar | List the time zones that events may have. |\n",
        ),
        after(
            "| `service_mode` | `mode` | 1 for the mode the service is in. |",
            "| `zone_lists_total` | - | Lists of time zones given. |\n",
        ),
    ),
}


@pytest.mark.thorough
def test_a_new_endpoint_answers_and_its_metric_is_known_to_the_harness(tree: Tree) -> None:
    said = tree.perform("An endpoint with a metric", EDITS)
    assert "passed" in said
    tree.lint_imports()
