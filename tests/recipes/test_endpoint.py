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
    "service/app.py": both(
        after("    subscriptions,", "    zones,\n"),
        after("    *(cache, health, admin),", "    zones,\n"),
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
