"""Hold bills of materials against the schema of CycloneDX: standard input and output are JSON."""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> None:
    """Say of each bill (a text, by its name) what is wrong; "" for nothing."""
    judge = JsonStrictValidator(SchemaVersion.V1_6)
    found = {
        name: str(wrong) if (wrong := judge.validate_str(text)) else ""
        for name, text in json.load(sys.stdin).items()
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
