/** What a handler may use: its second argument. Everything else is not there. */
interface Host {
  readonly http: HostHttp;
  readonly log: HostLog;
  readonly clock: {
    /** Milliseconds since 1970, as `Date.now()`. */
    now(): number;
  };
  readonly random: {
    /** As `Math.random()`. */
    number(): number;
    /** As `crypto.randomUUID()`. */
    uuid(): string;
  };
  /** An error to throw: a built-in code, or one that the tool declares under `errors`. */
  error(code: string, message: string, details?: unknown): Error;
}

/** Requests under the pack's capabilities. Every status is a reply; only a request that was refused or failed throws. */
interface HostHttp {
  get(address: string, options?: HostRequest): Promise<HostReply>;
  head(address: string, options?: HostRequest): Promise<HostReply>;
  post(address: string, options?: HostRequest): Promise<HostReply>;
  put(address: string, options?: HostRequest): Promise<HostReply>;
  patch(address: string, options?: HostRequest): Promise<HostReply>;
  delete(address: string, options?: HostRequest): Promise<HostReply>;
  request(method: string, address: string, options?: HostRequest): Promise<HostReply>;
}

type HostQueryValue = string | number | boolean | null | undefined;

interface HostRequest {
  /** Added to the address and encoded; `undefined` and `null` are left out, a list gives the name once for each value. */
  query?: { [name: string]: HostQueryValue | readonly HostQueryValue[] } | Iterable<readonly [string, string]>;
  /** An object, pairs or `Headers`. */
  headers?: { [name: string]: string } | Iterable<readonly [string, string]>;
  /** Text, bytes, or `URLSearchParams`. */
  body?: string | ArrayBuffer | ArrayBufferView | (Iterable<readonly [string, string]> & { append(name: string, value: string): void });
  /** Any value, sent as JSON with its content type. */
  json?: unknown;
}

interface HostReply {
  readonly status: number;
  /** 200 to 299. */
  readonly ok: boolean;
  /** After redirects. */
  readonly url: string;
  readonly headers: { get(name: string): string | null; has(name: string): boolean; [Symbol.iterator](): IterableIterator<[string, string]> };
  text(): string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a server sends is not known here
  json(): any;
  bytes(): Uint8Array;
}

/** Lines of the run's log; `console.log` and its like are the same. */
interface HostLog {
  debug(...parts: unknown[]): void;
  info(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
  error(...parts: unknown[]): void;
}
