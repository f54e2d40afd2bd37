/** Sentences with code in them. */
import { describe, expect, it } from "vitest";
import { partsOf } from "../lib/design/prose";

const shown = (sentence: string) =>
  partsOf(sentence)
    .map(({ text, code }) => (code ? `<${text}>` : text))
    .join("|");

describe("sentences with code", () => {
  it("are split at their backticks", () => {
    expect(shown("`catgory` is not a key of `pack.yaml`")).toBe("<catgory>| is not a key of |<pack.yaml>");
    expect(shown("no code at all")).toBe("no code at all");
  });

  it("keep a backtick that has no partner", () => {
    expect(shown("a ` b")).toBe("a ` b");
    expect(shown("`a` and ` b")).toBe("<a>| and ` b");
    expect(shown("")).toBe("");
  });
});
