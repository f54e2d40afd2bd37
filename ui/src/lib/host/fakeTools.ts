/** The fake host's runner: tools and cases in memory, and runs that answer what a test or the demo says. */
import type {
  CaseView,
  RunArg,
  RunView,
  SaveCaseArg,
  SavedCase,
  ToolsView,
  ToolView,
} from "../generated/wire";

export interface FakeToolOptions {
  tools?: ToolView[];
  brokenCases?: ToolsView["brokenCases"];
  /** Why the manifest cannot be read. */
  toolsProblem?: string;
  /** What a run comes to; without it the tool answers with its input. */
  run?: (arg: RunArg) => RunView | Promise<RunView>;
}

export function fakeTool(name: string, extra: Partial<ToolView> = {}): ToolView {
  return {
    name,
    title: null,
    description: null,
    handler: `handlers/${name}.ts`,
    inputSchema: '{"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}',
    example: '{\n  "query": "dune"\n}',
    blocked: null,
    cases: [],
    ...extra,
  };
}

export function fakeCase(name: string, extra: Partial<CaseView> = {}): CaseView {
  return {
    file: "tests/search_books.yaml",
    name,
    line: 3,
    input: '{\n  "query": "dune"\n}',
    expects: "the schema",
    recorded: true,
    ...extra,
  };
}

/** A run that went well, unless `extra` says otherwise. */
export function fakeRun(arg: RunArg, extra: Partial<RunView> = {}): RunView {
  return {
    run: arg.run,
    tool: arg.tool,
    output: arg.input,
    error: null,
    inputViolations: [],
    outputViolations: [],
    logs: [],
    calls: [],
    times: { compile: 0, instantiate: 38, host: 0, own: 163, total: 201 },
    useOf: {
      timeoutMs: 5000,
      memory: 1_400_000,
      memoryLimit: 64 * 1024 * 1024,
      fuel: 310_000,
      fuelLimit: 500_000_000,
      output: arg.input.length,
      outputLimit: 256 * 1024,
    },
    verdict: arg.case ? { name: arg.case.name, verdict: "pass", message: "" } : null,
    recordable: false,
    ...extra,
  };
}

/** The error of a run that was stopped. */
const STOPPED = { code: "cancelled", message: "The run was stopped.", hints: [], stack: [], details: null };

export class FakeTools {
  #options: FakeToolOptions;
  tools: ToolView[];
  /** Runs that were asked to stop. */
  readonly stopped = new Set<number>();
  #going = new Map<number, (view: RunView) => void>();
  #ran = new Map<number, RunArg>();

  constructor(options: FakeToolOptions) {
    this.#options = options;
    this.tools = options.tools ?? [];
  }

  view(): ToolsView {
    return {
      tools: this.tools,
      brokenCases: this.#options.brokenCases ?? [],
      problem: this.#options.toolsProblem ?? null,
    };
  }

  run(arg: RunArg): Promise<RunView> {
    this.#ran.set(arg.run, arg);
    const stopped = new Promise<RunView>((resolve) => this.#going.set(arg.run, resolve));
    const answer = Promise.resolve(this.#options.run?.(arg) ?? fakeRun(arg));
    return Promise.race([answer, stopped]).finally(() => this.#going.delete(arg.run));
  }

  stop(run: number): void {
    this.stopped.add(run);
    const arg = this.#ran.get(run);
    if (arg) this.#going.get(run)?.(fakeRun(arg, { output: null, error: STOPPED, verdict: null }));
  }

  saveCase({ run, name, expect }: SaveCaseArg): SavedCase | null {
    const arg = this.#ran.get(run);
    if (!arg) return null;
    const file = `tests/${arg.tool}.yaml`;
    const expects = expect === "same" ? "the same output" : "the schema";
    this.tools = this.tools.map((tool) =>
      tool.name === arg.tool
        ? {
            ...tool,
            cases: [...tool.cases, fakeCase(name, { file, input: arg.input, expects, recorded: false })],
          }
        : tool,
    );
    return { place: { file, line: 3, column: 5 }, recording: null };
  }
}
