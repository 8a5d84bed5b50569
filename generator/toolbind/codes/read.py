"""Codes of findings about the text, its references and its outer shape.

Data only. Imports `row`.
"""

from __future__ import annotations

from toolbind.codes.row import Code

READ: dict[str, Code] = {
    "document-unreadable": Code(
        "error",
        "The document cannot be read.",
        "It is no regular file, or its URL could not be fetched.",
        "Give the path of a file, or download the document and give its path.",
    ),
    "document-address": Code(
        "error",
        "The document's URL is one that is not fetched.",
        "It is not https, names a host in a private network, or leads there.",
        "Download the document and give its path, or allow the address (http, private networks).",
    ),
    "document-size": Code(
        "error",
        "The document is too large.",
        "Reading is bounded, so that no document can use up the machine.",
        "Raise the limit with `--max-size MB`, or cut the document into smaller ones.",
    ),
    "document-encoding": Code(
        "error",
        "The document is not UTF-8 text.",
        "JSON and OpenAPI documents are UTF-8; guessing could read something else than was meant.",
        "Convert the file to UTF-8.",
    ),
    "document-empty": Code(
        "error",
        "The document is empty.",
        "There is nothing to read.",
        "Check that the right file was given, and that it was written in full.",
    ),
    "document-syntax": Code(
        "error",
        "The document is neither JSON nor YAML.",
        "Its text breaks the rules of the format at the place shown.",
        "Mend the text at that place.",
    ),
    "document-duplicate-key": Code(
        "error",
        "A key stands twice in one object.",
        "Readers take the one or the other: what a person reviewed may not be what is used.",
        "Remove or rename one of the two.",
    ),
    "document-number": Code(
        "error",
        "A number is not one that JSON can hold.",
        "NaN, infinity and numbers beyond a double mean different things to different readers.",
        "Write a finite number, or quote it if it is meant as text.",
    ),
    "document-depth": Code(
        "error",
        "The document is nested too deeply.",
        "Reading is bounded, so that no document can use up the machine.",
        "Move deeply nested schemas into components and refer to them.",
    ),
    "document-tag": Code(
        "error",
        "A YAML tag asks for a value that JSON does not have.",
        "Tags can build arbitrary objects or include files; only JSON's own types are read.",
        "Remove the tag, and quote the value if it is meant as text.",
    ),
    "document-key": Code(
        "error",
        "A YAML key or merge key is not what JSON allows.",
        "Keys are text; a merge key takes mappings.",
        "Quote the key, or write the mapping out.",
    ),
    "document-alias": Code(
        "error",
        "YAML aliases cannot be followed, or add too much.",
        "A few lines of aliases can stand for billions of values, or for themselves.",
        "Write the values out, or refer to them by $ref.",
    ),
    "document-surrogate": Code(
        "warning",
        "The document holds half a character.",
        "An escape such as \\ud83d without its other half is no text that can be sent or saved.",
        "Write the whole character.",
    ),
    "document-version": Code(
        "error",
        "The document's version is missing or not known.",
        "How a document is to be understood depends on it.",
        "Set `openapi` (3.0.x, 3.1.x, 3.2.x) or `swagger` (2.0).",
    ),
    "document-version-spelling": Code(
        "note",
        "The document's version is spelt in an unusual way.",
        "It is clear what is meant, so it is read as that.",
        "Write it as text with three numbers, such as '3.0.3' ('2.0' for Swagger).",
    ),
    "document-shape": Code(
        "error",
        "An outer part of the document has the wrong type.",
        "The document, its paths, path items and operations must be objects.",
        "Mend the value at the place shown.",
    ),
    "document-nothing": Code(
        "error",
        "The document has no paths.",
        "`paths` is required; since 3.1 `webhooks` or `components` can stand in its place.",
        "Give the document that has the paths.",
    ),
    "operation-shape": Code(
        "warning",
        "A path item or an operation is no object.",
        "What stands there describes no request. It costs this operation, or those of the path.",
        "Write the operation out, or remove its key.",
    ),
    "field-unknown": Code(
        "warning",
        "An object has a field that OpenAPI does not know.",
        "Nothing reads it, and what was meant by it is missing; case and separators are forgiven.",
        "Correct the name, or begin it with `x-` if it is an extension.",
    ),
    "field-version": Code(
        "warning",
        "An object has a field of another version of OpenAPI.",
        "Readers that keep to the document's version pass it over.",
        "Say it as the document's version does, or name the other version at the top.",
    ),
    "field-type": Code(
        "warning",
        "A field holds a value of the wrong type.",
        "The message says how it is read; other readers may read it otherwise, or not at all.",
        "Give the field the type that the message names (in YAML, `true` and not `yes`).",
    ),
    "path-item-conflict": Code(
        "warning",
        "A field of a path item stands beside its `$ref` and where that leads.",
        "OpenAPI leaves open which of the two counts.",
        "Keep one of the two.",
    ),
    "openapi-invalid": Code(
        "warning",
        "An object breaks the rules of OpenAPI.",
        "It cannot be known which request is meant. Only what needs the object is left out.",
        "Mend the object at the place shown.",
    ),
    "swagger-body": Code(
        "warning",
        "An operation of Swagger 2.0 has several bodies.",
        "A request has one; which of them is meant cannot be known.",
        "Keep one body parameter, or form fields, not both.",
    ),
    "reference-malformed": Code(
        "warning",
        "The value of a `$ref` is no text.",
        "It refers to nothing, so what it should describe is not known.",
        "Write the reference as text, or exclude the operation that needs it.",
    ),
    "reference-place": Code(
        "warning",
        "A reference stands where none is allowed, or in a list of its own.",
        "It is followed here; other readers may not see what it leads to.",
        "Write out what it refers to, or refer from a place that takes references.",
    ),
    "reference-siblings": Code(
        "warning",
        "What stands beside a `$ref` has no effect.",
        "A reference is replaced by what it leads to.",
        "Move the fields to where the reference leads, or write the object out.",
    ),
    "reference-text": Code(
        "note",
        "Text beside a `$ref` has no effect in OpenAPI 3.0.",
        "A reference is replaced by what it leads to; its own words count since 3.1.",
        "Nothing needs doing; in 3.1 the text would count.",
    ),
    "reference-missing": Code(
        "warning",
        "A reference leads to nothing.",
        "What it should describe is not known.",
        "Mend the $ref, or exclude the operation that needs it.",
    ),
    "reference-cycle": Code(
        "warning",
        "A reference leads back to itself.",
        "A chain of references without an end describes nothing.",
        "Let the chain end in a value, or exclude the operation that needs it.",
    ),
    "reference-ambiguous": Code(
        "warning",
        "A reference may mean several schemas.",
        "Which one a $dynamicRef or an anchor means depends on the way that led to it.",
        "Refer to one schema by a $ref with a pointer, or exclude the operation that needs it.",
    ),
    "reference-file": Code(
        "warning",
        "A reference points outside the document's folder.",
        "Documents must not make this machine's files part of what is generated.",
        "Move the file into the folder, allow its folder by --ref-root, or exclude the operation.",
    ),
    "reference-remote": Code(
        "warning",
        "A reference points to another host.",
        "Nothing is fetched unless its host is allowed, and then by https only.",
        "Allow the host by --allow-remote, save the file here, or exclude the operation.",
    ),
    "reference-unreadable": Code(
        "warning",
        "A file that a reference names cannot be read.",
        "It is not there, is too large, or is neither JSON nor YAML.",
        "Mend the file or the $ref, or exclude the operation that needs it.",
    ),
}
