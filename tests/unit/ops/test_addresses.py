import string
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.addresses import MASK, masked, no_such_address
from kit.pure.errors import BadInputError, UnreachableError
from ops.backup import restic_store
from ops.checks.evidence import Evidence, Seen
from ops.checks.finding import Finding, State
from ops.checks.places import Places, read_places
from ops.checks.runs import bounded

SECRETS = st.text(string.ascii_letters + string.digits + "!$%&*+-.=_~:@/", min_size=6)


@given(st.sampled_from(["mongodb", "mongodb+srv", "redis", "rediss", "https"]), SECRETS)
def test_no_password_of_an_address_is_shown(scheme: str, secret: str) -> None:
    text = f"cannot reach {scheme}://us3r:Qx9{secret}@h0st:1/db now"
    assert f"Qx9{secret}" not in masked(text)
    assert "h0st:1/db now" in masked(text)


@given(SECRETS)
def test_no_known_secret_is_shown_wherever_it_stands(secret: str) -> None:
    shown = masked(f"a <{secret}> b", secret)
    assert shown == f"a <{MASK}> b"


def test_an_address_without_a_password_stays_as_it_is() -> None:
    text = "mongodb://127.0.0.1:27017/calendar?directConnection=true and mail@example.org"
    assert masked(text) == text


def test_a_secret_parameter_is_hidden() -> None:
    text = "https://host/v1?api_key=abc123&tlsCertificateKeyFilePassword=hush&x=1"
    assert (
        masked(text) == f"https://host/v1?api_key={MASK}&tlsCertificateKeyFilePassword={MASK}&x=1"
    )


def test_places_show_no_password() -> None:
    places = read_places(
        {"CALENDAR_MONGODB_URL": "mongodb://a:geheim@h/x"}, redis="redis://:hush@h"
    )
    assert "geheim" not in repr(places)
    assert "hush" not in repr(places)


def test_a_wrong_address_is_refused_without_showing_its_password() -> None:
    with pytest.raises(BadInputError) as caught:
        read_places({"CALENDAR_MONGODB_URL": "postgres://a:geheim@host/x"})
    assert "geheim" not in f"{caught.value} {caught.value.hint}"
    assert "CALENDAR_MONGODB_URL" in str(caught.value)


def test_an_option_goes_before_its_variable() -> None:
    environment = {"CALENDAR_REDIS_URL": "redis://one"}
    assert read_places(environment).redis == "redis://one"
    assert read_places(environment, redis="redis://two").redis == "redis://two"


def test_neither_findings_nor_errors_of_a_check_show_a_key() -> None:
    places = Places("http://h", settings={"CALENDAR_ADMIN_KEY": "opensesame"})
    finding = Finding("a", State.FAIL, "key opensesame", do_next="opensesame")
    source = Evidence("opensesame", 1, 0, "answers", ("opensesame",))
    found = bounded("x", places, lambda: Seen([finding], [source]), within_s=5)
    assert "opensesame" not in repr(found)

    def fail() -> Seen:
        raise UnreachableError("with opensesame", hint="not opensesame")

    with pytest.raises(UnreachableError) as caught:
        bounded("x", places, fail, within_s=5)
    assert "opensesame" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "user:geheim@host:6379",
        "redis:/:geheim@h",
        "u:geheim://x@h",
        "x?password=geheim",
        "//geheim@h",
    ],
)
def test_an_address_without_its_scheme_is_refused_without_showing_its_password(text: str) -> None:
    error = no_such_address("CALENDAR_REDIS_URL", text, "redis://")
    assert "geheim" not in f"{error} {error.hint}"


@pytest.mark.parametrize("filler", range(225, 260))
def test_what_cannot_be_judged_is_cut_after_its_secrets_are_masked(filler: int) -> None:
    places = Places("http://h", settings={"CALENDAR_ADMIN_KEY": "topsecret"})

    def fail() -> Seen:
        raise ValueError("-" * filler + "topsecret and redis://:geheim@h")

    (found,) = bounded("x", places, fail, within_s=5).findings
    assert "top" not in found.value
    assert "geh" not in found.value


def test_what_restic_says_is_cut_after_its_passwords_are_masked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for filler in range(270, 300):
        said = "-" * filler + " rest:https://u:geheim@h/x"
        done = SimpleNamespace(returncode=1, stderr=said)
        monkeypatch.setattr(restic_store.ResticStore, "_process", lambda *_, done=done: done)
        with pytest.raises(UnreachableError) as caught:
            restic_store.ResticStore("/x").names()
        assert "geh" not in str(caught.value)
