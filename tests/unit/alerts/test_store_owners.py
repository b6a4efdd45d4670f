"""Several services deploy into one folder of rules, and each touches only its own files."""

from pathlib import Path

from alerts.deploy.past import Entry
from alerts.edge.store import Store


def put(store: Store, identity: str, **files: str) -> None:
    texts = {f"{name}.yaml": text for name, text in files.items()}
    with store.locked():
        store.begin(texts)
        store.finish(Entry(identity, "2026-11-29T00:00:00+00:00", "me", "c", tuple(texts)), texts)


def in_folder(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in folder.glob("*.yaml")}


def test_a_deploy_of_one_service_removes_no_file_of_another(tmp_path: Path) -> None:
    first, orders, stock = (Store(tmp_path, owner) for owner in ("", "orders", "stock"))
    put(first, "1", calendar="a", escalation="b")
    put(orders, "2", orders="c", old="d")
    put(stock, "3", stock="e")
    put(orders, "4", orders="f")
    assert in_folder(tmp_path) == {"calendar": "a", "escalation": "b", "orders": "f", "stock": "e"}
    assert [entry.identity for entry in orders.history()] == ["2", "4"]
    assert [entry.identity for entry in first.history()] == ["1"]
    assert orders.kept("2") == {"orders.yaml": "c", "old.yaml": "d"}


def test_an_interrupted_deploy_is_put_back_by_its_own_service_alone(tmp_path: Path) -> None:
    first, orders = Store(tmp_path), Store(tmp_path, "orders")
    put(first, "1", calendar="a")
    with first.locked():
        first.begin({"calendar.yaml": "half"})
    assert not orders.restore()
    put(orders, "2", orders="c")
    assert first.restore()
    assert in_folder(tmp_path) == {"calendar": "a", "orders": "c"}


def test_a_file_of_another_service_is_known_as_theirs(tmp_path: Path) -> None:
    put(Store(tmp_path), "1", calendar="a")
    put(Store(tmp_path, "orders"), "2", orders="c")
    assert Store(tmp_path, "stock").others() == {
        "calendar.yaml": "the first project",
        "orders.yaml": "orders",
    }
    assert Store(tmp_path, "orders").others() == {"calendar.yaml": "the first project"}
    assert Store(tmp_path).others() == {"orders.yaml": "orders"}
