/** A file that only root may read, to be put into a container. */
export interface TarFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

const block = 512;
const directoryMode = "0000755";
const fileMode = "0000600";

/** Files with the directories that they are in, as tar(5) has them (ustar). */
export function tar(files: readonly TarFile[]): Buffer {
  const directories = new Set(files.flatMap(({ path }) => parents(path)));
  return Buffer.concat([
    ...[...directories].sort().map((path) => header(path, { mode: directoryMode, type: "5", size: 0 })),
    ...files.flatMap(({ path, text }) => {
      const content = Buffer.from(text);
      const padding = Buffer.alloc((block - (content.length % block)) % block);
      return [header(path, { mode: fileMode, type: "0", size: content.length }), content, padding];
    }),
    Buffer.alloc(2 * block),
  ]);
}

/** `/run/fe80/lab/` and all above it, but those that each system has. */
function parents(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}/`).slice(1);
}

function header(path: string, { mode, type, size }: { mode: string; type: string; size: number }): Buffer {
  const octets = Buffer.alloc(block);
  const [prefix, name] = split(path.slice(1));
  const fields: [offset: number, text: string][] = [
    [0, name],
    [100, mode],
    [108, "0000000"],
    [116, "0000000"],
    [124, size.toString(8).padStart(11, "0")],
    [136, "00000000000"],
    [148, " ".repeat(8)],
    [156, type],
    [257, "ustar\u{0}00"],
    [345, prefix],
  ];
  for (const [offset, text] of fields) octets.write(text, offset);
  const sum = octets.reduce((total, octet) => total + octet, 0);
  octets.write(`${sum.toString(8).padStart(6, "0")}\u{0} `, 148);
  return octets;
}

/** Names of more than 100 octets go on in a prefix of up to 155. @throws {RangeError} */
function split(path: string): [prefix: string, name: string] {
  if (path.length <= 100) return ["", path];
  const at = path.indexOf("/", path.length - 101);
  if (at < 0 || at > 155) throw new RangeError(`${path} is too long for an archive`);
  return [path.slice(0, at), path.slice(at + 1)];
}
