"""Objects of JSON, YAML and drivers, as they are handed over and on.

Their values are `Any`: who takes one out says what it must be. With
`object` each use of a record that we wrote ourselves would need a cast that checks nothing.
"""

from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]  # Any: the docstring above says why
"""An object that is being made, or was just read."""
JsonMapping = Mapping[str, Any]  # Any: the same
"""An object that is only read from."""
