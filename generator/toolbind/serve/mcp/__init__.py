"""A generated module as an MCP server: its tools, its checks, its words, over stdio or HTTP.

`tools` says what is offered, `answers` how results are told, `approval` how a person is asked,
`server` puts them together, `http` on a port, `manifest` describes it for registries. The only room
that knows the `mcp` package, the extra `toolbind[mcp]`; imports `explore` and what lies below it.
"""
