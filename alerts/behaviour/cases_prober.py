"""Journeys that fail, and a prober that is down or says nothing."""

from typing import Final

from alerts.behaviour.case import STALE, Case, gauge
from alerts.behaviour.cases_gauges import limit, missing, one
from alerts.behaviour.worlds import SERVICE, known

_WALKED: Final = 'walked{journey="create"}'
_UP: Final = 'prober_up{instance="p"}'
_DOWN: Final = f'prober_down{{severity="warning",service="{SERVICE}"}}'


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        "ProbeFailing": [
            _walks("above the limit, then well again", "1x4 0x6 1x12", 25, fires=True),
            _walks("just below the limit", "1x4 1x12 1x1", 20, fires=False),
            _walks("one failed run", "1x4 0 1x7", 14, fires=False),
            _walks("the first runs of all fail", "0x7 1x7", 16, fires=True),
            _walks("the first run of all fails", "0 1x7", 9, fires=False),
            _walks("every other run fails", "1 0 1 0 1 0 1 0 1 0 1 0", 12, fires=False),
            Case("the service is known to be down",
                 {_WALKED: "1x4 0x9", **known("ServiceDown", [(1, 15)])}, 15, fires=False),
        ],
        "WatcherDown": limit(one(_UP), 1, 0, 1, 5, 15),
        "ProbesMissing": [
            *missing(_WALKED, 10, 15),
            Case("the prober is known to be down",
                 {_WALKED: gauge((1, 5), (STALE, 30)), _DOWN: gauge((1, 35))}, 35, fires=False),
        ],
    }  # fmt: skip


def _walks(name: str, values: str, minutes: int, *, fires: bool) -> Case:
    return Case(name, {_WALKED: values}, minutes, fires)
