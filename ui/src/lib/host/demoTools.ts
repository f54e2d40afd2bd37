/** Tools, cases and runs to look at in `npm run dev`: one that went well, one that was refused a call, one that threw. */
import type { CallView, RunArg, RunView, ToolView } from "../generated/wire";
import { fakeCase, fakeRun, fakeTool, type FakeToolOptions } from "./fakeTools";

const SEARCH_INPUT = {
  type: "object",
  properties: {
    query: { type: "string", description: "A title, an author, an ISBN, or words from any of them." },
    limit: { type: "integer", minimum: 1, maximum: 20, description: "The most records to return." },
    sort: { enum: ["relevance", "new", "old"] },
    in_print: { type: "boolean" },
    languages: { type: "array", items: { type: "string" }, description: "As in eng, one per line." },
    filter: { type: "object", description: "What a record must have." },
  },
  required: ["query"],
};
const input = (value: object) => JSON.stringify(value, null, 2);

const tools: ToolView[] = [
  fakeTool("search_books", {
    description: "Finds books by title, author or ISBN.",
    inputSchema: JSON.stringify(SEARCH_INPUT),
    example: input({ query: "dune", limit: 2, sort: "relevance" }),
    cases: [
      fakeCase("finds Dune", {
        input: input({ query: "dune", limit: 2 }),
        expects: "output contains books[0].title: Dune",
      }),
      fakeCase("ISBN finds one", { input: input({ query: "9780441013593" }) }),
      fakeCase("limit is kept", { input: input({ query: "dune", limit: 1 }) }),
      fakeCase("no result is an empty list", { input: input({ query: "zzzzzz" }), expects: "books: []" }),
    ],
  }),
  fakeTool("get_book", {
    inputSchema: JSON.stringify({
      type: "object",
      properties: { work_id: { type: "string" } },
      required: ["work_id"],
    }),
    example: input({ work_id: "OL893415W" }),
    cases: [
      fakeCase("unknown id is not_found", {
        file: "tests/get_book.yaml",
        input: input({ work_id: "OL999W" }),
        expects: "error: not_found",
      }),
    ],
  }),
];

const call = (extra: Partial<CallView>): CallView => ({
  call: "http GET",
  what: "",
  status: null,
  size: 0,
  micros: 0,
  allowed: true,
  rule: "",
  budget: null,
  message: null,
  suggestion: null,
  ...extra,
});
const searched = (page: number, micros: number) =>
  call({
    what: `openlibrary.org/search.json?q=dune&page=${page}`,
    status: 200,
    size: 3480 - page * 190,
    micros,
    rule: "openlib-read › search",
    budget: `${page} / 50`,
  });
const refused = (id: string) =>
  call({
    what: `covers.openlibrary.org/b/id/${id}-M.jpg`,
    allowed: false,
    rule: "no rule for this host",
    message:
      "No rule of `openlib-read` names `covers.openlibrary.org`. Private and unnamed hosts are refused.",
    suggestion: "- {name: covers, domains: [covers.openlibrary.org], methods: [GET], paths: [/b/*]}",
  });

const book = (title: string, year: number, cover: string | null) => ({
  title,
  authors: ["Frank Herbert"],
  first_publish_year: year,
  work: "/works/OL893415W",
  cover_url: cover,
});

function refusedRun(arg: RunArg): RunView {
  const rule = { file: "schemas/search_books.output.json", line: 4, column: 7 };
  const message = "must be a string, is null";
  const output = input({ books: [book("Dune", 1965, null), book("Dune Messiah", 1969, null)], total: 2 });
  const lines = output.split("\n").flatMap((line, i) => (line.includes("cover_url") ? [i + 1] : []));
  return fakeRun(arg, {
    output,
    error: {
      code: "invalid_output",
      message: "The output breaks its schema in 2 places.",
      hints: ["Leave the property out when there is no cover, or allow null in the schema."],
      stack: [],
      details: null,
    },
    outputViolations: lines.map((line, i) => ({ at: `/books/${i}/cover_url`, message, line, rule })),
    logs: [
      { level: "info", text: "searching for dune" },
      { level: "debug", text: "2 records of 412" },
      { level: "warn", text: "no cover for OL893415W: permission_denied" },
    ],
    calls: [
      call({ call: "random", what: "16 bytes" }),
      searched(1, 331_000),
      refused("11481354"),
      refused("12009823"),
      searched(2, 148_000),
    ],
    times: { compile: 38_000, instantiate: 4_000, host: 479_000, own: 11_000, total: 532_000 },
    useOf: {
      timeoutMs: 5000,
      memory: 11_744_051,
      memoryLimit: 64 * 1024 * 1024,
      fuel: 4_100_000,
      fuelLimit: 500_000_000,
      output: 410,
      outputLimit: 256 * 1024,
    },
    verdict: arg.case ? { name: arg.case.name, verdict: "fail", message: "" } : null,
    recordable: true,
  });
}

function threwRun(arg: RunArg): RunView {
  return fakeRun(arg, {
    output: null,
    error: {
      code: "handler_error",
      message: "TypeError: cannot read property `title` of undefined",
      hints: ["The answer had no `docs`. Check it before reading from it."],
      stack: [
        { function: "run", place: { file: "handlers/get_book.ts", line: 4, column: 25 } },
        { function: "", place: { file: "handlers/get_book.ts", line: 2, column: 1 } },
      ],
      details: null,
    },
    verdict: null,
  });
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

export const DEMO_TOOLS: FakeToolOptions = {
  tools,
  brokenCases: [
    {
      place: { file: "evals/search.yaml", line: 1, column: 1 },
      message: "`cases` is empty: a file has at least one.",
    },
  ],
  run: async (arg) => {
    await pause(120);
    if (arg.case)
      return arg.case.name === "finds Dune" ? refusedRun(arg) : fakeRun(arg, { calls: [searched(1, 150)] });
    if (arg.tool === "get_book") return threwRun(arg);
    return arg.input.includes("dune") ? refusedRun(arg) : fakeRun(arg);
  },
};
