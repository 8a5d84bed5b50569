"""References to other files: inside the folder, once, and nowhere else without being asked."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Document, ReadOptions, Source, library, load, read

from tests.unit.read.reading import at, document, failure, from_file, tree

PET = {"Pet": {"type": "object", "properties": {"owner": {"$ref": "people/owner.yaml#/Owner"}}}}
OWNER = "Owner:\n  type: object\n  properties:\n    pet: {$ref: '../common.json#/Pet'}\n"


def schemas(references: dict[str, str]) -> dict[str, Any]:
    given = {name: {"$ref": reference} for name, reference in references.items()}
    return tree(openapi="3.1.0", components={"schemas": given})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files to refer to, and a secret beside it."""
    inside = tmp_path / "specs"
    (inside / "people").mkdir(parents=True)
    (inside / "common.json").write_text(json.dumps(PET))
    (inside / "people" / "owner.yaml").write_text(OWNER)
    (inside / "with space.json").write_text('{"type": "string"}')
    (tmp_path / "secret.json").write_text('{"Leak": {"const": "secret"}}')
    return inside


def written(folder: Path, references: dict[str, str]) -> Document:
    (folder / "shop.json").write_text(json.dumps(schemas(references)))
    return from_file(folder / "shop.json")


def code(read_document: Document, name: str = "A") -> str:
    return failure(read_document, at(read_document, "components", "schemas", name)).code


def test_files_in_the_folder_are_followed_from_file_to_file(folder: Path) -> None:
    found = written(folder, {"A": "common.json#/Pet", "B": "./with%20space.json"})
    pet = found.resolve(at(found, "components", "schemas", "A"))
    assert pet.file == str(folder / "common.json")
    owner = found.resolve(at_node(pet, "properties", "owner"))
    assert (owner.file, owner.pointer) == (str(folder / "people" / "owner.yaml"), "#/Owner")
    assert found.resolve(at_node(owner, "properties", "pet")) == pet
    assert found.resolve(at(found, "components", "schemas", "B")).value == {"type": "string"}


def at_node(node: Any, *keys: str) -> Any:
    for key in keys:
        node = node.get(key)
    return node


def test_each_file_is_read_once_and_its_digest_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = written(folder, {"A": "common.json#/Pet", "B": "./people/../common.json#/Pet"})
    opened: list[str] = []
    original = Path.open

    def counting(self: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(self.name)
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", counting)
    for _ in range(3):
        for name in ("A", "B"):
            pet = found.resolve(at(found, "components", "schemas", name))
            found.resolve(at_node(pet, "properties", "owner"))
    assert sorted(opened) == ["common.json", "owner.yaml"]
    data = (folder / "common.json").read_bytes()
    assert found.files[str(folder / "common.json")] == hashlib.sha256(data).hexdigest()
    assert len(found.files) == 2


def test_a_file_may_refer_back_to_the_document(folder: Path) -> None:
    (folder / "back.json").write_text('{"B": {"$ref": "shop.json#/components/schemas/C"}}')
    (folder / "shop.json").write_text(
        json.dumps(tree(components={"schemas": {"A": {"$ref": "back.json#/B"}, "C": {}}}))
    )
    found = from_file(folder / "shop.json")
    end = found.resolve(at(found, "components", "schemas", "A"))
    assert (end.file, end.pointer) == (found.root.file, "#/components/schemas/C")


def test_findings_in_another_file_have_its_name_line_and_column(folder: Path) -> None:
    found = written(folder, {"A": "people/owner.yaml#/Owner/properties/pet"})
    owner = found.target(at(found, "components", "schemas", "A"))
    report = Report()
    report.say("openapi-invalid", owner.place, "x")
    [finding] = found.located(report)
    assert (finding.place.file, finding.place.line) == (str(folder / "people" / "owner.yaml"), 4)


@pytest.mark.parametrize(
    "reference",
    [
        "../secret.json#/Leak",
        "people/../../secret.json#/Leak",
        "%2e%2e/secret.json#/Leak",
        "..%2fsecret.json#/Leak",
        "/etc/passwd",
        "a\0b.json",
        "people/../../specs-other/x.json",
    ],
)
def test_a_reference_does_not_leave_the_folder(folder: Path, reference: str) -> None:
    (folder.parent / "specs-other").mkdir()
    (folder.parent / "specs-other" / "x.json").write_text("{}")
    assert code(written(folder, {"A": reference})) == "reference-file"


@pytest.mark.parametrize(
    "reference",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file:common.json",
        "//example.org/common.json",
        "http://169.254.169.254/latest/meta-data/iam.json#/x",
        "https://example.org/common.json",
        "ftp://example.org/x",
        "data:application/json,{}",
        "urn:example:pet",
        "https://[bad/x.json",
        "https:///x.json",
    ],
)
def test_no_network_and_no_file_url_for_a_reference(folder: Path, reference: str) -> None:
    assert code(written(folder, {"A": reference})) == "reference-remote"
    assert code(document(schemas({"A": reference}))) == "reference-remote"


def test_symbolic_links_do_not_lead_out_of_the_folder(folder: Path) -> None:
    (folder / "link.json").symlink_to(folder.parent / "secret.json")
    (folder / "up").symlink_to(folder.parent)
    (folder / "inside.json").symlink_to(folder / "common.json")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    names = {"A": "link.json#/Leak", "B": "up/secret.json#/Leak", "C": "inside.json#/Pet"}
    found = written(folder, names | {"D": "loop.json"})
    assert [code(found, name) for name in "AB"] == ["reference-file", "reference-file"]
    assert found.resolve(at(found, "components", "schemas", "C")).value == PET["Pet"]
    assert code(found, "D") in ("reference-file", "reference-unreadable")


def test_files_that_would_be_shown_by_the_same_name_are_told_apart(folder: Path) -> None:
    """A link to a folder makes `..` mean something else to the eye than to the system."""
    (folder / "deep" / "inner").mkdir(parents=True)
    (folder / "link").symlink_to(folder / "deep" / "inner")
    (folder / "deep" / "inner" / "x.json").write_text('{"$ref": "../y.json"}')
    (folder / "deep" / "y.json").write_text('{"const": "deep"}')
    (folder / "y.json").write_text('{"const": "top"}')
    found = written(folder, {"A": "y.json", "B": "link/x.json"})
    ends = [found.resolve(at(found, "components", "schemas", name)) for name in "AB"]
    assert [end.value["const"] for end in ends] == ["top", "deep"]
    assert ends[0].file != ends[1].file


def test_whether_a_file_outside_exists_is_not_told(folder: Path) -> None:
    found = written(folder, {"A": "../secret.json", "B": "../absent.json"})
    told = [failure(found, at(found, "components", "schemas", name)).message for name in "AB"]
    assert told[0].replace("secret", "absent") == told[1]


def test_another_root_for_references_is_given_by_the_user(folder: Path) -> None:
    shop = folder / "shop.json"
    shop.write_text(json.dumps(schemas({"A": "../secret.json#/Leak", "B": "/etc/passwd"})))
    found = from_file(shop, ReadOptions(ref_root=folder.parent))
    assert found.resolve(at(found, "components", "schemas", "A")).value == {"const": "secret"}
    assert code(found, "B") == "reference-file"
    narrow = from_file(shop, ReadOptions(ref_root=folder / "people"))
    assert code(narrow, "A") == "reference-file"


def test_a_document_without_a_folder_refers_to_no_file() -> None:
    assert code(document(schemas({"A": "common.json"}))) == "reference-file"


def test_relative_references_of_a_fetched_document_are_remote() -> None:
    fetched = document(schemas({"A": "common.json"}), url="https://example.org/specs/shop.json")
    found = failure(fetched, at(fetched, "components", "schemas", "A"))
    assert found.code == "reference-remote"
    assert "https://example.org/specs/common.json" in found.message


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{", "not JSON"),
        ("", "empty"),
        ('{"a": 1, "a": 2}', "second time"),
        ("[" * 10_000, "deeper"),
        ("\xff", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_a_failure_that_says_where(
    folder: Path, text: str, wanted: str
) -> None:
    (folder / "bad.json").write_bytes(text.encode("latin-1"))
    found = written(folder, {"A": "bad.json"})
    failed = failure(found, at(found, "components", "schemas", "A"))
    assert failed.code == "reference-unreadable"
    assert wanted in failed.message
    assert "bad.json:1:" in failed.message


def test_files_that_are_absent_folders_or_pipes_are_failures(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    found = written(folder, {"A": "absent.json", "B": "people", "C": "pipe", "D": "/dev/zero"})
    codes = [code(found, name) for name in "ABCD"]
    assert codes == [*["reference-unreadable"] * 3, "reference-file"]


def test_the_files_together_have_a_limit(folder: Path) -> None:
    (folder / "big.json").write_text('"' + "x" * 3000 + '"')
    (folder / "big2.json").write_text('"' + "x" * 3000 + '"')
    (folder / "shop.json").write_text(json.dumps(schemas({"A": "big.json", "B": "big2.json"})))
    found = from_file(folder / "shop.json", ReadOptions(max_bytes=5000))
    assert found.resolve(at(found, "components", "schemas", "A")).file.endswith("big.json")
    assert code(found, "B") == "reference-unreadable"


def test_the_number_of_files_has_a_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MAX_FILES", 2)
    found = written(folder, {"A": "common.json", "B": "people/owner.yaml"})
    found.resolve(at(found, "components", "schemas", "A"))
    failed = failure(found, at(found, "components", "schemas", "B"))
    assert "more than 2 files" in failed.message


def test_what_is_noteworthy_in_another_file_is_told(folder: Path) -> None:
    (folder / "half.json").write_text('{\n"a": "\\ud800"}')
    report = Report()
    (folder / "shop.json").write_text(json.dumps(schemas({"A": "half.json"})))
    found = read(load(str(folder / "shop.json"), report), report)
    assert found.resolve(at(found, "components", "schemas", "A")).value == {"a": "\ufffd"}
    [finding] = report
    assert (finding.code, finding.place.line) == ("document-surrogate", 2)
    assert finding.place.file == str(folder / "half.json")


# --- the document's own file ----------------------------------------------------------------------


def test_the_size_of_a_document_is_judged_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.truncate(10**11)
    with pytest.raises(DocumentError, match="document-size"):
        load(str(path), Report())
    with pytest.raises(DocumentError, match="document-size"):
        read(Source.of_text("x" * 100), Report(), ReadOptions(max_bytes=99))


def test_what_is_no_regular_file_is_refused_and_what_is_not_there_is_not_found(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DocumentError, match="document-unreadable"):
            load(str(path), Report())
    with pytest.raises(FileNotFoundError):
        load(str(tmp_path / "absent.json"), Report())


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a file that says it is empty")
def test_a_file_that_is_larger_than_it_says_is_refused() -> None:
    with pytest.raises(DocumentError, match="document-size"):
        load("/proc/self/status", Report(), ReadOptions(max_bytes=10))


WATCH = """
import json, sys
from pathlib import Path
from toolbind.diagnostics import Report
from toolbind.read import Node, ReferenceFailure, load, read
import toolbind.read.quarantine, toolbind.read.yaml_text, toolbind.read.swagger

seen = []
def watch(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system", "exec"):
        seen.append((event, str(arguments)))
    if event == "open" and str(arguments[0]).startswith(sys.argv[2]):
        seen.append((event, str(arguments[0])))
sys.addaudithook(watch)
found = read(load(sys.argv[1], Report()), Report())
todo = [found.root]
while todo:
    node = todo.pop()
    try:
        found.resolve(node)
    except ReferenceFailure as failure:
        pass
    todo += [member for _, member in node.items()]
    todo += node.elements()
print(json.dumps(seen))
"""


@pytest.mark.parametrize("version", ["openapi: 3.1.0", "openapi: 3.2.0", "swagger: '2.0'"])
def test_nothing_but_files_of_the_folder_is_opened_and_nothing_connected(
    folder: Path, version: str
) -> None:
    """Watched from below: every reference, address and identifier that a document can hold."""
    (folder / "shop.yaml").write_text(
        f"""
{version}
$self: https://example.org/self.yaml
jsonSchemaDialect: https://example.org/dialect
info: {{title: x, version: '1', termsOfService: https://example.org/terms}}
externalDocs: {{url: https://example.org/docs}}
paths:
  /a:
    $ref: https://example.org/item.yaml
  /b:
    get:
      parameters: [{{$ref: '../secret.json#/Leak'}}, {{$ref: 'common.json#/Pet'}}]
      responses: {{'200': {{$ref: 'file:///etc/passwd'}}}}
components:
  examples: {{e: {{externalValue: https://example.org/value}}}}
  securitySchemes:
    o: {{type: openIdConnect, openIdConnectUrl: https://example.org/oidc}}
  schemas:
    A: {{$schema: https://example.org/schema, $id: https://example.org/a, $ref: b.json}}
    B: {{$dynamicRef: https://example.org/dynamic#x}}
    C: {{$ref: 'http://169.254.169.254/latest#/x'}}
    D: {{$ref: '//127.0.0.1/x'}}
"""
    )
    ran = subprocess.run(
        [sys.executable, "-c", WATCH, str(folder / "shop.yaml"), str(folder.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    opened = {name for event, name in json.loads(ran.stdout) if event == "open"}
    others = [event for event, _ in json.loads(ran.stdout) if event != "open"]
    assert others == []
    assert {Path(name).name for name in opened} <= {"shop.yaml", "common.json", "owner.yaml"}
