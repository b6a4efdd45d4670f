"""docs/first-look.md, followed step by step: what it types is typed, what it promises is there."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import page_of
from tests.support.waiting import wait_for

PAGE = Path(__file__).parents[2] / "docs" / "first-look.md"
TEXT = PAGE.read_text(encoding="utf-8")
SLOW_MS = 300_000


def commands() -> list[list[str]]:
    """Return the `sre` commands of the page, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/sre ")]


def test_the_page_names_four_commands_and_one_sentence() -> None:
    assert [each[:2] for each in commands()] == [
        ["demo", "--open"], ["status", "announce"], ["status", "resolve"],
    ]  # fmt: skip
    assert re.findall(r"^> (.+)$", TEXT, re.MULTILINE) == [
        "lunch with Ada tomorrow at 12:30 in the canteen"
    ]
    assert all((PAGE.parent / link).is_file() for link in re.findall(r"\]\(([\w-]+\.md)\)", TEXT))


@pytest.mark.thorough
def test_a_newcomer_who_follows_the_page_finds_what_it_says(
    browser: Browser, tmp_path: Path
) -> None:
    opened, announce, resolve = commands()
    environment = {**os.environ, "SRE_RUNS_DIR": str(tmp_path / "runs")}
    log = tmp_path / "demo.log"
    sre = [sys.executable, "-m", "sre"]
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [*sre, *opened, "--duration", "5"], env=environment, stdout=out, stderr=out
        )
    try:
        wait_for(
            lambda: "Ctrl-C ends it all" in log.read_text(),
            what="the three addresses", within_s=120, told=log.read_text,
        )  # fmt: skip
        address = re.compile(r"^(\w+) +(http://127\.0\.0\.1:\d+/)$", re.MULTILINE)
        places = dict(address.findall(log.read_text()))
        assert set(places) == {"assistant", "console", "status"}
        with page_of(browser) as seen:
            seen.set_default_timeout(SLOW_MS)
            seen.goto(places["assistant"])
            (sentence,) = re.findall(r"^> (.+)$", TEXT, re.MULTILINE)
            seen.fill("#sentence", sentence)
            expect(seen.locator("#facts")).to_contain_text("12:30", timeout=SLOW_MS)
            seen.keyboard.press("Control+Enter")
            expect(seen.locator("#week")).to_contain_text("the canteen", timeout=SLOW_MS)
            seen.click("#undo")
            seen.goto(places["console"])
            expect(seen.locator("main")).to_contain_text("evaluates no alert rules")
            seen.locator("#slo-availability").click()
            expect(seen.locator("main")).to_contain_text("pages after", timeout=SLOW_MS)
            seen.click("nav >> text=Runs")
            seen.locator("a", has_text="-smoke-").first.click()
            expect(seen.locator("main")).to_contain_text("Distribution of latency", timeout=SLOW_MS)
            subprocess.run([*sre, *announce], env=environment, check=True, capture_output=True)

            def told() -> bool:
                seen.goto(places["status"])
                return "Saving is slow" in seen.locator("main").inner_text()

            wait_for(told, what="the page tells it", within_s=60)
            subprocess.run([*sre, *resolve], env=environment, check=True, capture_output=True)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()
    assert "nothing is left running" in log.read_text()
