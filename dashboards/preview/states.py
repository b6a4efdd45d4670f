"""Grafana's threshold colours as good, warn and bad."""

from typing import Final

from dashboards.document import Drawn

_STATES: Final = {
    "green": "good",
    "yellow": "warn",
    "orange": "warn",
    "red": "bad",
}
"""By the word in the colour's name: `semi-dark-red` is red."""
_YES_NO: Final = frozenset({"bool", "bool_yes_no", "bool_on_off"})


def state_of(panel: Drawn, value: float) -> str:
    """Return how a value stands: good, warn, bad, or "" where no threshold says so."""
    state = ""
    for threshold in panel.thresholds:
        if threshold.value is None or value >= threshold.value:
            state = _state(threshold.colour)
    return state


def tone_of(panel: Drawn, ref: str, name: str) -> str:
    """Return what a series of a query is: good, warn, bad, or "" where nobody says so."""
    colour = next((one.colour for one in panel.colours if one.is_of(ref, name)), panel.tone)
    return _state(colour)


def limits(panel: Drawn) -> list[tuple[float, str]]:
    """Return the lines at which a value stops being good, or gets worse."""
    if panel.unit in _YES_NO:
        return []
    found = []
    before = ""
    for threshold in panel.thresholds:
        state = _state(threshold.colour)
        if threshold.value is not None:
            # The worse of both sides gives a line its colour.
            worse = next((one for one in ("bad", "warn") if one in {state, before}), "")
            if worse:
                found.append((threshold.value, worse))
        before = state
    return found


def steps(panel: Drawn, low: float) -> list[tuple[float, str]]:
    """Return the parts of the scale as (from, state), the first from `low`."""
    found = [
        (low if threshold.value is None else max(low, threshold.value), _state(threshold.colour))
        for threshold in panel.thresholds
    ]
    return found or [(low, "")]


def _state(colour: str) -> str:
    return next((state for word, state in _STATES.items() if word in colour.lower()), "")
