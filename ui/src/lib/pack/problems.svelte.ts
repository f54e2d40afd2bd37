/** Every problem of the pack, as the language server reports them, and the one that is being looked at. */
import type { DiagnosticData } from "../generated/wire";
import type { Diagnostic, Range } from "./protocol";
import { foldersAbove } from "./tree";

export type Severity = "error" | "warning" | "info";

export interface Problem {
  /** Stays the same while lines move, so that a selection survives typing above it. */
  id: string;
  path: string;
  severity: Severity;
  message: string;
  code: string;
  range: Range;
  data: DiagnosticData | null;
  diagnostic: Diagnostic;
}

export interface ProblemGroup {
  path: string;
  problems: Problem[];
}

export interface Counts {
  errors: number;
  warnings: number;
}

const NO_PROBLEMS: Counts = { errors: 0, warnings: 0 };

export class Problems {
  #byPath = $state.raw<ReadonlyMap<string, readonly Problem[]>>(new Map());
  #selectedId = $state<string | null>(null);

  #groups = $derived(
    [...this.#byPath]
      .map(([path, problems]) => ({ path, problems: [...problems] }))
      .sort(
        (a, b) =>
          Number(b.path === "pack.yaml") - Number(a.path === "pack.yaml") || a.path.localeCompare(b.path),
      ),
  );
  #all = $derived(this.#groups.flatMap((group) => group.problems));
  #counts = $derived(count(this.#all));
  /** By file and by folder, counted once for all rows of the tree. */
  #under = $derived.by(() => {
    const under = new Map<string, Counts>();
    for (const [path, problems] of this.#byPath) {
      const own = count(problems);
      for (const each of [path, ...foldersAbove(path)]) {
        const known = under.get(each) ?? NO_PROBLEMS;
        under.set(each, {
          errors: known.errors + own.errors,
          warnings: known.warnings + own.warnings,
        });
      }
    }
    return under;
  });

  /** By file, the manifest first. */
  get groups(): ProblemGroup[] {
    return this.#groups;
  }

  /** In the order in which F8 visits them. */
  get all(): Problem[] {
    return this.#all;
  }

  get counts(): Counts {
    return this.#counts;
  }

  get selected(): Problem | null {
    return this.#all.find((problem) => problem.id === this.#selectedId) ?? null;
  }

  select(id: string | null): void {
    this.#selectedId = id;
  }

  of(path: string): readonly Problem[] {
    return this.#byPath.get(path) ?? [];
  }

  /** What a row of the tree shows: a file's own problems, or those of everything inside a folder. */
  countsUnder(path: string): Counts {
    return this.#under.get(path) ?? NO_PROBLEMS;
  }

  /** Takes the server's list for one file; an empty list means that the file is clean. */
  publish(path: string, diagnostics: readonly Diagnostic[]): readonly Problem[] {
    const problems = problemsFrom(path, diagnostics);
    const next = new Map(this.#byPath);
    if (problems.length > 0) next.set(path, problems);
    else next.delete(path);
    this.#byPath = next;
    return problems;
  }

  /** The next or previous problem after the selected one, or after a place in the text when none is selected. */
  step(direction: 1 | -1, from: { path: string; line: number; character: number } | null): Problem | null {
    const all = this.#all;
    if (all.length === 0) return null;
    const index = all.findIndex((problem) => problem.id === this.#selectedId);
    if (index >= 0) return all[(index + direction + all.length) % all.length] ?? null;
    if (from) {
      const here = all.filter((problem) => problem.path === from.path);
      const after = (problem: Problem) =>
        problem.range.start.line > from.line ||
        (problem.range.start.line === from.line && problem.range.start.character >= from.character);
      const found = direction === 1 ? here.find(after) : here.findLast((problem) => !after(problem));
      if (found) return found;
    }
    return (direction === 1 ? all[0] : all.at(-1)) ?? null;
  }
}

function count(problems: readonly Problem[]): Counts {
  return {
    errors: problems.filter((problem) => problem.severity === "error").length,
    warnings: problems.filter((problem) => problem.severity === "warning").length,
  };
}

function problemsFrom(path: string, diagnostics: readonly Diagnostic[]): Problem[] {
  const seen = new Map<string, number>();
  return [...diagnostics]
    .sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    )
    .map((diagnostic) => {
      const code = String(diagnostic.code ?? "");
      const name = `${path}\n${code}\n${diagnostic.message}`;
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      return {
        id: `${name}\n${nth}`,
        path,
        severity: severityOf(diagnostic),
        message: diagnostic.message,
        code,
        range: diagnostic.range,
        data: diagnostic.data ?? null,
        diagnostic,
      };
    });
}

function severityOf(diagnostic: Diagnostic): Severity {
  switch (diagnostic.severity ?? 1) {
    case 1:
      return "error";
    case 2:
      return "warning";
    default:
      return "info";
  }
}
