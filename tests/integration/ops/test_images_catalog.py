"""The catalogue of images, and how they differ."""

import pytest

from kit.edge.containers.base import bootstrap_arguments
from kit.edge.containers.catalog import IMAGES, WANTED, image_of
from kit.edge.containers.cgroups import mounted_kinds, version_1_controllers
from kit.edge.containers.content import content_hash, local_reference
from kit.pure.errors import BadInputError


def test_every_image_but_the_base_has_a_recipe_that_stands_on_its_parent() -> None:
    for image in IMAGES.values():
        if image.parent:
            assert image.parent in IMAGES
            assert "FROM ${PARENT}" in (image.recipe / "Dockerfile").read_text()


def test_no_server_in_an_image_runs_as_root() -> None:
    for role in WANTED:
        lines = (image_of(role).recipe / "Dockerfile").read_text().splitlines()
        users = [line.split()[1] for line in lines if line.startswith("USER ")]
        assert users, role
        assert users[-1] != "root", role


def test_official_tags_name_a_version_and_never_the_latest() -> None:
    for image in IMAGES.values():
        tag = image.official.partition(":")[2]
        assert not image.official or (tag and tag != "latest")


@pytest.mark.thorough
def test_the_same_content_has_the_same_name_and_each_role_its_own() -> None:
    names = [local_reference(image) for image in IMAGES.values()]
    assert names == [local_reference(image) for image in IMAGES.values()]
    assert len({content_hash(image) for image in IMAGES.values()}) == len(IMAGES)


def test_an_unknown_role_is_answered_with_the_roles_there_are() -> None:
    with pytest.raises(BadInputError, match="'postgres'") as caught:
        image_of("postgres")
    assert "redis" in caught.value.hint


def test_the_base_is_made_of_one_suite_with_its_security_updates() -> None:
    words = bootstrap_arguments()
    assert "--variant=minbase" in words
    assert any("bookworm-security" in word for word in words)


def test_control_groups_are_seen_in_either_version_and_missed_when_absent() -> None:
    plain = "proc /proc proc rw 0 0\ntmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
    assert mounted_kinds(plain) == frozenset()
    assert mounted_kinds(plain + "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n") == {"cgroup"}
    assert mounted_kinds("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") == {"cgroup2"}


def test_only_enabled_controllers_are_mounted() -> None:
    table = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t2\t1\nrdma\t0\t1\t0\n"
    assert version_1_controllers(table) == ("cpu",)
