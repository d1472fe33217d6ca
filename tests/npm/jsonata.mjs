// Evaluates recorded expressions with the reference JSONata and compares.
//
// node jsonata.mjs FILE...
//
// Each file has one JSON object a line, as docs/architecture.md ("Other judges") describes:
// {expr, bindings, expected | undefined: true | error: true, impure?: true, message?}.
//
// Where the reference itself breaks (its error has no code of JSONata: a TypeError inside it), the
// record may say anything; such lines are counted. What an error says is counted too, not demanded.

import { readFileSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_JUDGES ?? import.meta.dirname, "judges.cjs"));
const jsonata = require("jsonata");

/** Functions that Step Functions adds to JSONata. */
function addStepFunctions(expression) {
  expression.registerFunction("parse", (text) => JSON.parse(text));
  expression.registerFunction("uuid", () => randomUUID());
  expression.registerFunction("hash", (data, algorithm) => {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    return createHash(algorithm.replace("-", "").toLowerCase()).update(text).digest("hex");
  });
  expression.registerFunction("range", (first, last, step) => {
    const values = [];
    for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
      values.push(value);
    }
    return values;
  });
  expression.registerFunction("partition", (list, size) => {
    const chunks = [];
    for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
    return chunks;
  });
}

/** What leaves an expression on AWS: functions as empty text, what JSON cannot hold as its name. */
function leaving(_key, value) {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "function" || value?._jsonata_lambda ? "" : value;
}

/** What the reference says: {expected}, {undefined: true} or {error: true}, with message and code. */
async function judge({ expr, bindings, impure }) {
  let expression;
  try {
    expression = jsonata(expr);
    if (impure) return { impure };
    addStepFunctions(expression);
    const value = await expression.evaluate(undefined, bindings);
    const text = JSON.stringify(value, leaving);
    return text === undefined ? { undefined: true } : { expected: JSON.parse(text) };
  } catch (error) {
    return { error: true, message: error.message, code: error.code };
  }
}

/** What the record says, in the same form. */
function claim(record) {
  if (record.impure) return { impure: true };
  if (record.error) return { error: true };
  if (record.undefined) return { undefined: true };
  if (!("expected" in record)) throw new Error(`no outcome in ${JSON.stringify(record)}`);
  return { expected: record.expected };
}

async function provesItself() {
  const cases = [
    [{ expr: "$a + 1", bindings: { a: 1 } }, { expected: 2 }],
    [{ expr: "$a.b", bindings: { a: {} } }, { undefined: true }],
    [{ expr: "$error('no')", bindings: {} }, { error: true, message: "no", code: "D3137" }],
    [
      { expr: "$pad('a', 1.5)", bindings: {} },
      { error: true, message: "Invalid array length", code: undefined },
    ],
    [{ expr: "$range(0, 4, 2)", bindings: {} }, { expected: [0, 2, 4] }],
  ];
  for (const [record, expected] of cases) {
    const got = await judge(record);
    if (!isDeepStrictEqual(got, expected)) {
      throw new Error(`${record.expr}: ${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`);
    }
  }
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("name at least one file");
await provesItself();

const seen = new Set();
const count = { expected: 0, undefined: 0, error: 0, impure: 0, broken: 0, alike: 0 };
let failures = 0;
for (const file of files) {
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "" || seen.has(line)) continue;
    seen.add(line);
    const record = JSON.parse(line);
    const expected = claim(record);
    const { message, code, ...got } = await judge(record);
    count[Object.keys(expected)[0]] += 1;
    if (got.error && expected.error && record.message === `${code}: ${message}`) count.alike += 1;
    if (got.error && !expected.error && code === undefined) {
      count.broken += 1;
    } else if (!isDeepStrictEqual(got, expected)) {
      failures += 1;
      console.log(`FAIL ${record.expr}\n     bindings ${JSON.stringify(record.bindings)}`);
      console.log(`     ours     ${JSON.stringify(expected)}`);
      console.log(`     jsonata  ${JSON.stringify(got)} ${message ?? ""}`);
    }
  }
}
console.log(
  `${seen.size} different evaluations: ${count.expected} values, ${count.undefined} undefined, ` +
    `${count.error} errors (${count.alike} in the same words), ${count.impure} only parsed, ` +
    `${count.broken} on which the reference broke; ${failures} differ`,
);
if (seen.size === 0) throw new Error("nothing was recorded");
process.exit(failures === 0 ? 0 : 1);
