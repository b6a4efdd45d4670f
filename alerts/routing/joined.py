"""One Alertmanager for several projects: the routes and receivers of each, as they are alone."""

from collections.abc import Mapping, Sequence
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.json_values import JsonMapping, JsonObject

Config = JsonMapping
"""A parsed alertmanager.yml, as `sre alerts build` writes it for one project."""
_NAMED: Final = frozenset({"receiver", "active_time_intervals", "mute_time_intervals"})
"""What names a receiver or an interval: those of two projects have the same names."""


def joined(configs: Mapping[str, Config]) -> JsonObject:
    """Return the configuration of all projects, each by its name; the first takes what is nobody's.

    Receivers and time intervals are called after their project. Each route and each inhibition is
    for the alerts of its own services, as it was alone. Raises BadInputError where two projects are
    about one service: an alert of it would go by the first alone.
    """
    _refuse_shared(configs)
    own = {name: _renamed(config, name) for name, config in configs.items()}
    values = list(own.values())
    root = {key: each for key, each in values[0]["route"].items() if key != "routes"}
    grouped = dict.fromkeys(label for one in values for label in one["route"]["group_by"])
    routes = [route for one in values for route in one["route"]["routes"]]
    return {
        "route": {**root, "group_by": list(grouped), "routes": routes},
        **{key: _all(values, key) for key in ("time_intervals", "inhibit_rules", "receivers")},
        "templates": list(dict.fromkeys(path for one in values for path in one["templates"])),
    }


def _all(values: Sequence[Config], key: str) -> list[JsonObject]:
    return [each for one in values for each in one[key]]


def _refuse_shared(configs: Mapping[str, Config]) -> None:
    owners: dict[str, str] = {}
    for name, config in configs.items():
        for route in config["route"]["routes"]:
            matcher = ", ".join(route["matchers"])
            if matcher in owners:
                raise BadInputError(
                    f"{owners[matcher]} and {name} both have routes for {matcher}",
                    hint="name each project once, and give each service a name of its own",
                )
            owners[matcher] = name


def _renamed(config: Config, name: str) -> JsonObject:
    """Return a configuration whose receivers and time intervals begin with a name."""

    def routed(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: called(each) if key in _NAMED else routed(each) for key, each in value.items()
            }
        return [routed(each) for each in value] if isinstance(value, list) else value

    def called(value: str | list[str]) -> str | list[str]:
        return f"{name}-{value}" if isinstance(value, str) else [f"{name}-{one}" for one in value]

    def with_name(each: JsonMapping) -> JsonObject:
        return {**each, "name": f"{name}-{each['name']}"}

    return {
        **config,
        "route": routed(config["route"]),
        "time_intervals": [with_name(each) for each in config["time_intervals"]],
        "receivers": [with_name(each) for each in config["receivers"]],
    }
