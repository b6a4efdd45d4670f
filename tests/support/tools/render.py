"""Render a chart with Helm itself: standard input and output are JSON.

Run by the Python of the tools' own environment. Input: `chart`, and `sets`, each with the values
under its name. Output, by that name: `documents` and `notes`, or `error`; and what lint says.
"""

import json
import sys

import helm_python as helm
import yaml

RELEASE, NAMESPACE = "calendar-assistant", "calendar"


def rendered(chart: str, values: dict[str, object]) -> dict[str, object]:
    """Return the documents of one set of values, or why there are none."""
    options = values.pop("--", {})
    name = options.get("name", RELEASE) if isinstance(options, dict) else RELEASE
    try:
        with helm.Chart.load(chart) as loaded:
            files = loaded.render(values, name=name, namespace=NAMESPACE)
        said = helm.lint(chart, values, strict=True, namespace=NAMESPACE)
    except helm.HelmError as err:
        return {"error": str(err)}
    documents = [
        one
        for path, text in sorted(files.items())
        if path.endswith(".yaml")
        for one in yaml.load_all(text, Loader=yaml.CSafeLoader)
        if one
    ]
    notes = "".join(text for path, text in files.items() if path.endswith("NOTES.txt"))
    return {"documents": documents, "notes": notes, "lint": said}


def main() -> None:
    """Render each set."""
    asked = json.load(sys.stdin)
    found = {name: rendered(asked["chart"], values) for name, values in asked["sets"].items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
