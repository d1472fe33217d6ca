// Asks asl-validator and amazon-states-language-service about definitions.
//
// node validate.mjs FILE...
//
// Prints every finding, and fails on the first error or warning of either judge. It proves first
// that both judges still find a planted mistake: a judge that accepts everything proves nothing.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The packages are installed outside the repository: NODE_JUDGES names the folder.
const require = createRequire(join(process.env.NODE_JUDGES ?? import.meta.dirname, "judges.cjs"));
const aslValidator = require("asl-validator");
const { getLanguageService, TextDocument } = require("amazon-states-language-service");

const SEVERITIES = { 1: "error", 2: "warning", 3: "information", 4: "hint" };
const service = getLanguageService({});

/** Findings of asl-validator: one string each. */
function schemaFindings(text) {
  // The validator writes into what it is given.
  const { isValid, errors } = aslValidator(JSON.parse(text));
  return isValid ? [] : errors.map((error) => `asl-validator: ${JSON.stringify(error)}`);
}

/** Findings of amazon-states-language-service with severity error or warning. */
async function serviceFindings(name, text) {
  const document = TextDocument.create(`file:///${name}`, "asl", 1, text);
  const parsed = service.parseJSONDocument(document);
  const diagnostics = await service.doValidation(document, parsed);
  return diagnostics
    .filter(({ severity }) => severity === undefined || severity <= 2)
    .map(({ range, severity, message }) => {
      const at = `${range.start.line + 1}:${range.start.character + 1}`;
      return `language service: ${SEVERITIES[severity] ?? "error"} at ${at}: ${message}`;
    });
}

/** Both judges must refuse a machine whose Next leads nowhere. */
async function provesItself() {
  const broken = JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "a",
    States: { a: { Type: "Pass", Output: "{% 1 %}", Next: "nowhere" } },
  });
  if (schemaFindings(broken).length === 0) throw new Error("asl-validator accepts a broken machine");
  if ((await serviceFindings("broken.asl.json", broken)).length === 0) {
    throw new Error("amazon-states-language-service accepts a broken machine");
  }
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("name at least one file");
await provesItself();

let failures = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const findings = [...schemaFindings(text), ...(await serviceFindings(file, text))];
  console.log(`${findings.length === 0 ? "ok  " : "FAIL"} ${file}`);
  for (const finding of findings) console.log(`     ${finding}`);
  failures += findings.length;
}
process.exit(failures === 0 ? 0 : 1);
