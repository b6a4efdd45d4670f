"""What a record says of a profile: everything but what may be a secret.

Headers, bodies, values and rows may hold one wherever somebody put it. Of them a record has a
fingerprint of all together, so that two profiles can be told apart and nothing can be read.
"""

import dataclasses
import hashlib
import json
from typing import Final

from kit.pure.json_values import JsonObject, plain
from synthetic.load.request import FixedRequest
from synthetic.load.shape import Profile

_LISTS: Final = ("requests", "clean", "before", "sweep")
_SENT: Final = (*_LISTS, "scenarios", "values", "feeders", "environment", "seed_request", "reset")


def recorded_profile(profile: Profile) -> JsonObject:
    """Return a profile as plain JSON data."""
    bare = dataclasses.replace(profile, secrets=(), values=(), feeders=(), environment=())
    found = plain(dataclasses.asdict(bare))
    del found["secrets"]
    for name in _LISTS:
        found[name] = [_recorded(one) for one in getattr(profile, name)]
    found["scenarios"] = [
        {
            "name": one.name,
            "weight": one.weight,
            "think_s": one.think_s,
            "steps": [_recorded(step) for step in one.steps],
        }
        for one in profile.scenarios
    ]
    for name in ("seed_request", "reset"):
        one = getattr(profile, name)
        found[name] = None if one is None else _recorded(one)
    found["values"] = sorted(name for name, _ in profile.values)
    found["environment"] = sorted(name for name, _ in profile.environment)
    found["feeders"] = [
        {"file": one.file, "rows": len(one.rows), "columns": list(one.columns)}
        for one in profile.feeders
    ]
    found["fingerprint"] = fingerprint(profile)
    return found


def fingerprint(profile: Profile) -> str:
    """Return what differs where anything that is sent differs, but the secrets themselves."""
    fields = dataclasses.asdict(profile)
    text = json.dumps({name: fields[name] for name in _SENT}, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _recorded(one: FixedRequest) -> JsonObject:
    return {
        "method": one.method,
        "route": one.label.partition(" ")[2],
        "weight": one.weight,
        "expect": list(one.expect),
        "headers": [name for name, _ in one.headers],
        "save": [name for name, _ in one.save],
        "checks": len(one.checks),
    }
