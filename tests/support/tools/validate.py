"""Hold manifests against the schemas of Kubernetes: standard input and output are JSON.

Run by the Python of the tools' own environment. Input: `documents`, `minors` (how many of the
newest), and `schemas` for kinds that Kubernetes itself does not know. Output: `versions`, and
`wrong`, a line each. A kind without any schema is wrong, too: it was not looked at.
"""

import functools
import json
import re
import sys

import jsonschema
from kubernetes_validate import utils
from referencing import Registry, Resource


def newest(minors: int) -> list[str]:
    """Return the newest minor versions that there are schemas for."""
    seen = dict.fromkeys(utils.major_minor(each) for each in reversed(utils.all_versions()))
    return list(seen)[:minors]


def wrong(document: dict[str, object], version: str, schemas: dict[str, object]) -> str:
    """Return what is wrong with a document, "" for nothing."""
    kind, api = str(document["kind"]), str(document["apiVersion"])
    try:
        found = of_kubernetes(version, kind, api).iter_errors(document)
    except FileNotFoundError:
        schema = schemas.get(kind)
        if not isinstance(schema, dict):
            return f"there is no schema of {kind} {api} in {version}"
        found = jsonschema.Draft202012Validator(schema).iter_errors(document)
    return "; ".join(f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in found)


@functools.cache
def of_kubernetes(version: str, kind: str, api: str) -> jsonschema.Draft202012Validator:
    """Return the strict validator of a kind; FileNotFoundError for none.

    As `utils.validate` makes it, but for the definitions of a version, which are read once.
    """
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api)
    schema = utils.schema_contents(f"{folder(version)}/{kind.lower()}-{group}.json", version)
    registry = Resource.from_contents(schema) @ definitions(version)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@functools.cache
def definitions(version: str) -> Registry:
    """Return what the schemas of a version refer to."""
    shared = utils.schema_contents(f"{folder(version)}/_definitions.json", version)
    return (Resource.from_contents(shared) @ Registry()).crawl()


def folder(version: str) -> str:
    """Return where the strict schemas of a minor version are."""
    exact = [each for each in utils.all_versions() if utils.major_minor(each) == version][-1]
    return f"kubernetes-json-schema/v{exact}-local-strict"


def main() -> None:
    """Validate everything."""
    asked = json.load(sys.stdin)
    versions = newest(asked["minors"])
    found = [
        f"{version} {one['kind']} {one['metadata']['name']}: {said}"
        for version in versions
        for one in asked["documents"]
        if (said := wrong(one, version, asked["schemas"]))
    ]
    json.dump({"versions": versions, "wrong": found}, sys.stdout)


if __name__ == "__main__":
    main()
