// Runs inside.py in Pyodide with a scripted env.AI: node run.mjs CONFIG.json
//
// CONFIG: {pyodide, archive, script, result}: the pyodide package, a zip for site-packages, what
// env.AI plays, and where the outcome goes. The class is called Ai, as workerd's is: the SDK
// converts values for it by that name.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(config.pyodide, "pyodide.mjs")));

// Only what structured cloning takes may reach the service: no proxies of Python objects.
function plain(value) {
  if (value === null || typeof value !== "object") return typeof value !== "function";
  if (Array.isArray(value)) return value.every(plain);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(plain);
}

function stream(text, size) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

class Ai {
  requests = [];
  script = [];
  async run(model, inputs, options) {
    if (!plain(inputs) || !plain(options)) throw new TypeError("Could not serialize object of type");
    this.requests.push({ model, inputs, options });
    const next = this.script.shift();
    if (next === undefined) throw new Error("the script is over");
    if (next.kind === "stream") return stream(next.text, next.size);
    if (next.kind === "error") {
      const error = new Error(next.message);
      error.name = next.name;
      throw error;
    }
    return structuredClone(next.value);
  }
}

const python = await loadPyodide();
const site = "/lib/python3.14/site-packages";
python.unpackArchive(new Uint8Array(fs.readFileSync(config.archive)), "zip", { extractDir: site });
const ai = new Ai();
python.registerJsModule("host", {
  env: { AI: ai },
  play(turns) { ai.script = JSON.parse(turns); ai.requests = []; },
  requests: () => JSON.stringify(ai.requests),
  script_text: fs.readFileSync(config.script, "utf8"),
});
try {
  const result = await python.runPythonAsync("from inside import main; await main()");
  fs.writeFileSync(config.result, result);
} catch (error) {
  console.error(error.message); // Python's traceback; node would print all of Pyodide beside it
  process.exit(1);
}
process.exit(0);
