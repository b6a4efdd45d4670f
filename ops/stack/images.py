"""Which image each part of a stack runs."""

from dataclasses import dataclass
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.catalog import image_of
from kit.edge.containers.docker import image_exists
from kit.edge.containers.images import ImageLadder
from kit.edge.containers.pull import pull
from kit.pure.errors import RefusedError, UnreachableError
from ops.stack.settings import Database, Settings, Wanted

GRAFANA: Final = "grafana/grafana:11.6.0"
_ROLES: Final = ("proxy", "service", "redis", "prometheus", "alertmanager", "node-exporter", "sre")


@dataclass(frozen=True, slots=True)
class Images:
    """The reference of each role's image, and what was declared absent with the reason."""

    references: dict[str, str]
    absent: dict[str, str]

    def variables(self) -> dict[str, str]:
        """Return them as Compose reads them: REDIS_IMAGE and so on."""
        return {
            f"{role.replace('-', '_').upper()}_IMAGE": ref for role, ref in self.references.items()
        }


def images_of(settings: Settings, say: Say, *, service: str = "") -> Images:
    """Return what the stack runs, fetched or built where it is missing.

    `service` is the image of the service where one is wanted that is not of this checkout. Raises
    RefusedError where only the stand-in for MongoDB can be had and nobody asked for it, and
    UnreachableError for an image that can be had nowhere.
    """
    ladder, absent = ImageLadder(say), {}
    wanted = [role for role in _ROLES if not (role == "service" and service)]
    if settings.mongodb is not Database.EXTERNAL:
        wanted.append("mongodb")
    references = {role: ladder.ensure(role) for role in wanted}
    if service:
        references["service"] = had(service)
    if settings.mongodb is Database.REPLICA_SET and not _is_official(references["mongodb"]):
        raise RefusedError(
            f"the image {image_of('mongodb').official} cannot be had, and what stands in for it is "
            "not for production",
            hint='set mongodb = "external" with secrets/mongodb_url, or try it with --stand-in',
        )
    if reason := _grafana_is_absent(settings):
        absent["grafana"] = reason
    else:
        references["grafana"] = GRAFANA
    return Images(references, absent)


def had(reference: str) -> str:
    """Return an image that is here, or was pulled; raises UnreachableError saying why it is not."""
    if image_exists(reference):
        return reference
    if problem := pull(reference):
        raise UnreachableError(
            f"the image {reference} is not here and cannot be pulled: {problem}",
            hint="docker images lists those that are; python -m ops.images builds ours",
        )
    return reference


def _is_official(reference: str) -> bool:
    return reference == image_of("mongodb").official


def _grafana_is_absent(settings: Settings) -> str:
    """Return why there is no Grafana; "" where there is one."""
    if settings.grafana is Wanted.OFF:
        return "switched off in the settings"
    if image_exists(GRAFANA):
        return ""
    problem = pull(GRAFANA)
    if problem and settings.grafana is Wanted.ON:
        raise UnreachableError(
            f"Grafana is wanted and {GRAFANA} cannot be pulled: {problem}",
            hint='load the image with docker load, or set grafana = "off"',
        )
    return f"its image cannot be had: {problem}" if problem else ""
