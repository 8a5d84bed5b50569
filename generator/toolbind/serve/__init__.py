"""serve: servers that answer on this machine: the live explorer's page, and MCP.

Each takes what it serves and gives answers; ports, streams and signals are the shell's. Imports
`explore` and what lies below it, and the libraries of its extras when they are used.
"""
