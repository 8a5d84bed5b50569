"""FastMCP's server for a document, up to its list of tools. Runs in the peer's environment."""

import asyncio
import json
import sys
from pathlib import Path

import httpx2
from fastmcp import FastMCP  # type: ignore[import-not-found]  # the peer has it

document = json.loads(Path(sys.argv[1]).read_bytes())
client = httpx2.AsyncClient(base_url="https://api.example")
server = FastMCP.from_openapi(openapi_spec=document, client=client)
print(len(asyncio.run(server.list_tools())))
