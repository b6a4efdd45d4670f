"""Everything in a database, to be compared."""

from typing import Any

from ops.backup.blocks import split


def everything_in(database: Any) -> dict[str, Any]:
    """Return everything in a database: options, indexes, and the bytes of each document."""
    found = {}
    for info in database.list_collections():
        name = info["name"]
        stored = info["type"] == "collection"
        batches = database[name].find_raw_batches({}) if stored else ()
        raw = sorted(document for batch in batches for document in split(batch))
        indexes = sorted((str(i) for i in database[name].list_indexes()) if stored else [])
        found[name] = (info["type"], info["options"], indexes, raw)
    return found
