// SPDX-License-Identifier: Apache-2.0
// Prints Ajv's verdict, 1 or 0, on each line of settings that generate_settings.py wrote.
//
// usage: node verdicts.js CASES SCHEMA [SHARED...]
"use strict";

const fs = require("fs");
const readline = require("readline");
const Ajv = require("ajv");
const addFormats = require("ajv-formats");

const [cases, schema, ...shared] = process.argv.slice(2);
const read = (path) => JSON.parse(fs.readFileSync(path, "utf8"));

// Annotations of our own are nothing to Ajv; the discriminator is used as forms use it.
const ajv = new Ajv({ strict: false, discriminator: true });
addFormats(ajv);
shared.map(read).forEach((document) => ajv.addSchema(document));
const validate = ajv.compile(read(schema));

const lines = readline.createInterface({ input: fs.createReadStream(cases) });
const verdicts = [];
lines.on("line", (line) => verdicts.push(validate(JSON.parse(line).settings) ? "1" : "0"));
lines.on("close", () => process.stdout.write(verdicts.join("\n") + "\n"));
