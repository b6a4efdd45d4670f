"""A page's commands say what they mean, whatever a service is called and wherever it answers."""

import subprocess

import pytest

from alerts.page import Page

ODD = """a "job" of Bob's; $(rm x) `y` & z\\"""


def command(template: str, **values: str) -> str:
    page = Page("", "", "", (("look", template),), ())
    ((_, found),) = page.filled(values).diagnosis
    return found


def words_of(text: str) -> list[str]:
    """Return the words that a shell makes of a command."""
    shown = f"set -- {text}\nprintf '%s\\0' \"$@\""
    done = subprocess.run(["sh", "-c", shown], capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize(
    "template",
    ["curl -s %JOB%", "curl -sG --data-urlencode 'query=up{job=%JOB%}'", 'echo "is %JOB% there"'],
)
def test_a_value_stays_one_word_of_a_command(template: str) -> None:
    words = words_of(template)
    (place,) = (number for number, word in enumerate(words) if "%JOB%" in word)
    filled = words_of(command(template, JOB=ODD))
    assert filled == [*words[:place], words[place].replace("%JOB%", ODD), *words[place + 1 :]]


def test_plain_values_are_written_plainly_and_options_stay_options() -> None:
    template = "sre slo budget %SLO%%WHERE% --prometheus %URL%/x"
    values = {"SLO": "latency", "WHERE": " --objectives 'my slo'", "URL": "http://p:9090"}
    expected = "sre slo budget latency --objectives 'my slo' --prometheus http://p:9090/x"
    assert command(template, **values) == expected


def test_what_was_filled_in_before_is_no_open_quote() -> None:
    once = command("look 'at %JOB%' for %SLO%", JOB="Bob's")
    assert words_of(command(once, SLO="it's")) == ["look", "at Bob's", "for", "it's"]
