/**
 * Trying the tools of an open pack: what is chosen, what is put in, what runs, and what came out last.
 *
 * It lives as long as the pack is open, so that a save on any screen can run the last thing again. A run has a number;
 * of one tool or case only the newest run's answer is kept, whatever order answers come in.
 */
import type { CaseArg, CaseView, Failure, KeepExpect, RunView, ToolsView, ToolView } from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import type { DiskChange, PackSession } from "../pack/session.svelte";
import type { Toasts } from "../shell/toasts.svelte";
import { en } from "../strings/en";
import { type Outcome, outcomeOf } from "./outcome";

/** What is run: a tool by hand, or one of its cases. */
export interface Target {
  tool: string;
  case: CaseArg | null;
}

export interface Result {
  target: Target;
  /** What was put in. */
  input: string;
  view: RunView;
}

/** How far running all cases has come. */
export interface AllCases {
  total: number;
  done: number;
  passed: number;
}

type Wish = { all: true } | { all: false; target: Target; input: string };

function keyOf({ tool, case: one }: Target): string {
  return JSON.stringify([tool, one?.file, one?.name]);
}

export class Runs {
  #host: Host;
  #pack: PackSession;
  #toasts: Toasts;
  #tools = $state.raw<ToolsView | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #toolName = $state<string | null>(null);
  #caseArg = $state.raw<CaseArg | null>(null);
  /** Inputs by hand, by tool. */
  #typed = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Fields of the form whose text is no JSON yet, by property. */
  #drafts = $state.raw<ReadonlyMap<string, string>>(new Map());
  #inputView = $state<"form" | "json">("form");
  #results = $state.raw<ReadonlyMap<string, Result>>(new Map());
  #going = $state.raw<ReadonlyMap<number, Target>>(new Map());
  #last = $state.raw<Result | null>(null);
  #all = $state.raw<AllCases | null>(null);
  #runningAll = $state(false);
  #onSave = $state(false);
  /** The newest run of each target. */
  #newest = new Map<string, number>();
  #nextRun = 1;
  /** What a save runs again. */
  #wish: Wish | null = null;
  /** Counts up when running all cases begins or ends early. */
  #allTurn = 0;
  #toolsAsked = 0;
  #shown = false;
  /** Our own saving before a run: the run comes anyway. */
  #saving = false;
  #ended = false;
  #unlisten: () => void;

  #tool = $derived(
    this.#tools?.tools.find((tool) => tool.name === this.#toolName) ?? this.#tools?.tools[0] ?? null,
  );
  #case = $derived(
    this.#tool?.cases.find((each) => each.name === this.#caseArg?.name && each.file === this.#caseArg.file) ??
      null,
  );
  #input = $derived(
    this.#case?.input ?? (this.#tool ? (this.#typed.get(this.#tool.name) ?? this.#tool.example) : ""),
  );
  #parsed = $derived(parse(this.#input));
  #target = $derived<Target | null>(
    this.#tool && {
      tool: this.#tool.name,
      case: this.#case && { file: this.#case.file, name: this.#case.name },
    },
  );
  #result = $derived((this.#target && this.#results.get(keyOf(this.#target))) ?? null);
  #running = $derived(this.#runningAll || (this.#target !== null && this.isRunning(this.#target)));

  constructor(host: Host, pack: PackSession, toasts: Toasts) {
    this.#host = host;
    this.#pack = pack;
    this.#toasts = toasts;
    this.#unlisten = pack.onChange((change) => this.#diskChanged(change));
  }

  /** `null` until the tools are known. */
  get tools(): ToolsView | null {
    return this.#tools;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get tool(): ToolView | null {
    return this.#tool;
  }

  /** The chosen case; `null` while the input is the author's own. */
  get case(): CaseView | null {
    return this.#case;
  }

  /** The JSON that the form and the text both show. */
  get input(): string {
    return this.#input;
  }

  /** The input as a value; `undefined` when its text is no JSON. */
  get value(): unknown {
    return this.#parsed;
  }

  get drafts(): ReadonlyMap<string, string> {
    return this.#drafts;
  }

  get inputView(): "form" | "json" {
    return this.#inputView;
  }

  /** The last result of what is chosen. */
  get result(): Result | null {
    return this.#result;
  }

  /** True when the input is no longer the one that the shown result came from. */
  get stale(): boolean {
    return this.#result !== null && this.#result.input !== this.#input;
  }

  /** True while what is chosen runs, or all cases do. */
  get running(): boolean {
    return this.#running;
  }

  get canRun(): boolean {
    return this.#tool !== null && this.#tool.blocked === null && !this.#running;
  }

  /** The newest result of all, for the status bar. */
  get last(): Result | null {
    return this.#last;
  }

  /** Running all cases: how far it is, or how it ended, until something else is run. */
  get all(): AllCases | null {
    return this.#all;
  }

  get cases(): readonly Target[] {
    return (this.#tools?.tools ?? [])
      .filter((tool) => tool.blocked === null)
      .flatMap((tool) => tool.cases.map(({ file, name }) => ({ tool: tool.name, case: { file, name } })));
  }

  get onSave(): boolean {
    return this.#onSave;
  }

  resultOf(target: Target): Result | null {
    return this.#results.get(keyOf(target)) ?? null;
  }

  outcomeOf(target: Target): Outcome | null {
    const result = this.resultOf(target);
    return result && outcomeOf(result.view);
  }

  isRunning(target: Target): boolean {
    const key = keyOf(target);
    return [...this.#going.values()].some((each) => keyOf(each) === key);
  }

  /** The screen is shown: its tools are read, and followed from now on. */
  async show(): Promise<void> {
    this.#shown = true;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const asked = ++this.#toolsAsked;
    try {
      const tools = await this.#host.call("tools", { session: this.#pack.id });
      if (asked === this.#toolsAsked && !this.#ended) this.#tools = tools;
    } catch (error) {
      if (asked === this.#toolsAsked && !this.#ended) this.#failure = failureOf(error);
    }
  }

  choose(tool: string, one: CaseArg | null = null): void {
    this.#toolName = tool;
    this.#caseArg = one;
    this.#drafts = new Map();
  }

  /** Takes the input as the author's own from here on; with a case chosen, the case itself stays as it is. */
  setInput(text: string): void {
    const tool = this.#tool;
    if (!tool || text === this.#input) return;
    this.#typed = new Map(this.#typed).set(tool.name, text);
    this.#caseArg = null;
  }

  /** The text of a form's field that is no JSON yet; `null` when it is. */
  setDraft(property: string, text: string | null): void {
    const drafts = new Map(this.#drafts);
    if (text === null) drafts.delete(property);
    else drafts.set(property, text);
    this.#drafts = drafts;
  }

  setInputView(view: "form" | "json"): void {
    this.#inputView = view;
    this.#drafts = new Map();
  }

  setOnSave(on: boolean): void {
    this.#onSave = on;
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  /** Saves, then runs what is chosen. */
  async run(): Promise<void> {
    const target = this.#target;
    if (!target || !this.canRun || this.#drafts.size > 0) return;
    if (this.#parsed === undefined) {
      // There the place is marked.
      this.setInputView("json");
      return;
    }
    const input = this.#input;
    if (!(await this.#save())) return;
    this.#wish = { all: false, target, input };
    this.#all = null;
    await this.#runOne(target, input);
  }

  /** Saves, then runs every case, one after another. */
  async runAll(): Promise<void> {
    if (this.#runningAll || !(await this.#save())) return;
    await this.refresh();
    this.#wish = { all: true };
    await this.#runCases();
  }

  async stop(): Promise<void> {
    this.#allTurn++;
    this.#runningAll = false;
    await Promise.all([...this.#going.keys()].map((run) => this.#stopRun(run)));
  }

  /** Keeps the shown run as a case, shows that case and runs it. Answers with why not. */
  async saveCase(name: string, expect: KeepExpect): Promise<Failure | null> {
    const result = this.#result;
    if (!result) return null;
    const session = this.#pack.id;
    try {
      const saved = await this.#host.call("save_case", { session, run: result.view.run, name, expect });
      if (this.#ended) return null;
      this.#toasts.show({ tone: "pass", message: en.test.caseSaved(name, saved.place.file) });
      await this.refresh();
      this.choose(result.target.tool, { file: saved.place.file, name });
      if (this.#case) void this.run();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** The pack closes: what still runs is nobody's any more. */
  end(): void {
    this.#ended = true;
    this.#unlisten();
    void this.stop();
  }

  async #save(): Promise<boolean> {
    this.#saving = true;
    this.#failure = await this.#pack.saveAll();
    this.#saving = false;
    return this.#failure === null && !this.#ended;
  }

  #diskChanged(change: DiskChange): void {
    // The run comes first: its verdict is what the author waits for.
    if (change === "text" && this.#onSave && !this.#saving) void this.#runAgain();
    if (this.#shown) void this.refresh();
  }

  async #runAgain(): Promise<void> {
    const wish = this.#wish;
    if (!wish) return;
    if (wish.all) await this.#runCases();
    else await this.#runOne(wish.target, wish.input);
  }

  async #runCases(): Promise<void> {
    const turn = ++this.#allTurn;
    const cases = this.cases;
    this.#runningAll = true;
    this.#all = { total: cases.length, done: 0, passed: 0 };
    for (const target of cases) {
      await this.#runOne(target, this.#inputOf(target));
      if (turn !== this.#allTurn || this.#ended) return;
      const before: AllCases = this.#all;
      const passed = before.passed + Number(this.outcomeOf(target)?.tone === "pass");
      this.#all = { total: before.total, done: before.done + 1, passed };
    }
    this.#runningAll = false;
  }

  #inputOf(target: Target): string {
    const tool = this.#tools?.tools.find((each) => each.name === target.tool);
    const found = tool?.cases.find(
      (each) => each.name === target.case?.name && each.file === target.case.file,
    );
    return found?.input ?? "";
  }

  async #runOne(target: Target, input: string): Promise<void> {
    const run = this.#nextRun++;
    const key = keyOf(target);
    const older = this.#newest.get(key);
    this.#newest.set(key, run);
    if (older !== undefined && this.#going.has(older)) void this.#stopRun(older);
    this.#going = new Map(this.#going).set(run, target);
    const current = () => !this.#ended && this.#newest.get(key) === run;
    try {
      const view = await this.#host.call("run_tool", {
        session: this.#pack.id,
        run,
        tool: target.tool,
        input,
        case: target.case,
      });
      if (!current()) return;
      const result = { target, input, view };
      this.#results = new Map(this.#results).set(key, result);
      if (run > (this.#last?.view.run ?? 0)) this.#last = result;
      this.#failure = null;
    } catch (error) {
      if (current()) this.#failure = failureOf(error);
    } finally {
      const going = new Map(this.#going);
      going.delete(run);
      this.#going = going;
    }
  }

  async #stopRun(run: number): Promise<void> {
    // It may have ended by itself in the meantime; either way its answer comes.
    await this.#host.call("stop_run", { session: this.#pack.id, run }).catch(() => undefined);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
