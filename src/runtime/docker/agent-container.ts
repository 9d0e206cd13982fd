import type { Duplex } from "node:stream";
import { agentLabel, type Engine, Label } from "./engine.ts";

/** Where the agent's program is in the image. */
const program = "/opt/fe80/dist/bin/fe80-agent.js";

const capabilities = [
  // Interfaces, addresses, queues.
  "NET_ADMIN",
  // Frames of interfaces.
  "NET_RAW",
  // Other namespaces, and settings of the kernel in them.
  "SYS_ADMIN",
  // Whose processes are marked as a daemon's, in which namespaces they are, and the sockets of their containers.
  "SYS_PTRACE",
  "DAC_READ_SEARCH",
  "KILL",
];

/** Starts an agent in a container that is gone when the agent has ended; its standard streams. @throws {EngineError} */
export async function startAgent(
  engine: Engine,
  { lab, image }: { lab: string; image: string },
): Promise<Duplex> {
  return await engine.work("start an agent", async (docker) => {
    const container = await docker.createContainer({
      Image: image,
      Entrypoint: ["node", program],
      Cmd: [],
      User: "0",
      Healthcheck: { Test: ["NONE"] },
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Labels: { [Label.lab]: lab, [Label.router]: agentLabel },
      HostConfig: {
        AutoRemove: true,
        PidMode: "host",
        NetworkMode: "host",
        CapDrop: ["ALL"],
        CapAdd: capabilities,
        SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
        // A router forwards, and takes its addresses from nobody: that is set below /proc/sys.
        ReadonlyPaths: [],
        MaskedPaths: [],
      },
    });
    const attached = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const stream = await container.attach(attached);
    // It is told by the end of what can be read.
    stream.on("error", () => {});
    await container.start();
    return stream;
  });
}
