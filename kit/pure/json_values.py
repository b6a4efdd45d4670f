"""Objects of JSON, YAML and drivers, as they are handed over and on.

Their values are `Any`: who takes one out says what it must be, mostly with `kit.pure.fields`. With
`object` each use of a record that we wrote ourselves would need a cast that checks nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]  # Any: the docstring above says why
"""An object that is being made, or was just read."""
JsonMapping = Mapping[str, Any]  # Any: the same
"""An object that is only read from."""


def plain(values: Mapping[str, object]) -> JsonObject:
    """Return the fields of a value as JSON knows them: enums as text, tuples as lists."""
    found: JsonObject = json.loads(json.dumps(values, default=str))
    return found


def from_json(text: str | bytes) -> Any:  # Any: whatever JSON may be
    """Return what a JSON text holds; ValueError also where it is nested too deep to be read."""
    try:
        return json.loads(text)
    except RecursionError as err:
        raise ValueError("it is nested too deep") from err
