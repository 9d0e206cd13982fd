import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArtifactError } from "../lab/errors.ts";
import { messageOf } from "../std/errors.ts";
import type { Meeting } from "./meeting.ts";
import type { Cell } from "./result.ts";

/**
 * Keeps what is known of a failure, in a directory of its own: all that both tell, logs included, what they said to each other
 * in words, and that as pcapng.
 *
 * @throws {ArtifactError} if it cannot be written
 */
export async function keepFailure(
  { feature, way, pair, verdict }: Cell,
  meeting: Meeting,
  directory: string,
): Promise<void> {
  const direction = way === null ? "" : way === "→" ? "-from-a" : "-from-b";
  const path = join(directory, `${pair.a}-${pair.b}-${feature}${direction}`);
  const said = meeting.wire.heard.map(({ from, port, text }) => `${from} ${port} ${text}\n`).join("");
  const told = (end: "a" | "b") =>
    meeting.raw(end).catch((error) => `it does not answer: ${messageOf(error)}\n`);
  const files = {
    "reason.txt": `${verdict.type === "fail" ? verdict.reason : verdict.type}\n`,
    "a.log": await told("a"),
    "b.log": await told("b"),
    "messages.txt": said,
    "link.pcapng": meeting.wire.pcapng(),
  };
  try {
    await mkdir(path, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  } catch (cause) {
    const hint = "name a directory that may be made or written";
    throw new ArtifactError(`cannot write ${path}: ${messageOf(cause)}`, { cause, hint });
  }
}
