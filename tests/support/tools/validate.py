"""Hold manifests against the schemas of Kubernetes: standard input and output are JSON.

Run by the Python of the tools' own environment. Input: `documents`, `minors` (how many of the
newest), and `schemas` for kinds that Kubernetes itself does not know. Output: `versions`, and
`wrong`, a line each. A kind without any schema is wrong, too: it was not looked at.
"""

import functools
import json
import sys

import jsonschema
from kubernetes_validate import utils


def newest(minors: int) -> list[str]:
    """Return the newest minor versions that there are schemas for."""
    seen = dict.fromkeys(utils.major_minor(each) for each in reversed(utils.all_versions()))
    return list(seen)[:minors]


def wrong(document: dict[str, object], version: str, schemas: dict[str, object]) -> str:
    """Return what is wrong with a document, "" for nothing."""
    try:
        utils.validate(document, version, strict=True)
    except utils.SchemaNotFoundError as err:
        schema = schemas.get(str(document["kind"]))
        if not isinstance(schema, dict):
            return str(err.message)
        found = jsonschema.Draft202012Validator(schema).iter_errors(document)
        return "; ".join(f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in found)
    except utils.ValidationError as err:
        return f"{'.'.join(map(str, err.path))}: {err.message}"
    return ""


def main() -> None:
    """Validate everything."""
    asked = json.load(sys.stdin)
    utils.schema_contents = functools.cache(utils.schema_contents)
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
