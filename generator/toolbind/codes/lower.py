"""Codes of findings about operations, parameters, bodies, servers and security.

Data only. Imports `row`.
"""

from __future__ import annotations

from toolbind.codes.row import Code

LOWER: dict[str, Code] = {
    "no-operations": Code(
        "error",
        "No operation is left to make a tool of.",
        "The patterns of `include` and `exclude` leave none, or every operation is skipped.",
        "Check what the patterns match; `toolbind list --skipped` says why operations are skipped.",
    ),
    "operations-none": Code(
        "error",
        "The document has no operations.",
        "Tools are made of the operations under `paths`; a module without any is of no use.",
        "Give the document that has the paths; webhooks are called by the API, not by its users.",
    ),
    "selection-unused": Code(
        "warning",
        "A pattern of `include` or `exclude` matches nothing.",
        "Patterns match operationIds, tool names, `tag:NAME`, paths, methods, or `METHOD /path`.",
        "Correct or remove the pattern; `toolbind list` shows what there is.",
    ),
    "operation-renamed": Code(
        "note",
        "A tool is not called as its operationId says.",
        "The name is taken, reserved, too long, or no name at all; a tool's name is its "
        "method's too.",
        "Nothing needs doing; a unique operationId of letters, digits and underscores keeps "
        "its name.",
    ),
    "name-look-alike": Code(
        "warning",
        "A name can be taken for another.",
        "It differs from another only in case, separators or letters that look alike, or mixes "
        "Latin letters with such of other alphabets: a call may go where nobody meant it to go.",
        "Check that the operation is what it seems to be, and rename or exclude it.",
    ),
    "method": Code(
        "warning",
        "An operation has a method that no request of this kind can have.",
        "CONNECT builds tunnels, TRACE takes no body, and a method must be one word.",
        "Correct the method, or leave the operation out.",
    ),
    "path-item-key": Code(
        "warning",
        "A path item holds a key that is no method and nothing else that is known.",
        "It may be a misspelt method, whose operation is missing then.",
        "Correct the key, or begin it with `x-`.",
    ),
    "path-unsafe": Code(
        "warning",
        "A path could lead a request to another place than it says.",
        "Paths begin with one slash and hold no dot segments, backslashes or control characters.",
        "Correct the path in the document.",
    ),
    "path-parameter-undeclared": Code(
        "note",
        "A variable of the path is not described by any parameter.",
        "It becomes a string argument without further description.",
        "Declare the parameter with `in: path`.",
    ),
    "path-parameter-unused": Code(
        "warning",
        "A path parameter has no place in its path.",
        "There is nowhere to put its value, so it is no argument of the tool.",
        "Put the variable into the path, or remove the parameter.",
    ),
    "query-fixed": Code(
        "note",
        "A query parameter stands with its value in the path key.",
        "The path key tells operations apart by it, so its value is always sent.",
        "Nothing needs doing.",
    ),
    "parameter-malformed": Code(
        "warning",
        "A parameter lacks what makes it one.",
        "Without name and place its value cannot be sent. A required one costs the operation.",
        "Give the parameter `name` and `in`.",
    ),
    "parameter-duplicate": Code(
        "warning",
        "A parameter is declared twice for one operation.",
        "Name and place must be unique; the last declaration counts.",
        "Remove one of the declarations.",
    ),
    "parameter-name": Code(
        "warning",
        "A header or cookie parameter has a name that HTTP does not allow.",
        "It could change the request around it. A required one costs the operation.",
        "Give it a name of letters, digits and dashes.",
    ),
    "parameter-content": Code(
        "warning",
        "The `content` of a parameter is not one JSON media type.",
        "Only JSON has one written form for every value.",
        "Use one media type, `application/json`, or a schema with a style.",
    ),
    "header-ignored": Code(
        "note",
        "A header is declared as a parameter that only the client can set.",
        "Content type, credentials and framing follow from the request itself.",
        "Nothing needs doing; credentials are arguments of the client.",
    ),
    "credential-hidden": Code(
        "note",
        "An argument is the credential of a security scheme.",
        "Credentials come from the client, never from the model.",
        "Nothing needs doing; `x-toolbind: {credential: false}` at its place shows it.",
    ),
    "credential-recognised": Code(
        "warning",
        "By its name and its description an argument is a credential, which no scheme declares.",
        "It is an argument of the client, sent with every call that has it, and shown to no model.",
        "Say so by `x-toolbind: {credential: true}` at its place, or `{credential: false}` to show"
        " it; an overlay can.",
    ),
    "style-undefined": Code(
        "warning",
        "The style of a parameter is not defined for its place or type.",
        "The style that the message names is used instead.",
        "Choose a style from the specification's table of style values.",
    ),
    "style-nested": Code(
        "warning",
        "A parameter holds values for which no style defines how they are written.",
        "What is sent is a convention that the API may not share.",
        "Describe the parameter with `content: application/json`, or make it flat.",
    ),
    "empty-value": Code(
        "note",
        "A parameter may be empty although its type has no empty value.",
        "The tool offers the typed values only.",
        "Nothing needs doing.",
    ),
    "querystring-mixed": Code(
        "warning",
        "A parameter that is the whole query stands beside other query parameters.",
        "The two cannot be sent together.",
        "Keep either kind.",
    ),
    "body-media": Code(
        "warning",
        "A media type of a request body cannot be sent.",
        "It is no media type, or one whose form is not known here.",
        "Offer application/json, a form, multipart/form-data, XML, text or bytes.",
    ),
    "body-guess": Code(
        "warning",
        "A request body has a media type whose form is not known.",
        "Objects and arrays are sent in it as JSON text, which the API may not read.",
        "Offer the body under a media type that says how it is written, such as application/json.",
    ),
    "body-shape": Code(
        "warning",
        "The body of a form is neither an object nor text.",
        "A form is made of named members.",
        "Make the schema an object, or choose another media type.",
    ),
    "body-choice": Code(
        "note",
        "A request body is offered in several media types.",
        "One is sent: JSON before forms before text before bytes before XML, but multipart "
        "for files.",
        "Nothing needs doing; `--media-type` prefers another.",
    ),
    "encoding-style": Code(
        "note",
        "A style is given for a member of a multipart body.",
        "OpenAPI 3.0 ignores it there; the member is written by its type.",
        "Nothing needs doing; OpenAPI 3.1 knows such styles.",
    ),
    "encoding-malformed": Code(
        "warning",
        "The encoding of a member of a body is malformed.",
        "The member is written by its type instead.",
        "Correct the encoding.",
    ),
    "encoding-header": Code(
        "warning",
        "A part of a multipart body needs a header whose value is not fixed.",
        "The part is sent without it.",
        "Give the header a schema with one allowed value, if it has one.",
    ),
    "xml-root": Code(
        "warning",
        "The root element of an XML body has no name.",
        "It is sent under a name that the API may not expect.",
        "Give the schema `xml: {name: ...}` or a name under `components/schemas`.",
    ),
    "xml-hints": Code(
        "warning",
        "The XML hints of a body cannot be followed.",
        "A name is no name in XML, or hints stand in a schema that contains itself or is too "
        "large.",
        "Correct the hints, or offer the body as JSON.",
    ),
    "answer-reference": Code(
        "warning",
        "A documented answer refers to nothing.",
        "What comes back is not known; the request is not affected.",
        "Mend the reference.",
    ),
    "server-none": Code(
        "note",
        "The document does not say on which host the API lives.",
        "There is no default; the client must be told.",
        "Pass `base_url`, or name an absolute URL under `servers`.",
    ),
    "server-malformed": Code(
        "warning",
        "An entry of `servers` has no `url`.",
        "It is left out.",
        "Give the server a `url`.",
    ),
    "server-variable": Code(
        "warning",
        "A variable of a server has a default that its enum does not allow.",
        "The first allowed value is used.",
        "Make default and enum agree.",
    ),
    "server-unusable": Code(
        "warning",
        "The URL of a server cannot be used.",
        "Only http and https URLs without user, query and fragment can be a base of requests.",
        "Correct the URL, or pass `base_url`; leave out an operation with such a server.",
    ),
    "server-passed-over": Code(
        "warning",
        "The first servers of a list cannot be used, so a later one is.",
        "Requests need an absolute http or https URL outside of private networks.",
        "Put the server that is meant first, or name it by `--server`.",
    ),
    "server-private": Code(
        "warning",
        "A server is on this machine or in a private network.",
        "A document must not choose an internal target by itself, so there is no default.",
        "Pass `base_url` if you mean it.",
    ),
    "server-plain-http": Code(
        "warning",
        "The server is addressed without encryption.",
        "Whatever is sent can be read and changed on its way.",
        "Use the https URL of the API, if it has one.",
    ),
    "server-other-origin": Code(
        "warning",
        "Some operations are served by another host than the rest.",
        "Credentials of the API are not sent there unless the caller allows it.",
        "Make sure that the host is meant.",
    ),
    "server-choice": Code(
        "error",
        "The server that was asked for is not in the document.",
        "`--server` takes a number (from 0), a description or a URL.",
        "Choose one of those that the message names.",
    ),
    "security-unknown": Code(
        "warning",
        "A security requirement names a scheme that is not defined.",
        "It is treated as absent.",
        "Define the scheme under `components/securitySchemes`.",
    ),
    "security-malformed": Code(
        "warning",
        "A security scheme or requirement is malformed.",
        "It is treated as absent.",
        "Correct it as the message says.",
    ),
    "token-url": Code(
        "warning",
        "The token URL of a scheme cannot be used.",
        "Client credentials are sent to https URLs on public hosts only.",
        "Correct the URL; a ready token can be passed all the same.",
    ),
}
