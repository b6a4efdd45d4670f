"""A bill of materials of an image in CycloneDX 1.6, the same for the same content.

Source: https://cyclonedx.org/docs/1.6/json/
"""

import json
import uuid
from typing import Final

from kit.pure.json_values import JsonObject
from ops.supply.content import Content
from ops.supply.packages import Package

SPEC: Final = "1.6"
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:calendar-sre:image")


def bill_of(content: Content) -> str:
    """Return the bill as JSON; it names no time, so that the same image has the same bill."""
    name, _, version = content.reference.rpartition(":")
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, content.digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "container",
                "bom-ref": "image",
                "name": name or content.reference,
                "version": version,
                "properties": [{"name": "calendar-sre:files-sha256", "value": content.digest}],
            }
        },
        "components": [_component(one) for one in content.packages],
        "dependencies": [{"ref": "image", "dependsOn": [one.purl for one in content.packages]}],
    }
    return json.dumps(document, indent=1) + "\n"


def _component(one: Package) -> JsonObject:
    found: JsonObject = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
    }
    if one.is_spdx:
        found["licenses"] = [{"expression": one.licences[0]}]
    elif one.licences:
        found["licenses"] = [{"license": {"name": licence}} for licence in one.licences]
    return found
