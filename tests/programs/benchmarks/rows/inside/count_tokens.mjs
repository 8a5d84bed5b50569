// Tokens of each line of a file in o200k_base, as JSON: node count_tokens.mjs PACKAGE FILE
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, file] = process.argv;
const vocabulary = path.join(folder, "esm/encoding/o200k_base.js");
const { countTokens } = await import(pathToFileURL(vocabulary).href);
const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
console.log(JSON.stringify(lines.map((line) => countTokens(line))));
