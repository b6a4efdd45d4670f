"""What a caller says of the trace it is in, by W3C Trace Context, and what is not believed."""

import pytest

from service.observe.identity import caller_of, given_identity, new_ids, tracestate_of

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("said", "is_sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-03", True),
        (f" 00-{TRACE}-{SPAN}-01 ", True),
        (f"cc-{TRACE}-{SPAN}-01-what-comes-later", True),
        (f"01-{TRACE}-{SPAN}-00", False),
    ],
)
def test_a_valid_traceparent_is_taken(said: str, is_sampled: bool) -> None:  # noqa: FBT001
    assert caller_of(said.encode()) == (TRACE, SPAN, is_sampled)


@pytest.mark.parametrize(
    "said",
    [
        "", "twice", "00", f"00-{TRACE}-{SPAN}", f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE[:-1]}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-0g", f"00_{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01", f"cc-{TRACE}-{SPAN}-01more",
        "é" * 55, "0" * 100_000,
    ],
)  # fmt: skip
def test_what_breaks_the_standard_is_no_traceparent(said: str) -> None:
    assert caller_of(said.encode()) is None


def test_a_traceparent_that_is_given_twice_is_none() -> None:
    one = (b"traceparent", f"00-{TRACE}-{SPAN}-01".encode())
    assert caller_of(given_identity([one])[1]) is not None
    assert caller_of(given_identity([one, one])[1]) is None
    assert caller_of(given_identity([one, one, one])[1]) is None


@pytest.mark.parametrize(
    ("headers", "passed_on"),
    [
        (["a=1,b=2"], "a=1,b=2"),
        (["a=1", "b=2"], "a=1,b=2"),
        (["a=1, ,b=2\t"], "a=1,b=2"),
        (["tenant@vendor=x y"], "tenant@vendor=x y"),
        ([], ""), (["A=1"], ""), (["a"], ""), (["a=1,a=2"], ""), (["a=é"], ""), (["a=1=2"], ""),
        ([",".join(f"k{n}=1" for n in range(33))], ""), (["a=" + "x" * 600], ""),
    ],
)  # fmt: skip
def test_a_tracestate_is_passed_on_as_it_is_or_not_at_all(
    headers: list[str], passed_on: str
) -> None:
    assert tracestate_of([(b"tracestate", one.encode("latin-1")) for one in headers]) == passed_on


def test_ids_are_random_hexadecimal_and_never_the_same() -> None:
    ids = new_ids(48)
    found = [next(ids) for _ in range(2000)]
    assert len({one[:32] for one in found}) == len({one[32:] for one in found}) == 2000
    assert all(len(one) == 48 and int(one[:32], 16) and int(one[32:], 16) for one in found)
