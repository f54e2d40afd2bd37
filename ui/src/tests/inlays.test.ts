/** Words between the text: where they stand while it changes, and when they are asked for. */
import { EditorState } from "@codemirror/state";
import { EditorView, type Tooltip } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hoverSource } from "../lib/editor/assistance";
import type { EditorBuffer } from "../lib/editor/editorBuffer";
import { type InlaySource, inlays, REST_MS } from "../lib/editor/inlays";
import type { InlayHint, Range } from "../lib/pack/protocol";
import { openPack } from "./support";

const DOC = "tools:\n  - name: search # the first\n    handler: a.ts\n";
/** Behind "search", and behind "a.ts". */
const HINTS: InlayHint[] = [
  { position: { line: 1, character: 16 }, label: "30 s", tooltip: "The *usual* time." },
  { position: { line: 2, character: 17 }, label: "inline: search()" },
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let view: EditorView;
afterEach(() => view?.destroy());

async function shown(ask: InlaySource = () => Promise.resolve(HINTS), doc = DOC): Promise<EditorView> {
  view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc, extensions: inlays(ask) }),
  });
  await vi.advanceTimersByTimeAsync(0);
  return view;
}

/** The text as it looks, with the words in angles. */
function looks(of = view): string {
  return [...of.contentDOM.querySelectorAll(".cm-line")]
    .map((line) => {
      const copy = line.cloneNode(true) as HTMLElement;
      for (const words of copy.querySelectorAll(".cm-inlay")) words.textContent = `‹${words.textContent}›`;
      return copy.textContent;
    })
    .join("\n");
}

function type(at: string, insert: string, deleted = 0): void {
  const from = view.state.doc.toString().indexOf(at) + at.length;
  view.dispatch({ changes: { from, to: from + deleted, insert }, userEvent: "input.type" });
}

test("words stand behind what they are about, and are no part of the text", async () => {
  await shown();
  expect(looks()).toBe("tools:\n  - name: search‹30 s› # the first\n    handler: a.ts‹inline: search()›\n");
  expect(view.state.doc.toString()).toBe(DOC);
  for (const words of view.contentDOM.querySelectorAll(".cm-inlay")) {
    expect(words.getAttribute("aria-hidden")).toBe("true");
    expect((words as HTMLElement).isContentEditable).toBe(false);
  }
});

test("they move with what is typed until the next answer is there", async () => {
  await shown();
  type("search", "es");
  expect(looks()).toContain("searches‹30 s› # the first");
  type("tools:", "\n  # a remark");
  expect(looks()).toContain("searches‹30 s› # the first");
  type("  - name: ", "x", 3);
  expect(looks()).toContain("- name: xrches‹30 s› #");
  type("a.ts", "\n    title: b");
  expect(looks()).toContain("a.ts‹inline: search()›\n    title: b");
});

test("where their place can no longer be told they go", async () => {
  await shown();
  type("- name: sea", "\n");
  expect(looks()).not.toContain("30 s");
  expect(looks()).toContain("‹inline: search()›");
  type("    handler: ", "", 5);
  expect(looks()).not.toContain("inline");
});

test("a line that is removed takes its words along, and the next one keeps its own", async () => {
  await shown();
  const line = view.state.doc.line(2);
  view.dispatch({ changes: { from: line.from, to: line.to + 1 } });
  expect(looks()).toBe("tools:\n    handler: a.ts‹inline: search()›\n");
  const rest = view.state.doc.line(2);
  view.dispatch({ changes: { from: rest.from, to: rest.to } });
  expect(looks()).toBe("tools:\n\n");
});

test("a burst of keys asks once, when it is over", async () => {
  const asked: Range[] = [];
  await shown((part) => {
    asked.push(part);
    return Promise.resolve(HINTS);
  });
  expect(asked).toEqual([{ start: { line: 0, character: 0 }, end: { line: 3, character: 0 } }]);
  for (const letter of "again") {
    type("search", letter);
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
  }
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.length).toBe(2);
});

test("an answer about an older text is not drawn", async () => {
  const answers: ((hints: InlayHint[]) => void)[] = [];
  await shown(() => new Promise((resolve) => answers.push(resolve)));
  type("tools:", "\n\n");
  answers[0]?.(HINTS);
  await vi.advanceTimersByTimeAsync(0);
  expect(looks()).not.toContain("‹");
  await vi.advanceTimersByTimeAsync(REST_MS);
  answers[1]?.([{ position: { line: 3, character: 16 }, label: "60 s" }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(looks()).toContain("search‹60 s› #");
});

test("an answer that fails leaves what is drawn", async () => {
  let fails = false;
  await shown(() => (fails ? Promise.reject(new Error("gone")) : Promise.resolve(HINTS)));
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  fails = true;
  type("search", "es");
  await vi.advanceTimersByTimeAsync(REST_MS);
  expect(error).toHaveBeenCalledOnce();
  expect(looks()).toContain("searches‹30 s›");
  error.mockRestore();
});

test("whoever points at the words reads what they mean; before them the text is explained", async () => {
  await shown();
  const source = hoverSource({
    completions: () => Promise.resolve([]),
    hover: () => Promise.resolve({ contents: "a name" }),
    inlays: () => Promise.resolve([]),
    goToDefinition: () => undefined,
  });
  const pos = DOC.indexOf(" # the first");
  const told = async (side: 1 | -1) =>
    ((await source(view, pos, side)) as Tooltip).create(view).dom.innerHTML;
  expect(await told(1)).toBe("<p>The <em>usual</em> time.</p>");
  expect(await told(-1)).toBe("<p>a name</p>");
});

test("the server is asked about the text that it was told of, and a tab that comes back has its words", async () => {
  vi.useRealTimers();
  const label = "holds";
  const { session, host } = await openPack({
    answers: { "textDocument/inlayHint": () => [{ position: { line: 1, character: 7 }, label }] },
  });
  const buffer = session.active?.buffer as EditorBuffer;
  buffer.dispatch({ changes: { from: 0, insert: "# one\n" } });
  view = new EditorView({ parent: document.body });
  buffer.attach(view);
  await expect.poll(() => looks()).toContain("name: o‹holds›");
  const sent = host.calls.map((call) => JSON.stringify(call.args));
  const at = (method: string) => sent.findIndex((each) => each.includes(method));
  expect(at("textDocument/didChange")).toBeGreaterThan(0);
  expect(at("textDocument/inlayHint")).toBeGreaterThan(at("textDocument/didChange"));
  buffer.detach();
  const other = new EditorView({ parent: document.body });
  buffer.attach(other);
  expect(looks(other)).toContain("name: o‹holds›");
  other.destroy();
});
