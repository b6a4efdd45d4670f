"""What opens doors and what people wrote is masked; what explains an incident stays."""

import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.addresses import MASK, masked
from ops.incidents import masking, secret_values
from ops.incidents.masking import Masking, masking_of
from tests.support.sampling import quick


@pytest.mark.parametrize(
    "line",
    [
        "mongodb://ada:SECRETS@db.internal:27017/calendar",
        "redis://:SECRETS@cache:6379/0",
        "postgres://ada:p@SECRETS@db/x",
        "Authorization: Bearer SECRETS",
        "authorization: Basic SECRETS==",
        '{"Authorization": "Bearer SECRETS"}',
        "curl -H 'X-API-Key: SECRETS' http://x",
        "set-cookie: session=SECRETS; Path=/",
        '{"password": "SECRETS", "user": 1}',
        "CALENDAR_ADMIN_KEY=SECRETS",
        "routing_key: SECRETS",
        "prog --token SECRETS --verbose",
        "prog --api-key=SECRETS",
        "https://hooks.slack.com/services/T0/SECRETS",
        "token eyJhbGciOiJI.SECRETSxx.abcdef",
        "xoxb-12345678-SECRETS",
        "-----BEGIN RSA PRIVATE KEY-----\nSECRETS\n-----END RSA PRIVATE KEY-----",
        '{"event": "decision", "text": "dinner with SECRETS at \\"noon\\" SECRETS"}',
        '{"title": "SECRETS"}',
        "mail from SECRETS@example.org",
        "http://a/b,http://ada:SECRETS@k",
        '{"headers": {"Authorization": ["Basic SECRETS"]}}',
        '{"password": {"value": "SECRETS", "of": [{"x": "SECRETS"}]}, "user": 1}',
        '{"api_keys": ["a ] b", "SECRETS"]}',
        '{"api_keys": [\n  "one",\n  "SECRETS"\n]}',
        '{"token": ["SECRETS',
        '{"msg": "{\\"password\\":\\"SECRETS\\"}"}',
        '"{\\\\\\"authorization\\\\\\": \\\\\\"Bearer SECRETS\\\\\\"}"',
        "CALENDAR_API_KEYS=first_one,SECRETS",
        'password = "a b SECRETS"',
        'password: "a\\"b SECRETS"',
        "token: 'a SECRETS",
        "[b'authorization', b'Basic SECRETS==']",
        '("x-api-key", "SECRETS")',
        "x-api-key => SECRETS",
        "GET /x?key=SECRETS HTTP",
        "GET /x?a=1&sig=SECRETS",
        "pwd=SECRETS",
        "password=\\SECRETS",
        "passphrase: SECRETS",
        f"used cal_{'0a' * 8}_SECRETS{'x' * 36} today",
    ],
)
def test_a_secret_does_not_survive(line: str) -> None:
    found = Masking().text(line)
    assert "SECRETS" not in found
    assert MASK in found


def test_what_the_environment_holds_is_masked_wherever_it_stands() -> None:
    environment = {
        "SRE_API_KEYS": "first-key-1,second-key-2",
        "CALENDAR_MONGODB_URL": "mongodb://ada:hunter22@db/calendar",
        "HOME": "/root",
    }
    masking = masking_of(environment)
    assert masking.text("got first-key-1 and second-key-2") == f"got {MASK} and {MASK}"
    assert masking.text("hunter22 again in /root") == f"{MASK} again in /root"


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"ERROR","event":"request","method":"POST","route":"/events","status":503}',
        '{"timestamp":"2026-11-01T10:00:00Z","request_id":"fd-9","duration_ms":12.5}',
        '{"event":"unauthorized","reason":"unknown","address":"203.0.113.7"}',
        'http_requests_total{method="GET",route="/events/{id}",status="500"} 12.0',
        'auth_failures_total{reason="unknown_key"} 3.0',
        "mongodb://db.internal:27017/calendar?directConnection=true",
        '{"credentials": "", "monkey": 1} key: 7, "cookie", cal_1, ["password", "token"]',
    ],
)
def test_what_explains_an_incident_stays_as_it_is(line: str) -> None:
    assert Masking().text(line) == line


HOSTILE = {
    "a mail address that never comes": "a.",
    "mail addresses that never end": "a@b.1",
    "only the sign of one": "@",
    "URLs with a user": "a://b:",
    "URLs that nest": "://:",
    "a scheme that never ends": "a+",
    "tokens": "eyJ-",
    "parts of tokens": "eyJabcdefgh.",
    "names of secrets": "password",
    "blanks after a name": "token:" + " " * 60,
    "options": "--a-a-",
    "one long option": "a-",
    "headers": "authorization:",
    "addresses of clients": "203.0.113.7 ",
    "one long address": "1.2.3.",
    "nested JSON": '{"text":',
    "escapes": '"text":"\\\\',
    "digits": "7",
    "beginnings of keys": "-----BEGIN ",
    "ends of keys": "-----BEGIN PRIVATE KEY",
    "quotes": "\"'",
    "lists that do not end": "password:{",
    "lists over lines that do not end": "token:[\n",
    "values that do not end": 'secret:"',
    "escaped values that do not end": '\\"token\\":\\\\"',
    "escapes after a name": "token" + "\\" * 60,
    "lists that end": "token:[{}],",
    "quotes that are escaped": 'token:["' + '\\"' * 60,
    "tuples": '"cookie", ',
}
"""What one who sends requests can have written into a log, over and over on one line."""


EVERY_WORD = " ".join(
    [word for words, _ in masking._PATTERNS for word in words] + [*secret_values.MARKS]
)
"""So that no expression is passed over."""


@pytest.mark.thorough
@pytest.mark.parametrize("what", quick(HOSTILE, first=8))
@pytest.mark.parametrize("mask", [Masking().text, masked])
def test_no_line_takes_more_than_its_length(what: str, mask: Callable[[str], str]) -> None:
    assert growth(mask, HOSTILE[what], 12_000) < 9


@pytest.mark.thorough
def test_what_takes_the_square_of_its_length_is_seen_as_such() -> None:
    quadratic = re.compile(r"\b[\w.+-]+@[\w-]+")
    assert growth(lambda text: quadratic.sub("", text), "a.", 4_000) > 9


def growth(mask: Callable[[str], str], unit: str, size: int) -> float:
    """Return how many times longer four times the text takes: 4 in proportion, 16 by the square."""
    once, four = (EVERY_WORD + unit * (size * n // len(unit)) for n in (1, 4))
    return min(took_s(mask, four) for _ in range(3)) / min(took_s(mask, once) for _ in range(5))


def took_s(mask: Callable[[str], str], text: str) -> float:
    began_s = time.thread_time()
    mask(text)
    return time.thread_time() - began_s


SECRET_LINES = st.sampled_from(
    [
        "password: SECRETS", "password:\n  SECRETS", "--token\nSECRETS x", "bearer \n SECRETSxx",
        '{"text": "see you.\nSECRETS 9.\n"}', "mongodb://ada:SECRETS@h/c", "SECRETS@example.org",
        "-----BEGIN PRIVATE KEY-----\nab12.\nSECRETS\n-----END PRIVATE KEY-----",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(SECRET_LINES, st.sampled_from(["ends in 7", "{}", "word"])), min_size=1))
def test_where_a_text_is_cut_into_pieces_no_secret_slips_through(lines: list[str]) -> None:
    whole = "\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masking, "_PIECE", 1)
        cut = Masking().text(whole)
    assert "SECRETS" not in cut
    assert Masking().text(whole) == cut


@pytest.mark.parametrize(
    "secret", ['quo"ted"', "back\\slash\\", "sl/ash+plus", "tab\there", "ünïcode&<", "it's\"both"]
)
def test_a_known_secret_is_masked_however_a_text_writes_it(secret: str) -> None:
    masking = masking_of({"CALENDAR_ADMIN_KEY": secret})
    inner = json.dumps({"said": secret})
    for written in (
        f"x {secret} y", inner, json.dumps({"said": secret}, ensure_ascii=False),
        json.dumps({"body": inner}), repr({"said": secret}), f"?q={quote(secret, safe='')}",
        f"q={quote_plus(secret)}", f"<b>{html.escape(secret)}</b>",
    ):  # fmt: skip
        shown = masking.text(written)
        for form in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), repr(secret)[1:-1]):
            assert form not in shown, written
