/** Writes src/rules/submission.ts from the schema of the sealed submission. */
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const schema = JSON.parse(await readFile("../server/dossier/data/submission.schema.json", "utf8"));
const source = await compile({ ...schema, title: "Submission" }, "Submission", {
  bannerComment: "/* Generated from submission.schema.json by `npm run types`. */",
  unreachableDefinitions: false,
  ignoreMinAndMaxItems: true,
  style: { printWidth: 100 },
});
const trimmed = source
  .replace(/\n \*\n \* This interface was referenced by[^/]*?\n \*\//g, "\n */")
  .replace(/\/\*\*\n \* This interface was referenced by[^/]*?\*\/\n/g, "");
const kinds =
  '\nexport type PhotoKind = Photo["kind"];\nexport type ReadingSource = Reading["source"];\n';
await writeFile("src/rules/submission.ts", trimmed + kinds);
