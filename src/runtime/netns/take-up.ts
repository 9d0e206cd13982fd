import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { FileDescriptor, replaceFile } from "../../linux/file-descriptor.ts";
import { outliveParent } from "../../linux/parent-death.ts";
import { type Papers, PLACEHOLDER, textOf } from "./standby.ts";

/**
 * Waits on standard input for the work that a process on standby is for, and becomes the daemon that it is for.
 *
 * @returns what the daemon is to read; undefined if there is no work any more
 */
export function takeUpWork(): string | undefined {
  if (process.env[PLACEHOLDER] === undefined) return readFileSync(0, "utf8");
  const line = readLine();
  if (line === undefined) return undefined;
  const { marks, log } = JSON.parse(line) as Papers;
  outliveParent();
  // Without the lab's directory the lab is gone, and then nothing is to be marked as its.
  for (const standard of [1, 2]) replaceFile(standard, { by: new FileDescriptor(openSync(log, "a")) });
  mark(marks);
  return readFileSync(0, "utf8") || undefined;
}

/** Octet by octet, for what comes next is not ours. */
function readLine(): string | undefined {
  const octets: number[] = [];
  for (const octet = new Uint8Array(1); readSync(0, octet) === 1; octets.push(octet[0] ?? 0)) {
    if (octet[0] === NEWLINE) return Buffer.from(octets).toString();
  }
  return undefined;
}

const NEWLINE = 10;

/** Writes marks where /proc/PID/environ shows this process's memory, which setenv(3) does not. */
function mark(marks: Papers["marks"]): void {
  const environment = readFileSync("/proc/self/environ");
  const at = environment.indexOf(`${PLACEHOLDER}=`);
  const end = environment.indexOf(0, at);
  const octets = Buffer.alloc(end - at);
  octets.write(textOf(marks));
  const memory = openSync("/proc/self/mem", "r+");
  writeSync(memory, octets, 0, octets.length, environmentStart() + at);
  closeSync(memory);
  Object.assign(process.env, marks);
}

/** `env_start`, the fiftieth field of /proc/PID/stat (proc(5)); the second is a name that may have spaces in it. */
function environmentStart(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[47]);
}
