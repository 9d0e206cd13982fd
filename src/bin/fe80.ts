#!/usr/bin/env node
import { speakers } from "../library/machine.ts";
import { Standby } from "../runtime/netns/standby.ts";
import { keepCompiled } from "./compiled.ts";
import { takeRelativeImports } from "./relative-imports.ts";

// Loading is most of a short command's time: what `up` makes loads meanwhile, on another core.
keepCompiled();
takeRelativeImports();
const [name = "", ...rest] = process.argv.slice(2);
const isUp = ["up", "deploy", "apply"].includes(name) && !rest.includes("--dry-run");
const path = process.env["PATH"] ?? "";
const standby = isUp && process.geteuid?.() === 0 ? Standby.start({ ...speakers, path }) : undefined;

const { runCommand } = await import("./command.ts");
await runCommand(standby);
