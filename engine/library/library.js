// The standard library of inline handlers. It runs once, when the engine is made, and lies in the engine's snapshot.
//
// What it hands out at its end are the functions that glue.wat calls. What a handler sees is put on the global object here; the
// rest stays in this scope, so that no handler can change how its own result is read.
(hostCall) => {
  "use strict";
  const { parse, stringify: toJson } = JSON;
  const { hasOwn } = Object;
  const { isArray, from: arrayFrom } = Array;
  const { defineProperty, freeze, keys, getPrototypeOf, prototype: objectPrototype } = Object;
  const { fromCharCode } = String;
  const then = Function.prototype.call.bind(Promise.prototype.then);

  // Half a character in a string is written as its escape, which others refuse to read: it becomes the character for that.
  const stringify = (value) => {
    const text = toJson(value);
    if (text === undefined || !text.includes("\\ud")) return text;
    return text.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (escape, half) => (half ? "\\ufffd" : escape));
  };

  // ---- The host ----

  class HostError extends Error {
    constructor(code, message, details) {
      super(message);
      this.code = code;
      if (details !== undefined) this.details = details;
    }
  }
  defineProperty(HostError.prototype, "name", { value: "HostError", writable: true, configurable: true });

  const ask = (name, request) => {
    const answer = parse(hostCall(name, stringify(request)));
    if (!answer.error) return answer.ok;
    const error = new HostError(answer.error.code, answer.error.message, answer.error.details);
    if (answer.error.retry_after_ms !== undefined) error.retry_after_ms = answer.error.retry_after_ms;
    throw error;
  };

  // ---- Text as bytes ----

  const encode = (text) => {
    const bytes = [];
    for (let at = 0; at < text.length; at++) {
      let code = text.charCodeAt(at);
      if (code >= 0xd800 && code <= 0xdfff) {
        const low = code < 0xdc00 ? text.charCodeAt(at + 1) : NaN;
        if (low >= 0xdc00 && low <= 0xdfff) {
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
          at++;
        } else {
          code = 0xfffd; // half a character
        }
      }
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return new Uint8Array(bytes);
  };

  // The shortest and longest code of a sequence, by its length: what is outside is no UTF-8.
  const LOWEST = [0, 0, 0x80, 0x800, 0x10000];
  const decode = (bytes, fatal) => {
    let text = "";
    const wrong = () => {
      if (fatal) throw new TypeError("The encoded data was not valid utf-8");
      text += "\ufffd";
    };
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at++];
      if (first < 0x80) {
        text += fromCharCode(first);
        continue;
      }
      const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
      if (!length) {
        wrong();
        continue;
      }
      let code = first & (0x7f >> length);
      let more = length - 1;
      while (more > 0 && (bytes[at] & 0xc0) === 0x80) {
        code = (code << 6) | (bytes[at] & 63);
        // A second byte that makes the sequence overlong, a surrogate or too high ends it before that byte.
        if (more === length - 1 && length > 2) {
          const least = code << (6 * (length - 2));
          const most = least | ((1 << (6 * (length - 2))) - 1);
          if (most < LOWEST[length] || least > 0x10ffff || (least >= 0xd800 && most <= 0xdfff)) break;
        }
        at++;
        more--;
      }
      if (more > 0) wrong();
      else text += String.fromCodePoint(code);
    }
    return text;
  };

  const bytesOf = (data) => {
    if (data instanceof Uint8Array) return data;
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    throw new TypeError("bytes must be an ArrayBuffer or a view of one");
  };

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      return encode(String(text));
    }
  }

  class TextDecoder {
    #fatal;
    #keepMark;
    constructor(label = "utf-8", options = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) throw new RangeError(`TextDecoder knows utf-8, not ${label}`);
      this.#fatal = !!options.fatal;
      this.#keepMark = !!options.ignoreBOM;
    }
    get encoding() {
      return "utf-8";
    }
    get fatal() {
      return this.#fatal;
    }
    decode(data = new Uint8Array()) {
      const text = decode(bytesOf(data), this.#fatal);
      return !this.#keepMark && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }

  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const [a, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
      const letters = LETTERS[a >> 2] + LETTERS[((a & 3) << 4) | (b >> 4)] + LETTERS[((b & 15) << 2) | (c >> 6)] + LETTERS[c & 63];
      text += letters.slice(0, Math.min(4, bytes.length - at + 1)).padEnd(4, "=");
    }
    return text;
  };
  const fromBase64 = (text) => {
    const letters = String(text).replace(/[\t\n\f\r ]/g, "").replace(/={1,2}$/, "");
    if (letters.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(letters)) throw new TypeError("this is not base64");
    const bytes = new Uint8Array((letters.length * 3) >> 2);
    let bits = 0;
    let held = 0;
    let to = 0;
    for (const letter of letters) {
      bits = ((bits << 6) | LETTERS.indexOf(letter)) & 0xffff;
      held += 6;
      if (held >= 8) bytes[to++] = (bits >> (held -= 8)) & 255;
    }
    return bytes;
  };
  const btoa = (text) =>
    toBase64(
      Uint8Array.from(String(text), (letter) => {
        if (letter.charCodeAt(0) > 255 || letter.length > 1) throw new TypeError("btoa takes characters up to U+00FF; encode with TextEncoder first");
        return letter.charCodeAt(0);
      }),
    );
  const atob = (text) => arrayFrom(fromBase64(text), (byte) => fromCharCode(byte)).join("");

  // ---- console ----

  const describe = (value, depth, seen) => {
    if (typeof value === "string") return depth ? stringify(value) : value;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Error) return value.stack ? `${value.name}: ${value.message}\n${value.stack}`.trimEnd() : String(value);
    if (seen.includes(value)) return "[circular]";
    if (depth > 4) return isArray(value) ? "[…]" : "{…}";
    const inside = [...seen, value];
    const inner = (item) => describe(item, depth + 1, inside);
    if (isArray(value)) return `[${value.slice(0, 100).map(inner).join(", ")}${value.length > 100 ? `, … ${value.length - 100} more` : ""}]`;
    if (value instanceof Date) return isNaN(value) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp || value instanceof URL) return String(value);
    if (value instanceof Map) return `Map {${arrayFrom(value, ([key, item]) => `${inner(key)} => ${inner(item)}`).join(", ")}}`;
    if (value instanceof Set) return `Set {${arrayFrom(value, inner).join(", ")}}`;
    const name = value.constructor?.name;
    const entries = keys(value).slice(0, 100).map((key) => `${/^[\w$]+$/.test(key) ? key : stringify(key)}: ${inner(value[key])}`);
    return `${name && name !== "Object" ? `${name} ` : ""}{${entries.join(", ")}}`;
  };
  const logger = (level) => (...values) => void ask("log", { level, text: values.map((value) => describe(value, 0, [])).join(" ") });
  const log = { debug: logger("debug"), info: logger("info"), warn: logger("warn"), error: logger("error") };
  const console = { log: log.info, ...log, trace: log.debug };

  // ---- Time and chance ----

  const hexBytes = (count) => {
    const text = ask("random", { bytes: count });
    return Uint8Array.from({ length: count }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
  };
  const randomUUID = () => {
    const bytes = hexBytes(16);
    bytes[6] = (bytes[6] & 15) | 0x40;
    bytes[8] = (bytes[8] & 63) | 0x80;
    const text = arrayFrom(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  };
  const crypto = {
    randomUUID,
    getRandomValues(view) {
      if (!ArrayBuffer.isView(view)) throw new TypeError("getRandomValues fills a typed array");
      if (view.byteLength > 65536) throw new RangeError("getRandomValues fills at most 65,536 bytes");
      bytesOf(view).set(hexBytes(view.byteLength));
      return view;
    },
  };
  // QuickJS seeds its own generator when it starts, which is in the snapshot: every instance would give the same numbers.
  let state = 0n;
  Math.random = () => {
    if (state === 0n) state = BigInt("0x" + ask("random", { bytes: 8 })) || 1n;
    state ^= (state << 13n) & 0xffffffffffffffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 0x20000000000000;
  };

  // ---- URL: read by the host, which also decides where a request may go ----

  class URLSearchParams {
    #pairs = [];
    #changed = () => {};
    constructor(init = "", changed) {
      if (typeof init === "string") this.#pairs = readQuery(init);
      else if (init instanceof URLSearchParams || isArray(init) || typeof init?.[Symbol.iterator] === "function")
        for (const [name, value] of init) this.#pairs.push([String(name), String(value)]);
      else for (const name of keys(init ?? {})) this.#pairs.push([name, String(init[name])]);
      if (changed) this.#changed = changed;
    }
    get size() {
      return this.#pairs.length;
    }
    append(name, value) {
      this.#pairs.push([String(name), String(value)]);
      this.#changed();
    }
    set(name, value) {
      const at = this.#pairs.findIndex(([known]) => known === String(name));
      if (at < 0) return this.append(name, value);
      this.#pairs = this.#pairs.filter(([known], index) => index <= at || known !== String(name));
      this.#pairs[at] = [String(name), String(value)];
      this.#changed();
    }
    delete(name) {
      this.#pairs = this.#pairs.filter(([known]) => known !== String(name));
      this.#changed();
    }
    get(name) {
      return this.#pairs.find(([known]) => known === String(name))?.[1] ?? null;
    }
    getAll(name) {
      return this.#pairs.filter(([known]) => known === String(name)).map(([, value]) => value);
    }
    has(name) {
      return this.#pairs.some(([known]) => known === String(name));
    }
    sort() {
      this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed();
    }
    forEach(visit) {
      for (const [name, value] of this.#pairs) visit(value, name, this);
    }
    entries() {
      return this.#pairs.map(([name, value]) => [name, value])[Symbol.iterator]();
    }
    keys() {
      return this.#pairs.map(([name]) => name)[Symbol.iterator]();
    }
    values() {
      return this.#pairs.map(([, value]) => value)[Symbol.iterator]();
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return this.#pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&");
    }
  }
  const formEncode = (text) =>
    arrayFrom(encode(text), (byte) => {
      const letter = fromCharCode(byte);
      if (/[A-Za-z0-9*\-._]/.test(letter)) return letter;
      return byte === 32 ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }).join("");
  const formDecode = (text) => {
    const bytes = encode(text.replace(/\+/g, " "));
    const out = [];
    for (let at = 0; at < bytes.length; at++) {
      const hex = bytes[at] === 37 ? fromCharCode(bytes[at + 1], bytes[at + 2]) : "";
      if (/^[0-9a-f]{2}$/i.test(hex)) {
        out.push(parseInt(hex, 16));
        at += 2;
      } else out.push(bytes[at]);
    }
    return decode(out, false);
  };
  const readQuery = (text) =>
    text.replace(/^\?/, "").split("&").filter(Boolean).map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [formDecode(pair), ""] : [formDecode(pair.slice(0, at)), formDecode(pair.slice(at + 1))];
    });

  class URL {
    #parts;
    #params;
    constructor(address, base) {
      this.#parts = URL.#read({ address: String(address), base: base === undefined ? undefined : String(base) });
    }
    static #read(request) {
      const parts = ask("url", request);
      if (!parts) throw new TypeError(`${request.address} is not an address`);
      return parts;
    }
    static canParse(address, base) {
      return ask("url", { address: String(address), base: base === undefined ? undefined : String(base) }) !== null;
    }
    static {
      const change = { href: 1, protocol: 1, username: 1, password: 1, host: 1, hostname: 1, port: 1, pathname: 1, search: 1, hash: 1, origin: 0 };
      for (const name of keys(change))
        defineProperty(URL.prototype, name, {
          get() {
            return this.#parts[name];
          },
          ...(change[name] && {
            set(value) {
              const parts = ask("url", { address: this.#parts.href, set: name, value: String(value) });
              if (parts) this.#parts = parts;
              else if (name === "href") throw new TypeError(`${value} is not an address`);
              this.#params = undefined;
            },
          }),
          enumerable: true,
          configurable: true,
        });
    }
    get searchParams() {
      return (this.#params ??= new URLSearchParams(this.#parts.search, () => {
        const params = this.#params;
        this.search = params.toString();
        this.#params = params;
      }));
    }
    toString() {
      return this.#parts.href;
    }
    toJSON() {
      return this.#parts.href;
    }
  }

  // ---- HTTP ----

  class Headers {
    #values = new Map();
    constructor(init = {}) {
      const pairs = init instanceof Headers || isArray(init) ? init : keys(init ?? {}).map((name) => [name, init[name]]);
      for (const [name, value] of pairs) this.append(name, value);
    }
    append(name, value) {
      const known = this.get(name);
      this.set(name, known === null ? value : `${known}, ${value}`);
    }
    set(name, value) {
      this.#values.set(String(name).toLowerCase(), String(value).trim());
    }
    get(name) {
      return this.#values.get(String(name).toLowerCase()) ?? null;
    }
    has(name) {
      return this.#values.has(String(name).toLowerCase());
    }
    delete(name) {
      this.#values.delete(String(name).toLowerCase());
    }
    forEach(visit) {
      for (const [name, value] of this) visit(value, name, this);
    }
    [Symbol.iterator]() {
      return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1))[Symbol.iterator]();
    }
    entries() {
      return this[Symbol.iterator]();
    }
    toJSON() {
      return Object.fromEntries(this);
    }
  }

  // What `host.http` answers with: all of it has arrived.
  class Reply {
    #body;
    constructor(answer) {
      this.status = answer.status;
      this.url = answer.url;
      this.headers = new Headers(answer.headers);
      this.#body = answer.body_base64 === undefined ? answer.body : fromBase64(answer.body_base64);
    }
    get ok() {
      return this.status >= 200 && this.status < 300;
    }
    text() {
      return typeof this.#body === "string" ? this.#body : decode(this.#body, false);
    }
    json() {
      const text = this.text();
      try {
        return parse(text);
      } catch (error) {
        throw new SyntaxError(`the answer of ${this.url} is not JSON (${error.message}); it begins with ${stringify(text.slice(0, 60))}`);
      }
    }
    bytes() {
      return typeof this.#body === "string" ? encode(this.#body) : this.#body;
    }
  }

  const send = (method, address, options = {}) => {
    const headers = new Headers(options.headers);
    let body = options.body;
    if (options.json !== undefined) {
      body = stringify(options.json);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
    }
    if (body instanceof URLSearchParams) {
      body = body.toString();
      if (!headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
    }
    const request = { method: String(method).toUpperCase(), url: String(address), headers: [...headers] };
    if (options.query !== undefined) request.query = [...new URLSearchParams(withoutUndefined(options.query))];
    if (typeof body === "string") request.body = body;
    else if (body !== undefined && body !== null) request.body_base64 = toBase64(bytesOf(body));
    return new Reply(ask("http", request));
  };
  const withoutUndefined = (query) =>
    isArray(query) || query instanceof URLSearchParams || typeof query !== "object"
      ? query
      : keys(query).flatMap((name) =>
          query[name] === undefined || query[name] === null
            ? []
            : isArray(query[name])
              ? query[name].map((value) => [name, value])
              : [[name, query[name]]],
        );
  const http = { request: async (method, address, options) => send(method, address, options) };
  for (const method of ["get", "head", "post", "put", "patch", "delete"])
    http[method] = async (address, options) => send(method, address, options);

  class Response extends Reply {
    get statusText() {
      return "";
    }
    async text() {
      return super.text();
    }
    async json() {
      return Reply.prototype.json.call({ text: () => super.text(), url: this.url });
    }
    async bytes() {
      return super.bytes();
    }
    async arrayBuffer() {
      return super.bytes().slice().buffer;
    }
  }
  const fetch = async (address, options = {}) => {
    const { json, query, ...known } = options;
    const reply = send(known.method ?? "GET", address, known);
    const bytes = reply.bytes();
    return new Response({ status: reply.status, url: reply.url, headers: reply.headers, body_base64: toBase64(bytes) });
  };

  // ---- structuredClone ----

  const structuredClone = (value) => {
    const done = new Map();
    const copy = (from) => {
      if (typeof from === "function" || typeof from === "symbol") throw new TypeError(`${String(from)} cannot be cloned`);
      if (typeof from !== "object" || from === null) return from;
      if (done.has(from)) return done.get(from);
      const keep = (made) => (done.set(from, made), made);
      if (from instanceof Date) return keep(new Date(from.getTime()));
      if (from instanceof RegExp) return keep(new RegExp(from.source, from.flags));
      if (from instanceof ArrayBuffer) return keep(from.slice(0));
      if (ArrayBuffer.isView(from))
        return keep(from instanceof DataView ? new DataView(copy(from.buffer), from.byteOffset, from.byteLength) : new from.constructor(from));
      if (from instanceof Map) {
        const made = keep(new Map());
        for (const [key, item] of from) made.set(copy(key), copy(item));
        return made;
      }
      if (from instanceof Set) {
        const made = keep(new Set());
        for (const item of from) made.add(copy(item));
        return made;
      }
      if (from instanceof Error) {
        const made = keep(new (globalThis[from.name] ?? Error)(from.message));
        defineProperty(made, "stack", { value: from.stack, writable: true, configurable: true });
        return made;
      }
      const made = keep(isArray(from) ? new Array(from.length) : {});
      for (const key of keys(from)) made[key] = copy(from[key]);
      return made;
    };
    return copy(value);
  };

  const share = { console, TextEncoder, TextDecoder, btoa, atob, crypto, URL, URLSearchParams, Headers, Response, fetch, structuredClone };
  for (const name of keys(share)) defineProperty(globalThis, name, { value: share[name], writable: true, configurable: true });

  // ---- A call ----

  const host = freeze({
    http: freeze(http),
    log: freeze(log),
    clock: freeze({ now: () => Date.now() }),
    random: freeze({ number: () => Math.random(), uuid: randomUUID }),
    error: (code, message, details) => new HostError(String(code), String(message ?? code), details),
  });

  let source;
  let outcome;
  const rejected = new Map();

  const failure = (thrown) => {
    if (thrown instanceof HostError) {
      const { code, message, details, retry_after_ms, stack } = thrown;
      const later = typeof retry_after_ms === "number" && retry_after_ms >= 0 ? Math.floor(retry_after_ms) : undefined;
      return { code: String(code), message: String(message), details, retry_after_ms: later, stack: String(stack ?? "") };
    }
    if (thrown instanceof Error) {
      return { code: "handler_failed", message: `${thrown.name}: ${thrown.message}`, stack: String(thrown.stack ?? "") };
    }
    return { code: "handler_failed", message: `the handler threw ${describe(thrown, 1, [])}, which is no error`, stack: "" };
  };
  // What is thrown may itself throw when it is looked at.
  const fail = (thrown) => {
    try {
      outcome = { error: failure(thrown) };
    } catch {
      outcome = { error: { code: "handler_failed", message: "the handler threw something that cannot be looked at", stack: "" } };
    }
  };

  const start = (module, wanted, tool, input) => {
    const run = module[wanted];
    if (typeof run !== "function") {
      const there = keys(module).filter((name) => typeof module[name] === "function");
      const what = there.length ? `it exports ${there.join(", ")}` : "it exports no function";
      throw new HostError("handler_failed", `the handler of ${tool} exports no function called ${wanted}: ${what}`);
    }
    return run(input, host);
  };

  const begin = (text, tool, input) => {
    source = parse(text);
    const wanted = hasOwn(source.tools, tool) ? source.tools[tool] : undefined;
    if (!wanted) return void fail(new HostError("not_found", `this pack has no inline tool called ${tool}`));
    then(
      then(import(wanted.module), (module) => start(module, wanted.export, tool, parse(input))),
      (value) => (outcome = { value }),
      fail,
    );
  };

  const conclude = (stopped) => {
    if (stopped !== undefined) fail(stopped);
    if (!outcome) fail(new HostError("handler_failed", "the handler never came to an end: it awaits a promise that nothing will settle"));
    if (!outcome.error && rejected.size) {
      const [reason] = rejected.values();
      fail(reason);
      outcome.error.message = `a promise was rejected and nothing awaited it: ${outcome.error.message}`;
    }
    if (!outcome.error) {
      try {
        return "=" + (stringify(outcome.value) ?? "null");
      } catch (error) {
        fail(new HostError("handler_failed", `the result cannot be written as JSON: ${error?.message ?? "it throws when it is written"}`));
      }
    }
    try {
      return "!" + stringify(outcome.error);
    } catch {
      return "!" + stringify({ ...outcome.error, details: undefined });
    }
  };

  const end = (stopped) => {
    try {
      return conclude(stopped);
    } catch {
      return '!{"code":"handler_failed","message":"the handler changed what the engine needs to read its result"}';
    }
  };

  const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);
  const resolve = (base, name) => {
    if (hasOwn(source.modules, name)) return name;
    if (!name.startsWith("./") && !name.startsWith("../")) {
      const hint = name.startsWith("packwright:") ? "it holds types only: write `import type`" : "handlers import files of their own pack, by a path that begins with `./`";
      throw new ReferenceError(`${base} imports ${stringify(name)}, which is not there: ${hint}`);
    }
    const parts = [];
    for (const part of (folderOf(base) + name).split("/")) {
      if (part === "..") parts.pop();
      else if (part !== ".") parts.push(part);
    }
    const path = parts.join("/");
    for (const ending of ["", ".ts", ".js", ".mts", ".mjs", "/index.ts", "/index.js"]) if (hasOwn(source.modules, path + ending)) return path + ending;
    if (path.endsWith(".js") && hasOwn(source.modules, path.slice(0, -3) + ".ts")) return path.slice(0, -3) + ".ts";
    throw new ReferenceError(`${base} imports ${stringify(name)}, and the pack has no file ${path}`);
  };
  const load = (name) => source.modules[name];
  const reject = (promise, reason, handled) => void (handled ? rejected.delete(promise) : rejected.set(promise, reason));

  return [begin, end, resolve, load, reject];
};
