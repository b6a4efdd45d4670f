"""The parser answers a text in the same way in every process, whatever order its sets have."""

import os
import subprocess
import sys
from typing import Final

TEXTS: Final = ("entregar abril", "examen sábado", "cada semana tarde", "eftermiddag", "examen")
ASK: Final = """
import sys
from service.parsing.detecting import language_of
print([language_of(text) for text in sys.argv[1:]])
"""


def test_words_of_two_languages_name_the_same_one_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", ASK, *TEXTS],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in range(6)
    }  # fmt: skip
    assert len(said) == 1, said
