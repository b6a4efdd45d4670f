"""Drill files say what a drill does, and a wrong one is refused with the place and the reason."""

import json
from pathlib import Path

import pytest
import yaml

from alerts.routing.config import CONFIG_PATH
from kit.pure.errors import BadInputError
from ops.drills.acting import words_of
from ops.drills.deeds import DEEDS
from ops.drills.files import HOME, SCHEMA, read_drill, shipped_drills
from ops.drills.looks import LOOKS
from ops.drills.proof import alert_names
from ops.drills.rules import routes_of

GOOD = """
name: cable-cut
breaks: "the cable is cut"
about_s: 20
expects: [{alert: DependencyDown, priority: P2, receiver: ticket-urgent}]
inject: [{do: link, link: redis, hold: both}]
mend: [{do: link, link: redis}]
needs: [proxy]
limits: {most_failed_share: 0.1}
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "cable-cut.yaml"
    path.write_text(text)
    return path


def test_a_file_becomes_a_drill(tmp_path: Path) -> None:
    drill = read_drill(_file(tmp_path, GOOD))
    assert (drill.name, drill.needs, drill.most_failed_share) == ("cable-cut", ("proxy",), 0.1)
    assert drill.expects[0].alert == "DependencyDown"
    assert drill.resolves


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("do: link, link: redis, hold: both", "do: unplug", "inject.0"),
        ("hold: both", "hold: sideways", "inject.0"),
        ("about_s: 20", "about_s: soon", "about_s"),
        ("priority: P2", "priority: P9", "expects.0.priority"),
        ("needs: [proxy]", "needs: [crowbar]", "needs.0"),
        ("limits:", "limit:", "limit"),
        ("name: cable-cut", "name: cable-torn", "calls itself 'cable-torn'"),
        ("inject: [{do: link, link: redis, hold: both}]", "inject: []", "inject"),
        ("breaks:", "breaks: {", "no drill"),
        ("about_s: 20", "about_s: .nan", "no drill"),
        ("most_failed_share: 0.1", "detect_within_s: .inf", "no drill"),
        ("most_failed_share: 0.1", "detect_within_s: 1e30", "limits.detect_within_s"),
        ("[{do: link, link: redis}]", """[{do: sre, run: "check 'health"}]""", "mend.0.run"),
        ("[proxy]", "[" * 3000, "no drill"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BadInputError, match=r"cable-cut\.yaml") as caught:
        read_drill(path)
    assert said in str(caught.value)


def test_a_folder_with_a_space_in_its_name_is_one_word_of_a_command() -> None:
    words = words_of("backup create --backup-dir DRILL/a 'x y' SERVICE", Path("/a b"), SERVICE="u")
    assert words == ["backup", "create", "--backup-dir", "/a b/a", "x y", "u"]


def test_the_schema_knows_every_deed_and_every_look_and_no_other() -> None:
    schema = json.loads(SCHEMA.read_text())["$defs"]
    for key, kind, known in (("do", "deed", DEEDS), ("look", "look", LOOKS)):
        named = [one["properties"][key]["const"] for one in schema[kind]["oneOf"]]
        assert sorted(named) == sorted(known)


def test_every_shipped_drill_ends_at_a_receiver_that_there_is() -> None:
    config = yaml.safe_load((Path("alerts") / CONFIG_PATH).read_text())
    receivers = {route["receiver"] for route in routes_of(config["route"])}
    drills, names = shipped_drills(), set(alert_names())
    assert len(drills) == len(list(HOME.glob("*.yaml")))
    for drill in drills.values():
        for expected in drill.expects:
            assert expected.receiver in receivers
            assert expected.alert in names
        assert set(drill.proves) <= names
