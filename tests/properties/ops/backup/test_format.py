"""What was written is read back, and no change of a single byte goes unnoticed."""

import gzip
import shutil
from io import BytesIO
from pathlib import Path

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.backup.blocks import BlockWriter, DamagedBlockError, Digest, read_block, split
from ops.backup.checking import check
from ops.backup.folder import State, look, new_backup
from ops.backup.manifest import extended, from_extended
from ops.backup.progress import nobody
from tests.support.backups import make_backup
from tests.support.sampling import examples

KEYS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)
DOCUMENTS = st.lists(st.dictionaries(KEYS, st.text()), max_size=30)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    documents = [{"_id": n, "title": f"meeting {n * n}"} for n in range(60)]
    return make_backup(tmp_path_factory.mktemp("backups"), documents, redis=True)


@given(documents=DOCUMENTS, block_bytes=st.integers(1, 500))
def test_documents_come_back_as_they_were_whatever_the_size_of_a_block(
    documents: list[dict[str, str]], block_bytes: int
) -> None:
    out = BytesIO()
    writer = BlockWriter(out, block_bytes=block_bytes)
    sent = [bson.encode(document) for document in documents]
    for document in sent:
        writer.add(document)
    written = writer.finish()
    back = [d for block in written.blocks for d in split(read_block(out, block))]
    assert back == sent
    assert gzip.decompress(out.getvalue()) == b"".join(sent)
    assert written.documents == len(sent)
    assert written.size_bytes == len(out.getvalue())


@given(documents=DOCUMENTS, order=st.randoms(use_true_random=False))
def test_the_digest_knows_which_documents_there_are_and_not_their_order(
    documents: list[dict[str, str]], order: object
) -> None:
    sent = [bson.encode(document) for document in documents]
    mixed = [*sent]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    digests = [Digest(), Digest(), Digest()]
    for digest, texts in zip(digests, (sent, mixed, [*sent, b"one more"]), strict=True):
        for text in texts:
            digest.add(text)
    assert digests[0].hexdigest() == digests[1].hexdigest() != digests[2].hexdigest()


def test_a_backup_that_nobody_touched_is_whole(whole: Path) -> None:
    checked = check(look(whole), nobody)
    assert checked.is_whole
    assert checked.documents == 60
    assert checked.strangers == ()


@examples(100)
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1), label="byte")
        content[at] ^= 1 << data.draw(st.integers(0, 7), label="bit")
        path.write_bytes(content)

    _break_and_check(whole, tmp_path_factory.mktemp("flipped"), data, flip)


@examples(40)
@given(data=st.data())
def test_a_truncated_lengthened_or_deleted_file_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    def change(path: Path) -> None:
        how = data.draw(st.sampled_from(["truncate", "delete", "add", "folder", "link"]))
        content = path.read_bytes()
        path.unlink()
        if how == "truncate":
            path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
        elif how == "add":
            path.write_bytes(content + data.draw(st.binary(min_size=1, max_size=9)))
        elif how == "folder":
            path.mkdir()
        elif how == "link":
            path.symlink_to("/etc/hostname")

    _break_and_check(whole, tmp_path_factory.mktemp("cut"), data, change)


def test_damage_is_reported_with_its_place_and_costs_one_block(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / whole.name
    shutil.copytree(whole, copy)
    manifest = look(copy).manifest
    assert manifest is not None
    file = manifest.files()[0]
    block = file.blocks[3]
    content = bytearray((copy / file.name).read_bytes())
    content[block.offset + 12] ^= 0xFF
    (copy / file.name).write_bytes(content)
    (damage,) = check(look(copy), nobody).damage
    assert (damage.file, damage.at_byte) == (file.name, block.offset)
    assert damage.documents - damage.intact_documents == block.documents
    assert "SHA-256" in damage.problem


@pytest.mark.parametrize(
    "documents", [b"\x04\0\0\0", b"\xff\xff\xff\xff....", b"\x20\0\0\0 too short", b"\x05\0"]
)
def test_bytes_that_are_no_documents_are_refused(documents: bytes) -> None:
    with pytest.raises(DamagedBlockError, match="no document can be"):
        list(split(documents))


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with new_backup(tmp_path, "some") as unfinished:
            assert look(unfinished.path).state is State.BEING_WRITTEN
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_left_behind_is_unfinished(tmp_path: Path, whole: Path) -> None:
    left = tmp_path / "20260101T000000Z-0000.partial"
    left.mkdir()
    assert look(left).state is State.UNFINISHED
    copy = tmp_path / whole.name
    shutil.copytree(whole, copy)
    (copy / "manifest.json").unlink()
    assert look(copy).state is State.UNFINISHED


@given(
    st.recursive(
        st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.booleans(),
        lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    )
)
def test_options_keep_their_types_in_a_manifest(value: object) -> None:
    document = {"value": value}
    assert bson.encode(from_extended(extended(document))) == bson.encode(document)


def _break_and_check(whole: Path, root: Path, data: st.DataObject, change: object) -> None:
    copy = root / whole.name
    shutil.copytree(whole, copy)
    files = sorted(path.name for path in whole.iterdir())
    change(copy / data.draw(st.sampled_from(files), label="file"))  # type: ignore[operator]
    entry = look(copy)
    assert entry.manifest is None or not check(entry, nobody).is_whole
