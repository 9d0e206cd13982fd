import type { LinkAddress, RouterHost, Transport } from "./host.ts";

/** What becomes of a dial. */
export interface DialListener {
  connected(transport: Transport): void;
  failed(error: string): void;
}

/** Opens the outbound connection of a session: one attempt at a time, a new one in place of the last. */
export class Dialer {
  readonly #host: RouterHost;
  readonly #port: number;
  #attempt: Transport | undefined;

  constructor(host: RouterHost, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get busy(): boolean {
    return this.#attempt !== undefined;
  }

  start(to: LinkAddress, listener: DialListener): void {
    this.cancel();
    const attempt = this.#host.dial(to, this.#port);
    this.#attempt = attempt;
    attempt.listen({
      connected: () => {
        this.#attempt = undefined;
        listener.connected(attempt);
      },
      received: () => undefined,
      closed: (error) => {
        this.#attempt = undefined;
        listener.failed(error);
      },
    });
  }

  /** The attempt ends unheard. */
  cancel(): void {
    this.#attempt?.close();
    this.#attempt = undefined;
  }
}
