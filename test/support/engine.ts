import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { makeCertificates } from "./certificates.ts";
import { addressVariable, certificatesVariable, freePort } from "./secure-engine.ts";

/**
 * Runs a command that needs a Docker Engine: with the one that answers, or else with one of its own for just as long.
 *
 *     node test/support/engine.ts COMMAND [ARGUMENT…]      as root, where no engine answers
 */

const answers = () => spawnSync("docker", ["version"], { stdio: "ignore" }).status === 0;

/** A dockerd(8) with all that it keeps in one directory, which gives containers no network and leaves the machine's alone. */
async function startEngine(directory: string) {
  const certificates = `${directory}/certificates`;
  mkdirSync(certificates);
  makeCertificates(certificates);
  const address = `tcp://127.0.0.1:${await freePort()}`;
  const options = [
    `--host=unix://${directory}/docker.sock`,
    `--host=${address}`,
    "--tlsverify",
    `--tlscacert=${certificates}/ca.pem`,
    `--tlscert=${certificates}/cert.pem`,
    `--tlskey=${certificates}/key.pem`,
    `--data-root=${directory}/data`,
    `--exec-root=${directory}/exec`,
    `--pidfile=${directory}/pid`,
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
  ];
  // It ends even if this process is killed, and all that it mounts goes with it; it sees what others mount.
  const ownMounts = ["unshare", "--mount", "--propagation", "slave"];
  const child = spawn("setpriv", ["--pdeathsig", "TERM", ...ownMounts, "dockerd", ...options], {
    // Ctrl-C is not meant for it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = endOf(child);
  const log: string[] = [];
  const listening = new Promise<boolean>((resolve) => {
    createInterface(child.stderr).on("line", (line) => {
      log.push(line);
      if (line.includes("API listen on")) resolve(true);
    });
    ended.finally(() => resolve(false));
  });
  if (!(await listening)) throw new Error(`dockerd ended:\n${log.slice(-10).join("\n")}`);
  return {
    variables: {
      DOCKER_HOST: `unix://${directory}/docker.sock`,
      [addressVariable]: address,
      [certificatesVariable]: certificates,
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

/** The exit code of a process once it has ended, as shells have it. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

async function run([program = "", ...args]: readonly string[], variables = {}): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...variables } });
  return await endOf(child);
}

async function main(command: readonly string[]): Promise<number> {
  if (answers()) return await run(command);
  const directory = mkdtempSync("/var/tmp/fe80-engine-");
  try {
    await using engine = await startEngine(directory);
    return await run(command, engine.variables);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

// The command gets them, too, and its end is waited for.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.exitCode = await main(process.argv.slice(2));
