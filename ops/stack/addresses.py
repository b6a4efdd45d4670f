"""How `sre` finds a stack: a file of variables, for a shell, for systemd and for cron."""

from collections.abc import Mapping
from urllib.parse import quote

from ops.stack.containers import containers_of
from ops.stack.home import Home


def write_addresses(home: Home) -> None:
    """Write the file; a container that was made anew may have another address than before."""
    environment = home.environment()
    profiles = environment["COMPOSE_PROFILES"].split(",")
    values = {
        "SRE_TARGET_URL": f"http://127.0.0.1:{environment['HTTP_PORT']}",
        "SRE_API_KEYS": home.read_secret("operator_key"),
        "SRE_PROMETHEUS_URL": f"http://127.0.0.1:{environment['PROMETHEUS_PORT']}",
        "SRE_ALERTMANAGER_URL": f"http://127.0.0.1:{environment['ALERTMANAGER_PORT']}",
        "CALENDAR_LOG_DIR": str(home.folder / "logs"),
        "SRE_STACK_HOME": str(home.folder),
        "SRE_BEGAN": home.began(),
    }
    if "grafana" in profiles:
        values["SRE_GRAFANA_URL"] = f"http://127.0.0.1:{environment['GRAFANA_PORT']}"
    else:
        values["SRE_ABSENT"] = "grafana"
    stores = _stores(home, environment["COMPOSE_PROJECT_NAME"], profiles)
    text = "".join(f"{name}='{value}'\n" for name, value in {**values, **stores}.items() if value)
    home.write_secret("sre.env", text)
    home.addresses.chmod(0o600)


def _stores(home: Home, name: str, profiles: list[str]) -> Mapping[str, str]:
    password = home.read_secret("redis_password")
    redis = _address(name, "redis")
    return {
        "CALENDAR_REDIS_URL": f"redis://:{password}@{redis}:6379/0" if redis else "",
        "CALENDAR_MONGODB_URL": _mongodb(home, name, profiles),
    }


def _mongodb(home: Home, name: str, profiles: list[str]) -> str:
    """Return how MongoDB is reached from this machine: its members' names are the stack's own."""
    if "stand-in" in profiles:
        address = _address(name, "mongodb-stand-in")
        return f"mongodb://{address}:27017/calendar?directConnection=true" if address else ""
    if "replica-set" in profiles:
        password = quote(home.read_secret("mongodb_password"), safe="")
        address = _address(name, "mongodb-1")
        at = f"mongodb://calendar:{password}@{address}:27017/calendar"
        return f"{at}?directConnection=true&authSource=admin" if address else ""
    return home.read_secret("mongodb_url")


def _address(name: str, service: str) -> str:
    found = next(iter(containers_of(name, service)), None)
    return found.addresses.get("back", "") if found else ""
