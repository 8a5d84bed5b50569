"""Codes of findings about schemas, descriptions and budgets.

Data only. Imports `row`.
"""

from __future__ import annotations

from toolbind.codes.row import Code

SCHEMA: dict[str, Code] = {
    "schema-keyword": Code(
        "warning",
        "A keyword of a schema holds a value of the wrong kind.",
        "Where it is plain what is meant, it is read so; else it is left out, and the tool accepts "
        "what it would have refused.",
        "Give the keyword a value of the kind that the message names.",
    ),
    "schema-unknown": Code(
        "warning",
        "A schema has a keyword that does not exist and looks like one that does.",
        "Nothing reads it, so the tool accepts what the keyword would have refused.",
        "Correct the keyword.",
    ),
    "schema-foreign": Code(
        "note",
        "A schema has a keyword that its version of OpenAPI does not know.",
        "It has no force there.",
        "Nothing needs doing; begin it with `x-`, or name the version that has it.",
    ),
    "schema-siblings": Code(
        "warning",
        "What stands beside the `$ref` of a schema has no effect in OpenAPI 3.0.",
        "A reference is replaced by what it leads to; only `description` and `nullable` are read.",
        "Write `allOf: [{$ref: ...}]` beside the other keywords.",
    ),
    "schema-enum": Code(
        "warning",
        "Allowed values of a schema disagree with its declared type.",
        "Values that fit the type are kept; if none fits, the values decide and the type does not.",
        "Make the values and the type agree (quote numbers that are meant as text).",
    ),
    "schema-contradiction": Code(
        "warning",
        "Parts of a schema that must hold together contradict each other.",
        "Taken literally nothing would be allowed; the part that stands last is followed instead.",
        "Mend the parts under `allOf` so that a value can satisfy all of them.",
    ),
    "schema-widened": Code(
        "note",
        "A condition of a schema cannot be expressed in a tool.",
        "It is left out: the tool accepts more than the API does, never less.",
        "Nothing needs doing; say the condition in the description if the model should know it.",
    ),
    "schema-recursive": Code(
        "note",
        "A schema contains itself.",
        "In a tool the inner copy is an open object that says what it repeats.",
        "Nothing needs doing; a schema without recursion tells the model more.",
    ),
    "schema-cut": Code(
        "note",
        "A schema is too deep or too large to be shown whole in a tool.",
        "What lies beyond is open: any value of the right type is accepted there.",
        "Nothing needs doing; a smaller schema tells the model more.",
    ),
    "type-unknown": Code(
        "warning",
        "The type of an answer cannot be found out, because a reference leads nowhere.",
        "The type is `Any` there; the operation itself is not affected.",
        "Mend the reference.",
    ),
    "text-command": Code(
        "warning",
        "Text of the document gives orders to the model that reads it.",
        "The line is dropped: descriptions say what a tool does, they do not steer the model.",
        "Read the place; if the text is honest, say it without addressing the model.",
    ),
    "text-marketing": Code(
        "warning",
        "Text of the document praises the tool instead of describing it.",
        "The sentence is dropped: praise makes a model prefer a tool for no good reason.",
        "Say what the operation does.",
    ),
    "text-hidden": Code(
        "warning",
        "Text of the document holds characters that a reader does not see.",
        "They can carry instructions past a review. They are removed from descriptions; in values "
        "that the API needs byte for byte they stay.",
        "Remove the characters at the place.",
    ),
    "words-left-out": Code(
        "note",
        "Sentences of the document are not in a tool.",
        "What repeats its name or speaks about HTTP goes; when the tool is no longer small, also "
        "what tells neither a limit nor a condition.",
        'Nothing needs doing; `prose = "full"` keeps what the budget allows.',
    ),
    "limit-left-out": Code(
        "warning",
        "A sentence that limits or warns is not in a tool, for want of room.",
        "The model may call the tool in a way that the API refuses or that does what nobody wants.",
        "Raise the budget, leave arguments out, or say it in fewer words.",
    ),
    "tool-shortened": Code(
        "note",
        "A tool was over its budget of tokens and has been shortened.",
        "The message lists the steps with tokens before and after; every step accepts all that the "
        "document allows.",
        "Raise the budget if the model should see more of the schema.",
    ),
    "tool-over-budget": Code(
        "warning",
        "A tool is over its budget of tokens even in its shortest form.",
        "Its required arguments alone take more room than the budget allows.",
        "Raise the budget, or leave the operation out.",
    ),
}
