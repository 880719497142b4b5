// The YAML file named first, as JSON. YAML 1.1, for its merge keys. The second argument is the folder
// whose node_modules has js-yaml.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [file, packages] = process.argv.slice(2);
const { load, YAML11_SCHEMA } = createRequire(`${packages}/`)("js-yaml");
process.stdout.write(JSON.stringify(load(readFileSync(file, "utf8"), { schema: YAML11_SCHEMA })));
