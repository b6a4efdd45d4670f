"""OpenSLO files to objects: each of a known kind, well named, and referred to by name."""

import difflib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER, Field, closest
from slo.names import check_name

API_VERSION: Final = "openslo/v1"
KINDS: Final = (
    "Service",
    "SLO",
    "SLI",
    "AlertPolicy",
    "AlertCondition",
    "AlertNotificationTarget",
    "DataSource",
)
_RESERVED: Final = "openslo.com/"
_LONGEST_DESCRIPTION: Final = 1050


@dataclass(frozen=True, slots=True)
class Document:
    """One object of a file: its kind, its name and its fields."""

    kind: str
    name: str
    body: Field


@dataclass(frozen=True, slots=True)
class Library:
    """Every object that was read, to be found by kind and name."""

    documents: tuple[Document, ...]

    def of(self, kind: str) -> Mapping[str, Field]:
        """Return the objects of a kind by their names."""
        return {each.name: each.body for each in self.documents if each.kind == kind}

    def find(self, kind: str, reference: Field) -> Field:
        """Return the object that a reference names; FieldError when there is none."""
        name, known = reference.text(), self.of(kind)
        if name not in known:
            if not known:
                raise reference.wrong(f"names no {kind}", f"add a document of `kind: {kind}`")
            raise reference.wrong(f"names no {kind}", closest(name, known))
        return known[name]


def read_documents(
    sources: Iterable[tuple[str, str]],
) -> tuple[tuple[Document, ...], tuple[BadInputError, ...]]:
    """Split (file name, text) pairs into documents, each with a valid kind and a unique name.

    What is wrong with a file or with how a document presents itself comes beside them.
    """
    found: dict[tuple[str, str], Document] = {}
    problems: list[BadInputError] = []
    for source, text in sources:
        try:
            bodies = read_bodies(source, text)
        except BadInputError as err:
            problems.append(err)
            continue
        for body in bodies:
            try:
                document = _document(body)
                _only_once(document, found)
            except BadInputError as err:
                problems.append(err)
            else:
                found[document.kind, document.name] = document
    return tuple(found.values()), tuple(problems)


def _only_once(document: Document, found: Mapping[tuple[str, str], Document]) -> None:
    first = found.get((document.kind, document.name))
    same = first is not None and first.body.value == document.body.value
    if first is not None and not (same and document.kind == "Service"):
        # One service may stand, the same, in each file that was imported of it.
        place = document.body.need("metadata").need("name")
        raise place.wrong(
            f"is used twice by kind {document.kind} (first in {first.body.source})", "rename one"
        )


def read_bodies(source: str, text: str) -> tuple[Field, ...]:
    """Return the YAML documents of a text; of several each is named by its number.

    Raises BadInputError in one line for what is not YAML, or nothing.
    """
    try:
        loaded = list(yaml.load_all(text, Loader=_Strict))
    except (yaml.YAMLError, ValueError) as err:
        reason = " ".join(str(err).split())
        raise BadInputError(f"{source}: is not YAML: {reason}", hint="fix the syntax") from err
    present = [(number, each) for number, each in enumerate(loaded, 1) if each is not None]
    if not present:
        raise BadInputError(f"{source}: is empty", hint="write something in it, or delete it")
    if len(present) == 1:
        return (Field(source, "", present[0][1]),)
    return tuple(Field(f"{source} (document {n})", "", each) for n, each in present)


def check_description(spec: Field) -> None:
    """Check that a description is a text of the length that OpenSLO allows."""
    description = spec.get("description")
    if description is not None and len(description.text()) > _LONGEST_DESCRIPTION:
        length = len(description.text())
        raise description.wrong(f"has {length} letters", f"use up to {_LONGEST_DESCRIPTION}")


def check_metadata(metadata: Field, *, kind: str = "") -> str:
    """Return the name in an object's metadata, all of which must be well-formed."""
    metadata.only("name", "displayName", "labels", "annotations")
    name = check_name(metadata.need("name", f"name the {kind}" if kind else ""))
    if shown := metadata.get("displayName"):
        shown.text()
    for label in _entries(metadata.get("labels")):
        for value in label.items() if isinstance(label.value, list) else (label,):
            value.text()
    for annotation in _entries(metadata.get("annotations")):
        annotation.text()
        if annotation.path.startswith(f"metadata.annotations.{_RESERVED}"):
            raise annotation.wrong(f"is reserved: {_RESERVED}", "use a prefix of your own")
    return name


def _entries(place: Field | None) -> Iterable[Field]:
    if place is None:
        return ()
    return tuple(place.need(name) for name in place.names())


def _document(body: Field) -> Document:
    _api_version(body)
    body.only("apiVersion", "kind", "metadata", "spec")
    kind = body.need("kind", f"add `kind:` with one of {', '.join(KINDS)}").choice(*KINDS)
    return Document(kind, check_metadata(body.need("metadata"), kind=kind), body)


def _api_version(body: Field) -> None:
    if "version" in body.names() and "slos" in body.names():
        raise body.need("version").wrong(
            "is sloth's, and this is no OpenSLO", "turn it into OpenSLO with `sre slo import`"
        )
    found = body.need("apiVersion", f"add `apiVersion: {API_VERSION}`")
    if found.value == API_VERSION:
        return
    fix = f"write {API_VERSION}, the version that is read"
    if not difflib.get_close_matches(found.text(), [API_VERSION], cutoff=0.5):
        fix += "; is this an OpenSLO file?"
    raise found.wrong("is not a version that is read", fix)


class _Strict(SAFE_LOADER):  # type: ignore[misc]
    """A SafeLoader that refuses a key that stands twice: the first would silently be lost."""

    def construct_mapping(
        self,
        node: yaml.Node,
        deep: bool = False,  # noqa: FBT001, FBT002 -- as PyYAML calls it
    ) -> dict[Hashable, Any]:  # Any: as PyYAML has it
        """Build a mapping of keys that are all different."""
        seen: set[object] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else id(key)
            if name in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(name)
        built: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return built
