import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import type { Test } from "tap";
import { freePort } from "./secure-engine.ts";

export interface SshServer {
  /** A PATH whose `ssh` knows the server as the host `engine`, by its key, and has a key of its own. */
  readonly path: string;
  /** The same without its key. */
  readonly strangerPath: string;
}

/** An sshd(8) on 127.0.0.1 with keys of its own, through which `docker` reaches the engine that answers here. */
export async function startSshServer(t: Test): Promise<SshServer> {
  const directory = mkdtempSync(`${tmpdir()}/fe80-ssh-`);
  t.teardown(() => rmSync(directory, { recursive: true }));
  for (const name of ["host", "user", "stranger"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", `${directory}/${name}`]);
  const port = await freePort();
  const [type, key] = readFileSync(`${directory}/host.pub`, "utf8").split(" ");
  writeFileSync(`${directory}/known`, `[127.0.0.1]:${port} ${type} ${key}\n`);
  await listen(t, directory, port);
  const pathOf = (user: string) => `${writeClient(directory, { user, port })}:${process.env["PATH"]}`;
  return { path: pathOf("user"), strangerPath: pathOf("stranger") };
}

async function listen(t: Test, directory: string, port: number): Promise<void> {
  const engine = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  writeFileSync(
    `${directory}/sshd_config`,
    `ListenAddress 127.0.0.1
Port ${port}
HostKey ${directory}/host
AuthorizedKeysFile ${directory}/user.pub
PasswordAuthentication no
PermitRootLogin yes
PidFile none
StrictModes no
UsePAM no
SetEnv DOCKER_HOST=${engine} PATH=${process.env["PATH"]}
`,
  );
  // Debian's sshd wants this place to be there, in which there is nothing.
  mkdirSync("/run/sshd", { recursive: true });
  // It ends even if this process is killed.
  const sshd = ["--pdeathsig", "TERM", "/usr/sbin/sshd", "-D", "-e", "-f", `${directory}/sshd_config`];
  const server = spawn("setpriv", sshd, { stdio: ["ignore", "ignore", "pipe"] });
  t.teardown(() => server.kill());
  for await (const line of createInterface(server.stderr)) if (line.includes("listening on")) return;
  throw new Error("sshd has ended");
}

/** ssh(1) asks the system for its user's home, not the environment, so its configuration is named by a program in its place. */
function writeClient(directory: string, { user, port }: { user: string; port: number }): string {
  const own = `${directory}/${user}.d`;
  mkdirSync(own);
  writeFileSync(
    `${own}/config`,
    `Host engine
  HostName 127.0.0.1
  Port ${port}
  User root
Host *
  IdentityFile ${directory}/${user}
  IdentitiesOnly yes
  UserKnownHostsFile ${directory}/known
`,
  );
  const ssh = execFileSync("which", ["ssh"], { encoding: "utf8" }).trim();
  writeFileSync(`${own}/ssh`, `#!/bin/sh\nexec ${ssh} -F ${own}/config "$@"\n`);
  chmodSync(`${own}/ssh`, 0o755);
  return own;
}
