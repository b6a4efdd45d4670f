"""What the verbs of `sre stack` do, from reading the settings to how the stack is at the end."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.docker import docker, last_line
from kit.edge.containers.engine import ensure_engine
from kit.edge.containers.images import ImageLadder
from kit.edge.containers.session import leave_engine
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.fields import closest
from kit.pure.json_values import from_json
from kit.pure.urls import checked_url
from ops.stack import report
from ops.stack.addresses import write_addresses
from ops.stack.compose import Compose, ensure_compose
from ops.stack.containers import API, PROXY, containers_of, end
from ops.stack.first_figures import wait_for_first_figures
from ops.stack.home import Home, home_of
from ops.stack.images import had
from ops.stack.proxy import Proxy
from ops.stack.rolling import READY_WITHIN, NotReadyError, Replicas
from ops.stack.settings import Database, Settings, read_settings
from ops.stack.starting import bring_up, prepare
from ops.stack.upgrading import Outcome, Patience, Upgrade
from ops.stack.waiting import wait_until
from slo.edge.files import SHIPPED, load_objectives
from slo.project.project import Project

_SETTLES_WITHIN_S: Final = 60.0
_FILES: Final = (
    *("receivers.yaml", "absent.json", "began", "upgrades.jsonl", "service.env", "unread"),
    *(".env", ".lock"),
)
_NOT_UP: Final = "sre stack up starts one"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stack is meant, and what its settings say."""

    home: Home
    settings: Settings


def wanted(
    home: Path | None, settings: Path | None, *, stand_in: bool, webhook: str | None
) -> Wanted:
    """Return the stack that the options mean; raises BadInputError for wrong settings."""
    where = home_of(home)
    usual = (where.folder / "stack.toml", where.folder.parent / "stack.toml")
    path = settings or next((one for one in usual if one.is_file()), None)
    database = Database.STAND_IN if stand_in else None
    if webhook is not None:
        checked_url(webhook, example="--webhook https://pager.example/alerts")
    found = read_settings(path, mongodb=database, webhook=webhook)
    if path is not None and found.receivers:
        found = replace(found, receivers=str(path.parent / found.receivers))
    if path is not None and found.certificate:
        found = replace(found, certificate=str(path.parent / found.certificate))
    return Wanted(where, found)


def up(of: Wanted, project: Project, say: Say) -> report.Report:
    """Start the stack, or bring it to its settings; return how it is."""
    ensure_engine(say)
    with of.home.locked():
        before, settings = of.home.environment(), of.home.service_settings()
        # Which version runs is changed by an upgrade only; a stack that is down takes this one.
        runs = containers_of(of.settings.name, API)
        service = before.get("SERVICE_IMAGE", "") if runs else ""
        stack, changed = prepare(of.home, of.settings, project, say, service=service)
        write_whole(of.home.folder / "absent.json", json.dumps(stack.images.absent))
        try:
            bring_up(stack, changed)
        except NotReadyError:
            if before:  # nothing is left that would not start
                of.home.write_environment(before)
                of.home.write_service_settings(settings)
            raise
    wait_for_first_figures(of.settings, project, say)
    return settled(of.home)


def settled(home: Home) -> report.Report:
    """Return how a stack is once its health checks have been made."""
    wait_until(lambda: look(home).is_well, _SETTLES_WITHIN_S)
    return look(home)


def status(given: Path | None) -> report.Report:
    """Return how the stack is; raises UnreachableError where there is none."""
    home = home_of(given)
    if not home.environment():
        raise UnreachableError(f"there is no stack in {home.folder}", hint=_NOT_UP)
    return look(home)


def look(home: Home) -> report.Report:
    """Return how a stack is now."""
    environment = home.environment()
    name = environment.get("COMPOSE_PROJECT_NAME", "")
    there = containers_of(name)
    is_up = any(one.service == PROXY and one.state == "running" for one in there)
    serving = Proxy(home.proxy_socket).serving() if is_up else frozenset()
    found = report.judge(
        environment, there, serving=serving, unfinished=_note(home), nobody_told=_nobody(home)
    )
    said = _json(home.folder / "absent.json")
    absent = {part: said.get(part, reason) for part, reason in found.absent.items()}
    return replace(found, absent=absent, addresses=str(home.addresses))


def restart(given: Path | None, service: str, say: Say) -> report.Report:
    """Restart a service: replicas one by one, anything else as Compose does."""
    home = home_of(given)
    environment = _up_already(home)
    name = environment["COMPOSE_PROJECT_NAME"]
    with home.locked():
        compose = ensure_compose(home, say)
        there = {one.service for one in containers_of(name)}
        if service not in there:
            raise BadInputError(
                f"the stack has no service {service!r}", hint=closest(service, there)
            )
        if service == API:
            replicas = _replicas(home, environment, compose, say)
            replicas.proxy.let_all_in()
            replicas.replace([one for one in replicas.there() if one.state == "running"])
        else:
            compose.must("restart", service)
        write_addresses(home)
    return settled(home)


def upgrade(
    given: Path | None, image: str | None, project: Project, patience: Patience, say: Say
) -> Outcome:
    """Bring a new version of the service up; return how that ended."""
    home = home_of(given)
    environment = _up_already(home)
    ensure_engine(say)
    with home.locked():
        to = had(image) if image else ImageLadder(say).ensure("service")
        replicas = _replicas(home, environment, ensure_compose(home, say), say)
        one = Upgrade(home, replicas, to, load_objectives(SHIPPED), project, say)
        return one.run(patience)


def down(given: Path | None, *, volumes: bool, say: Say) -> int:
    """Stop a stack and remove it; return how many containers that were.

    An engine that was started for it ends with it, where nothing else runs in it.
    """
    home = home_of(given)
    environment = home.environment()
    if not environment:
        if volumes:
            _remove(home)
        return 0
    name = environment["COMPOSE_PROJECT_NAME"]
    with home.locked():
        compose = ensure_compose(home, say)
        before = len(containers_of(name))
        extra = ("--volumes",) if volumes else ()
        compose.must("down", "--remove-orphans", *extra)
        for left in containers_of(name):
            end(left)
        if volumes:
            _remove_volumes(name)
        home.forget_environment()
        home.unfinished.unlink(missing_ok=True)
        home.addresses.unlink(missing_ok=True)
    if volumes:
        _remove(home)
    leave_engine(say)
    return before


def _remove_volumes(name: str) -> None:
    """Remove the volumes of parts that are not in the settings any more as well."""
    mine = ("--filter", f"label=com.docker.compose.project={name}")
    for volume in docker("volume", "ls", "--quiet", *mine).stdout.split():
        done = docker("volume", "rm", volume)
        if done.returncode != 0:
            raise UnreachableError(
                f"the volume {volume} stays: {last_line(done.stderr)}",
                hint=f"docker ps --all --filter volume={volume} shows who holds it",
            )


def _remove(home: Home) -> None:
    try:
        for one in ("secrets", "config", "logs", "textfile", "run"):
            if (home.folder / one).exists():
                shutil.rmtree(home.folder / one)
        for name in _FILES:
            (home.folder / name).unlink(missing_ok=True)
        if home.folder.is_dir() and not any(home.folder.iterdir()):
            home.folder.rmdir()
    except OSError as err:
        raise unwritable(home.folder, err) from err


def _replicas(home: Home, environment: Mapping[str, str], compose: Compose, say: Say) -> Replicas:
    name, within_s = environment["COMPOSE_PROJECT_NAME"], float(environment[READY_WITHIN])
    return Replicas(name, compose, Proxy(home.proxy_socket), say, within_s)


def _up_already(home: Home) -> dict[str, str]:
    environment = home.environment()
    if not environment:
        raise UnreachableError(f"there is no stack in {home.folder}", hint=_NOT_UP)
    return environment


def _nobody(home: Home) -> bool:
    path = home.config("alertmanager/alertmanager.yml")
    return path.is_file() and "_configs:" not in path.read_text(encoding="utf-8")


def _note(home: Home) -> Mapping[str, str] | None:
    return _json(home.unfinished) or None


def _json(path: Path) -> dict[str, str]:
    try:
        found = from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
