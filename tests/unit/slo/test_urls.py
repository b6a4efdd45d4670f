"""Where a server is, apart from what opens it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError
from kit.pure.urls import address_of, masked

MARK = "Qz7Marked"
EXAMPLE = "http://host:9090"


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("text", "url", "authorization"),
    [
        ("http://h:1/", "http://h:1", ""),
        (" https://h/a/ ", "https://h/a", ""),
        ("http://u:p@h:1/a/", "http://h:1/a", basic("u:p")),
        ("http://u@h", "http://h", basic("u:")),
        ("http://:p@[::1]:80", "http://[::1]:80", basic(":p")),
        ("http://u%40x:p%3A%2Fq@h", "http://h", basic("u@x:p:/q")),
        ("http://u:a@b:c@h", "http://h", basic("u:a@b:c")),
    ],
)
def test_credentials_are_taken_out_of_an_address(text: str, url: str, authorization: str) -> None:
    found = address_of(text, example=EXAMPLE)
    assert (found.url, found.authorization) == (url, authorization)
    assert dict(found.headers) == ({"Authorization": authorization} if authorization else {})
    assert authorization == "" or authorization not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        f"ftp://u:{MARK}@h", f"http://u:{MARK}@h:99999", f"http://u:{MARK}@h/a b", f"u:{MARK}@h",
        f"http://u:{MARK} x@h", f"http://u:a?{MARK}@h", f"http://u:a#{MARK}@h", f"http://{MARK}@",
        f"http://h/?x={MARK}", f"http://h/?token={MARK}", f"http://h/#{MARK}", f"//u:{MARK}@h",
        f"http://u:a/{MARK}@h", f"HTTP://u:{MARK}@h?x", f"http://[u:{MARK}@h",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_what_may_be_secret_in_it(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        address_of(text, example=EXAMPLE)
    assert "Marked" not in f"{caught.value} {caught.value.hint}"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=20))
def test_no_password_whatever_its_letters_is_in_an_address_or_an_error(secret: str) -> None:
    text = f"https://robot:{MARK}{secret}@host.example:8080/base"
    try:
        shown = address_of(text, example=EXAMPLE).url
    except BadInputError as err:
        shown = str(err)
    assert MARK not in shown


@pytest.mark.parametrize(
    "text",
    [
        f"HTTP://u:{MARK}@h", f"https://{MARK}@h/x", f"?access_token={MARK}&a=1",
        f"?X-Api-Key={MARK}", f"&client_secret={MARK}", f"/?key={MARK}", f"?X-Amz-Signature={MARK}",
    ],
)  # fmt: skip
def test_a_secret_in_a_text_is_masked(text: str) -> None:
    assert MARK not in masked(f"cannot reach {text} now")


@pytest.mark.parametrize(
    "text", ["http://h:1/a?b=c", "mail to a@b.example", 'up{key="value"}', "https://h/@user"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"http://a/b,http://u:{MARK}@k", f"http://h/?next=https://u:{MARK}@h/", f"rediss://{MARK}@h",
        f"http://h:80/x;redis://:{MARK}@h", f"http://[::1]:80/,http://u:{MARK}@h", f"?pass={MARK}",
        f"http://h/http://u:a/{MARK}@k", f"&accesskey={MARK}", f"?user_pass={MARK}",
        f"https://{MARK}:@h/x", f"http://a@b:{MARK}@h", f"http://u:{MARK}://x@h",
        f"http://u:{MARK},http://x@h", f"HTTPS://Hooks.Slack.com/services/T0/B0/{MARK}",
        f"http://u:a@h,http://v:{MARK}@k,http://w:b@l",
    ],
)  # fmt: skip
def test_each_address_within_a_word_is_shown_without_what_opens_it(text: str) -> None:
    assert MARK not in masked(f"cannot reach {text} now")


@pytest.mark.parametrize(
    "text",
    ["http://h/http://k/a@b", "http://a:1/b,mongodb://user@h", "bypass=1", "http://h?x=http://k"],
)
def test_an_address_within_another_that_holds_no_secret_stays(text: str) -> None:
    assert masked(text) == text
