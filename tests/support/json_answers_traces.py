"""What the verbs of trace answer with `--json` where nothing was kept.

What they answer of kept traces is in tests/cli/test_trace.py.
"""

from typing import Final

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["trace", "list", "--logs", "{tmp}"], "error", 5),
    (["trace", "list", "--logs", "{tmp}/none"], "error", 2),
    (["trace", "list", "--logs", "{tmp}", "--since", "yesterday"], "error", 2),
    (["trace", "show", "abcdef", "--logs", "{tmp}"], "error", 5),
    (["trace", "show", "abcdef", "--logs", "{tmp}", "--html", "{tmp}"], "error", 2),
    (["trace", "slow", "--logs", "{tmp}"], "error", 5),
    (["trace", "slow", "--logs", "{tmp}", "--until", "soon"], "error", 2),
]
