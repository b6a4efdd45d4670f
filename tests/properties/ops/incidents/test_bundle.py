"""A bundle of evidence is the same bytes for the same parts, and no change of it goes unnoticed."""

import base64
import gzip
import io
import json
import random
import stat
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError, RefusedError
from ops.incidents.evidence.bundle import MANIFEST, keep, manifest_of, packed, verify
from ops.incidents.evidence.part import Missing, Part
from sre.running import run

ABOUT = {"made_at": "2026-11-01T10:00:00Z", "who": "ada"}
PARTS = [
    Part("service/health.json", '{"status": "degraded"}\n', "GET /health"),
    Part("logs/calendar-api.log", "one\ntwo\n", "a file"),
]
MISSING = [Missing("Prometheus", "refused")]


def content(parts: list[Part] = PARTS) -> bytes:
    return packed(parts, manifest_of(parts, MISSING, ABOUT), 1_700_000_000)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "evidence.tar.gz"
    keep(path, content())
    return path


def test_the_same_parts_in_any_order_are_the_same_bytes() -> None:
    assert content(PARTS[::-1]) == content(PARTS)


def test_only_its_owner_can_read_it(bundle: Path) -> None:
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert stat.S_IMODE((bundle.parent / "evidence.tar.gz.sha256").stat().st_mode) == 0o600


def test_a_bundle_is_never_written_over(bundle: Path) -> None:
    before = bundle.read_bytes()
    with pytest.raises(RefusedError, match="there already"):
        keep(bundle, b"other")
    assert bundle.read_bytes() == before
    assert sorted(path.name for path in bundle.parent.iterdir()) == [
        "evidence.tar.gz",
        "evidence.tar.gz.sha256",
    ]


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [("", 2, "it is a folder"), ("evidence.tar.gz", 4, "there already"),
     ("evidence.tar.gz/x", 2, "cannot write"), ("/proc/x.tar.gz", 2, "cannot write")],
)  # fmt: skip
def test_a_place_that_cannot_be_used_is_reported_before_anybody_is_asked(
    out: str, code: int, said: str, bundle: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    words = ["--target", "http://127.0.0.1:9"]
    assert run(["incident", "evidence", str(bundle.parent / out), *words]) == code
    assert said in capsys.readouterr().err


def test_no_bundle_is_made_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--target", "http://127.0.0.1:9", "--prometheus", "http://127.0.0.1:9"]
    code = run(["incident", "evidence", str(tmp_path / "e.tar.gz"), *words])
    said = capsys.readouterr()
    # Where a container engine or a cluster answers, there is that at least.
    assert code in {1, 3}, said.err
    assert (tmp_path / "e.tar.gz").exists() == (code == 1)


def test_a_whole_bundle_has_nothing_wrong_and_says_what_it_lacks(bundle: Path) -> None:
    kept, wrong = verify(bundle)
    assert wrong == []
    assert [part["path"] for part in kept.manifest["parts"]] == [
        "logs/calendar-api.log",
        "service/health.json",
    ]
    assert kept.manifest["missing"] == [{"source": "Prometheus", "why": "refused"}]


@given(at=st.integers(min_value=0, max_value=len(content()) - 1), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(at: int, bit: int, tmp_path_factory: object) -> None:
    folder: Path = tmp_path_factory.mktemp("bundle")  # type: ignore[attr-defined]
    path = folder / "evidence.tar.gz"
    keep(path, content())
    spoilt = bytearray(path.read_bytes())
    spoilt[at] ^= 1 << bit
    path.write_bytes(bytes(spoilt))
    assert verify(path)[1] != []


def _rewritten(path: Path, files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    path.write_bytes(gzip.compress(out.getvalue()))
    (path.parent / f"{path.name}.sha256").unlink(missing_ok=True)


def _files(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("evidence/service/health.json", b'{"status": "healthy"}\n', "was changed"),
        ("evidence/service/health.json", None, "is missing"),
        ("evidence/planted.txt", b"x", "was added"),
        ("../outside.txt", b"x", "does not belong"),
    ],
)
def test_without_its_seal_a_changed_part_is_still_named(
    bundle: Path, name: str, text: bytes | None, said: str
) -> None:
    files = _files(bundle)
    files.pop(name, None)
    if text is not None:
        files[name] = text
    _rewritten(bundle, files)
    wrong = verify(bundle)[1]
    assert len(wrong) == 1
    assert said in wrong[0]


def test_a_bundle_made_anew_with_its_manifest_is_noticed_by_the_noted_sum(bundle: Path) -> None:
    noted = verify(bundle)[0].sha256
    other = [Part("service/health.json", "{}", "GET /health")]
    bundle.write_bytes(packed(other, manifest_of(other, [], ABOUT), 0))
    (bundle.parent / "evidence.tar.gz.sha256").unlink()
    assert verify(bundle)[1] == []
    assert "has SHA-256" in verify(bundle, noted)[1][0]


@pytest.mark.parametrize("junk", [b"not a bundle", gzip.compress(b"no tar", mtime=0)])
def test_what_is_no_bundle_is_reported_in_one_line(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(junk)
    with pytest.raises(BadInputError, match="is no bundle of evidence"):
        verify(path)
    assert run(["incident", "evidence", str(path), "--verify"]) == 2


LONG = [
    *PARTS,
    Part("logs/noise.log", base64.b85encode(random.Random(1).randbytes(300_000)).decode(), "x"),
]


@pytest.mark.parametrize("left", [0, 1, 7, 40, len(content(LONG)) // 2, len(content(LONG)) - 1])
@pytest.mark.parametrize("has_seal", [True, False])
def test_a_bundle_that_was_cut_is_bad_and_no_wrong_use(
    left: int, *, has_seal: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.tar.gz"
    keep(path, content(LONG))
    path.write_bytes(content(LONG)[:left])
    if not has_seal:
        path.with_name("e.tar.gz.sha256").unlink()
    assert run(["incident", "evidence", str(path), "--verify", "--json"]) == 1
    assert "it cannot be read" in json.loads(capsys.readouterr().out)["wrong"][int(has_seal)]


def test_a_byte_that_changed_inside_a_large_part_is_bad_without_a_seal_too(tmp_path: Path) -> None:
    spoilt = bytearray(content(LONG))
    spoilt[len(spoilt) // 2] ^= 0xFF
    path = tmp_path / "e.tar.gz"
    path.write_bytes(spoilt)
    assert run(["incident", "evidence", str(path), "--verify"]) == 1


def test_the_manifest_is_json_that_a_person_can_read(bundle: Path) -> None:
    manifest = json.loads(_files(bundle)[f"evidence/{MANIFEST}"])
    assert manifest["schema"] == "calendar-sre/evidence/v1"
    assert manifest["who"] == "ada"
