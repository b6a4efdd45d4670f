"""Read a project file; every mistake is an error that names field, value and fix."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from kit.pure.fields import Field
from slo.project.project import BoardNames, Paths, Places, Project
from slo.project.reports import read_reports
from slo.project.role_reading import LABEL, Known, read_job, read_roles
from slo.project.rule_checks import read_check_settings

SCHEMA: Final = "sre.project/v1"
FILE_NAME: Final = "sre.toml"
_LEVELS: Final = ("error", "warning", "off")
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_LONGEST_NAME: Final = 63
"""As long as a label of Kubernetes may be: the name becomes one."""


def read_project(root: Field, folder: str, known: Callable[[str | None], Known]) -> Project:
    """Return the project of a parsed file that lies in `folder`.

    `known` reads the catalogue whose path it is given. Raises FieldError for the first mistake.
    """
    schema = root.need("schema", f'add `schema = "{SCHEMA}"`')
    schema.choice(SCHEMA)
    root.only(
        "schema", "service", "paths", "metrics", "golden", "journeys", "alerts", "dashboards",
        "reports", "status", "browser",
    )  # fmt: skip
    service = root.need("service", "add a table [service] with name and job")
    service.only(
        "name", "title", "job", "target", "alive", "ready", "health", "metrics", "labels",
        "uncounted", "runbooks", "prefix",
    )  # fmt: skip
    name = _name(service.need("name"))
    paths = _paths(root.get("paths"), folder)
    series = known(paths.metrics)
    job = read_job(service.need("job", "add the name of the scrape job in Prometheus"))
    title = _text(service.get("title")) or name.replace("-", " ").capitalize()
    prefix = _name(given) if (given := service.get("prefix")) else name
    usual = BoardNames.after(name, prefix, title)
    return Project(
        source=root.source,
        name=name,
        title=title,
        job=job,
        paths=paths,
        roles=read_roles(root.get("metrics"), series),
        board_names=_board_names(root.get("dashboards"), usual),
        places=_places(service, root.get("alerts"), root.get("dashboards"), folder),
        board_rules=_board_rules(root.get("dashboards")),
        alive=_path_of_url(service.get("alive")),
        ready=_path_of_url(service.get("ready")),
        health=_path_of_url(service.get("health")),
        scrape=_path_of_url(service.get("metrics"), queried=True) or "/metrics",
        labels=_labels(service.get("labels")),
        uncounted=_uncounted(service.get("uncounted")),
        runbooks=_url(service.get("runbooks")),
        prefix=prefix,
        first=_first(root.get("alerts")),
        catalogue=None if series is None else tuple(dict.fromkeys(series.values())),
        golden=root.get("golden"),
        journeys=root.get("journeys"),
        reports=read_reports(root.get("reports"), series),
        rule_checks=read_check_settings(root.get("alerts")),
        status=root.get("status"),
        browser=root.get("browser"),
    )


def _name(place: Field) -> str:
    text = place.text()
    if not _NAME.fullmatch(text) or len(text) > _LONGEST_NAME:
        fix = f"write up to {_LONGEST_NAME} lower-case letters, digits and dashes, such as orders"
        raise place.wrong("is not a name for labels, files and uids", fix)
    return text


def _text(place: Field | None) -> str | None:
    return None if place is None else place.text()


def _paths(place: Field | None, folder: str) -> Paths:
    if place is None:
        place = Field("", "paths", {})
    usual = {"objectives": "slo", "build": "build", "runs": "runs", "profiles": "load"}
    optional = (
        *("golden", "pages", "boards", "metrics", "receivers", "days_off", "alerts", "requests"),
    )
    place.only(*usual, *optional)
    found = {name: inside(place.get(name), folder) for name in (*usual, *optional)}
    return Paths(**{name: path or _default(usual, name, folder) for name, path in found.items()})  # type: ignore[arg-type]  # a default for each that must be there


def _default(usual: Mapping[str, str], name: str, folder: str) -> str | None:
    return f"{folder}/{usual[name]}" if name in usual else None


def inside(place: Field | None, folder: str) -> str | None:
    """Return a path below the project's folder; a file from anywhere must not lead elsewhere."""
    if place is None:
        return None
    text = place.text()
    if text.startswith("/") or ".." in text.split("/") or "\\" in text or "\0" in text:
        raise place.wrong("leads out of the project's folder", "write a path below it, such as slo")
    return f"{folder}/{text}"


def _places(service: Field, alerts: Field | None, dashboards: Field | None, folder: str) -> Places:
    if alerts is not None:
        alerts.only("prometheus", "alertmanager", "rules", "first", "check")
    if dashboards is not None:
        dashboards.only("grafana", "title", "folder", "tag", "load_runs", "rules")
    rules = alerts.get("rules") if alerts else None
    return Places(
        target=_url(service.get("target")),
        prometheus=_url(alerts.get("prometheus") if alerts else None),
        alertmanager=_url(alerts.get("alertmanager") if alerts else None),
        grafana=_url(dashboards.get("grafana") if dashboards else None),
        rules=_from(folder, rules.text()) if rules else None,
    )


def _from(folder: str, path: str) -> str:
    """Return a path that may lead anywhere; a relative one begins at the project's folder."""
    return path if path.startswith("/") else f"{folder}/{path}"


def _board_names(place: Field | None, usual: BoardNames) -> BoardNames:
    """Return what dashboards are called; without a word of the file, as the service is."""
    keys = ("title", "folder", "tag", "load_runs")
    given = {key: found for key in keys if place and (found := place.get(key))}
    said = {key: one.text() if key == "title" else _name(one) for key, one in given.items()}
    return replace(usual, **said)


def _board_rules(place: Field | None) -> dict[str, str]:
    """Return the level of each rule that is named; which rules there are `dashboards` knows."""
    rules = place.get("rules") if place else None
    return {one: rules.at(one).choice(*_LEVELS) for one in rules.names()} if rules else {}


def _first(alerts: Field | None) -> bool:
    place = alerts.get("first") if alerts else None
    if place is not None and not isinstance(place.value, bool):
        raise place.wrong("is neither true nor false", "write true, or remove it")
    return place is not None and bool(place.value)


def _url(place: Field | None) -> str | None:
    """Return an address without secrets: the file is committed."""
    if place is None:
        return None
    text = place.text()
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text):
        raise place.wrong("is no URL", "write for example http://127.0.0.1:8080")
    if "@" in text:
        hidden = Field(place.source, place.path, None)
        raise hidden.wrong(
            "holds credentials, and this file is committed",
            "give the address with them in the environment, such as SRE_PROMETHEUS_URL",
        )
    return text.rstrip("/")


def _path_of_url(place: Field | None, *, queried: bool = False) -> str | None:
    """Return a path; where metrics are shown may need a query, such as ?format=prometheus."""
    if place is None:
        return None
    text = place.text()
    if not re.fullmatch(r"/[^\s#]*" if queried else r"/[^\s?#]*", text):
        raise place.wrong("is no path of a URL", "write for example /healthz")
    return text


def _labels(place: Field | None) -> tuple[tuple[str, str], ...]:
    if place is None:
        return ()
    found = []
    for name in place.names():
        value = place.need(name)
        if not LABEL.fullmatch(name) or name in {"severity", "priority", "service", "alertname"}:
            raise value.wrong("cannot be a label of rules", "use another name, such as team")
        found.append((name, value.text()))
    return tuple(found)


def _uncounted(place: Field | None) -> tuple[str, ...]:
    return () if place is None else tuple(each.text() for each in place.items())
