/** What a program in a container wrote, and where. */
export interface Output {
  readonly type: "stdout" | "stderr";
  readonly octets: Uint8Array;
}

const headerLength = 8;

/** Takes apart a stream in which the engine has put standard output and standard error (Engine API, "Stream format"). */
export async function* readFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Output> {
  let buffer = new Uint8Array();
  for await (const chunk of stream) {
    buffer = buffer.length === 0 ? new Uint8Array(chunk) : concat(buffer, chunk);
    for (;;) {
      const { length = Number.POSITIVE_INFINITY, type } = readHeader(buffer);
      const end = headerLength + length;
      if (buffer.length < end) break;
      yield { type, octets: buffer.subarray(headerLength, end) };
      buffer = buffer.subarray(end);
    }
  }
}

function readHeader(buffer: Uint8Array): { type: Output["type"]; length?: number } {
  if (buffer.length < headerLength) return { type: "stdout" };
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  return { type: view.getUint8(0) === 2 ? "stderr" : "stdout", length: view.getUint32(4) };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
