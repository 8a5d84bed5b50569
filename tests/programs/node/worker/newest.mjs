// The emitted Worker in the Pyodide of today's Workers: node newest.mjs CONFIG.json
//
// CONFIG: {pyodide, archive, asked, script, result}: the pyodide package, a zip for site-packages,
// the requests in order with what env.AI then plays, and where the answers go.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(config.pyodide, "pyodide.mjs")));

class Ai {
  script = config.script;
  async run() {
    return new Blob([this.script.shift()]).stream();
  }
}

const python = await loadPyodide();
const site = "/lib/python3.14/site-packages";
python.unpackArchive(new Uint8Array(fs.readFileSync(config.archive)), "zip", { extractDir: site });
const assets = { fetch: async (request) => new Response("asset " + new URL(request.url).pathname) };
python.registerJsModule("host", {
  env: { AI: new Ai(), ASSETS: assets, CHAT_TOKEN: "let me in", HELPDESK_BASE_URL: "https://desk.example" },
});
process.on("uncaughtException", (error) => { // not with the source around it, which is Pyodide's
  console.error(error.message);
  process.exit(1);
});
const answer = await python.runPythonAsync(`
import sys
import _pyodide_entrypoint_helper as helper
helper.patchWaitUntil = lambda context: None # what the runtime of Workers adds
from entry import Default
from host import env
from workers import Request

async def answer(request):
    made = await Default(None, env).fetch(Request(request))
    return getattr(made, "js_object", made)

answer
`);
const answers = [];
for (const { path: where, ...init } of config.asked) {
  const response = await answer(new Request("https://worker.example" + where, init));
  const pieces = [];
  for await (const piece of response.body) pieces.push(Buffer.from(piece).toString("utf8"));
  answers.push({ status: response.status, pieces });
}
fs.writeFileSync(config.result, JSON.stringify({ python: python.runPython("sys.version.split()[0]"), answers }));
process.exit(0);
