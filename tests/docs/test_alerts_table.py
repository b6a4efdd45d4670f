"""docs/alerts.md says which drill proved which alert, as the kept records have it."""

from ops.drills.files import shipped_drills
from ops.drills.proof import PAGE, RECORDS, kept_records, proofs_of, written_page

RENEW = "renew it: python -m ops.drills.proof"


def test_the_table_of_proofs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == written_page(), RENEW


def test_every_kept_record_is_of_a_drill_that_there_is_and_as_it_wants() -> None:
    drills = shipped_drills()
    assert sorted(path.stem for path in RECORDS.glob("*.json")) == sorted(
        record["config"]["drill"] for record in kept_records()
    )
    for record in kept_records():
        drill = drills[record["config"]["drill"]]
        expected = {(e.alert, e.priority, e.receiver) for e in drill.expects}
        arrived = {(a["alert"], a["priority"], a["receiver"]) for a in record["alerts"]}
        assert expected == arrived
        assert {proof.alert for proof in proofs_of(record)} == {
            *(e.alert for e in drill.expects), *drill.proves,
        }  # fmt: skip
