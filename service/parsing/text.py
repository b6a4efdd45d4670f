"""Stage 1, normalise: one spelling of quotes, dashes and spaces; no character moves."""

from typing import NamedTuple

# A request is a sentence; past this the rest is left unread, and the decision says so.
READ_AT_MOST_CHARS = 20_000

_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\u200b": " ", "\ufeff": " ",
        **{chr(code): " " for code in range(32)},
        "\x7f": " ",
    }
)  # fmt: skip


class Clean(NamedTuple):
    """The text to read: `shown` keeps the writer's case, `lower` is for comparing."""

    shown: str
    lower: str
    problems: tuple[str, ...]


def clean(text: str) -> Clean:
    """Return `text` with look-alike characters unified; nothing moves, so offsets stay valid."""
    problems: tuple[str, ...] = ()
    if len(text) > READ_AT_MOST_CHARS:
        problems = (f"only the first {READ_AT_MOST_CHARS} of {len(text)} characters were read",)
        text = text[:READ_AT_MOST_CHARS]
    if text.isascii() and text.isprintable() and "`" not in text:
        return Clean(text, text.lower(), problems)
    shown = text.translate(_SAME_LENGTH)
    lower = shown.lower()
    if len(lower) != len(shown):  # a few letters grow when lowered (Turkish dotted I)
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in shown)
    return Clean(shown, lower, problems)
