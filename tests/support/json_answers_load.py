"""What the verbs of load, golden, probe, drill, demo, doctor and serve answer with `--json`.

Each row: the words without `sre`, the schema of the answer, the exit code. `{tmp}` is a folder of
the test's own, `{prometheus}` a URL where nothing answers. What needs a service or a set of cases
stands in tests/cli/test_json_answers_load.py.
"""

from pathlib import Path
from typing import Final

FEW: Final = ("--cases", str(Path(__file__).parents[2] / "synthetic/golden/past.jsonl"))
ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["load", "list"], "load-list", 0),
    (["load", "profiles"], "load-profiles", 0),
    (["load", "run", "smok"], "error", 2),
    (["load", "run", "smoke", "--target", "{prometheus}"], "error", 3),
    (["load", "run", "smoke", "--html", "{tmp}"], "error", 2),
    (["load", "run", "smoke", "--remote", "192.0.2.1:5557"], "error", 3),
    (["load", "run", "smoke", "--push-to", "no-such-host.invalid"], "error", 3),
    (["load", "compare", "one", "two"], "error", 2),
    (["load", "worker", "nowhere"], "error", 2),
    (["load", "run", "gone.py"], "error", 2),
    (["load", "run", "smoke", "--web"], "error", 2),
    (["load", "ab", "{prometheus}", "{prometheus}", "--profile", "steady"], "error", 3),
    (["load", "ab", "{prometheus}", "{prometheus}", "--profile", "stress"], "error", 2),
    (["load", "import", "{tmp}/none.json"], "error", 2),
    (["golden", "show"], "golden-show", 0),
    (["golden", "show", "days-001"], "golden-show-case", 0),
    (["golden", "show", "day-001"], "error", 2),
    (["golden", "check"], "golden-check", 0),
    (["golden", "check", "--cases", "{tmp}"], "error", 2),
    (
        ["golden", "mutate", "--in-process", "--only", "default direction", "--least", "0", *FEW],
        "golden-mutate",
        0,
    ),
    (["golden", "mutate", "--in-process", "--only", "no such thing", *FEW], "error", 5),
    (["golden", "run", "--target", "{prometheus}"], "error", 3),
    (["golden", "run", "--repeat", "many"], "error", 2),
    (["golden", "bless", "--name", "", "--reason", "x"], "error", 2),
    (["golden", "propose"], "error", 5),
    (["probe", "once", "--target", "{prometheus}"], "probe-once", 3),
    (["probe", "once", "--target", "here"], "error", 2),
    (["probe", "run", "--target", "here"], "error", 2),
    (["drill", "list"], "drills", 0),
    (["drill", "run", "redis-gone"], "error", 2),
    (["drill", "histories", "--fault", "redis-slows"], "error", 2),
    (["drill", "run", "redis-lost", "--target", "{prometheus}"], "error", 4),
    (["demo", "--duration", "soon"], "error", 2),
    (["doctor"], "doctor", 0),
    (["serve", "--data", "{tmp}"], "error", 2),
    (["serve", "--embedded", "--host", "0.0.0.0"], "error", 4),
]
