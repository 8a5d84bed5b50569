#!/usr/bin/env node
// Checks captured Workers AI traffic against @cloudflare/workers-types.
//
//   node wire_check.mjs [options] CASES.json|CASES.jsonl ...
//
// A case: {"name", "model", "surface", "request"?, "response"?, "expect"?}
//   surface  run (default)  body of POST .../ai/run/{model}, or the 2nd argument of env.AI.run
//            chat           body of POST .../ai/v1/chat/completions
//            responses      body of POST .../ai/v1/responses
//   expect   "ok" (default) or "reject"; or {"request": ..., "response": ...}
// A file may also be one object with a "cases" list (as the files of tests/fixtures/wire are).
// A side whose expectation is "skip" is not checked.
// A REST envelope {result, success, errors, messages} around a response is taken off first.
//
// Two verdicts for each body:
//   structure  is the value assignable to the type? (undeclared keys are allowed)
//   undeclared keys that the type does not list, found by checking the same value as a fresh literal
// Only `structure` decides, unless --strict is given.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const argv = process.argv.slice(2);
const flag = (name) => { const i = argv.indexOf(name); if (i < 0) return false; argv.splice(i, 1); return true; };
const opt = (name, dflt) => { const i = argv.indexOf(name); if (i < 0) return dflt; const v = argv[i + 1]; argv.splice(i, 2); return v; };
const strict = flag("--strict");
const asJson = flag("--json");
const keep = flag("--keep");
const deps = opt("--deps", process.env.WIRE_CHECK_DEPS ?? path.join(os.tmpdir(), "wire_check_deps"));
if (!argv.length) { console.error("usage: node wire_check.mjs [--strict] [--json] [--deps DIR] CASES.json|CASES.jsonl ..."); process.exit(2); }

const modules = path.join(deps, "node_modules");
const types = path.join(modules, "@cloudflare", "workers-types", "index.d.ts");
const tsc = path.join(modules, "typescript", "bin", "tsc");
for (const need of [types, tsc]) if (!fs.existsSync(need)) { console.error(`missing ${need}: run python -m tests.programs.node`); process.exit(2); }
const known = new Set([...fs.readFileSync(types, "utf8").match(/interface AiModels \{[^}]*\}/)[0].matchAll(/"(@[^"]+)":/g)].map((m) => m[1]));

function readCases(file) {
  const text = fs.readFileSync(file, "utf8");
  const whole = file.endsWith(".jsonl") ? text.split("\n").filter((l) => l.trim()).map((l) => JSON.parse(l)) : JSON.parse(text);
  const list = Array.isArray(whole) ? whole : whole.cases ?? [whole];
  return list.map((c, i) => ({ name: `${path.basename(file)}#${i}`, surface: "run", ...c }));
}
const unwrap = (v) => (v && typeof v === "object" && "result" in v && "success" in v ? v.result : v);

function typeFor(c, side) {
  if (c.surface === "chat") return side === "request" ? "ChatCompletionsInput & { model: string }" : "ChatCompletionsOutput";
  if (c.surface === "responses") return side === "request" ? "ResponsesInput & { model: string }" : "ResponsesOutput";
  if (!known.has(c.model)) return null;
  return `AiModels[${JSON.stringify(c.model)}][${JSON.stringify(side === "request" ? "inputs" : "postProcessedOutputs")}]`;
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), "wire_check_"));
const jobs = [];
for (const file of argv) for (const c of readCases(file)) for (const side of ["request", "response"]) {
  if (!(side in c)) continue;
  const expect = (typeof c.expect === "object" ? c.expect?.[side] : c.expect) ?? "ok";
  if (expect === "skip") continue;
  const job = { name: c.name, model: c.model, surface: c.surface, side, expect, structure: [], undeclared: [] };
  jobs.push(job);
  const type = typeFor(c, side);
  if (!type) { job.structure.push(`model ${c.model} is not in AiModels of these types`); continue; }
  const literal = JSON.stringify(side === "response" ? unwrap(c[side]) : c[side], null, 1);
  job.file = `case_${jobs.length}`;
  // The const assertion keeps literal types (so "function" is not widened to string); Mutable drops the
  // readonly that it adds and, not being a fresh literal, switches off the check for undeclared keys.
  fs.writeFileSync(path.join(work, `${job.file}.s.ts`),
    `type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;\nconst literal = ${literal} as const;\nconst value: ${type} = null! as Mutable<typeof literal>;\nexport { value };\n`);
  fs.writeFileSync(path.join(work, `${job.file}.x.ts`), `const value: ${type} = ${literal};\nexport { value };\n`);
}

const files = jobs.filter((j) => j.file).flatMap((j) => [`${j.file}.s.ts`, `${j.file}.x.ts`]);
if (files.length) {
  fs.writeFileSync(path.join(work, "tsconfig.json"), JSON.stringify({
    compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2022"], types: [], noErrorTruncation: false },
    files: [types, ...files],
  }));
  const run = spawnSync(process.execPath, [tsc, "-p", path.join(work, "tsconfig.json"), "--pretty", "false"], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error || (run.status !== 0 && !/error TS/.test(run.stdout))) { console.error(run.error ?? run.stdout + run.stderr); process.exit(2); }
  const byFile = new Map();
  let at = null;
  for (const line of run.stdout.split("\n")) {
    const m = line.match(/(?:^|\/)(case_\d+)\.([sx])\.ts\((\d+),(\d+)\): error (TS\d+): (.*)$/);
    if (m) { at = [`${m[1]}.${m[2]}`, { code: m[5], text: m[6], detail: [] }]; (byFile.get(at[0]) ?? byFile.set(at[0], []).get(at[0])).push(at[1]); }
    else if (/: error TS/.test(line)) { console.error("unexpected diagnostic:", line); process.exit(2); }
    else if (at && /^\s+/.test(line)) at[1].detail.push(line.trim());
  }
  const short = (d) => { const last = d.detail.length ? d.detail.slice(-3).join(" / ") : d.text; return `${d.code} ${last}`.slice(0, 600); };
  for (const j of jobs) if (j.file) {
    j.structure = (byFile.get(`${j.file}.s`) ?? []).map(short);
    j.undeclared = (byFile.get(`${j.file}.x`) ?? []).filter((d) => d.code === "TS2353" || d.code === "TS2561").map((d) => `${d.code} ${d.text}`.slice(0, 300));
  }
}
if (!keep) fs.rmSync(work, { recursive: true, force: true });

let passed = 0, failed = 0;
for (const j of jobs) {
  j.verdict = j.structure.length || (strict && j.undeclared.length) ? "reject" : "ok";
  j.pass = j.verdict === j.expect;
  j.pass ? passed++ : failed++;
  delete j.file;
  if (asJson) continue;
  console.log(`${j.pass ? "PASS" : "FAIL"} ${j.verdict.padEnd(6)} ${j.side.padEnd(8)} ${j.surface.padEnd(9)} ${j.model ?? "-"}  ${j.name}`);
  for (const s of j.structure) console.log(`       structure:  ${s}`);
  for (const u of j.undeclared) console.log(`       undeclared: ${u}`);
}
if (asJson) console.log(JSON.stringify({ passed, failed, cases: jobs }, null, 1));
else console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
