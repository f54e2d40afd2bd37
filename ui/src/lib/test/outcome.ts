/** What a run came to, in a shape and a word. */
import type { Tone } from "../design/tone";
import type { RunView } from "../generated/wire";
import { en } from "../strings/en";

export interface Outcome {
  tone: Tone;
  word: string;
}

export function outcomeOf(view: RunView): Outcome {
  if (view.verdict) {
    const { verdict } = view.verdict;
    return {
      tone: verdict,
      word: verdict === "pass" ? en.test.passed : (view.error?.code ?? en.test.failed),
    };
  }
  if (view.error) return { tone: "fail", word: view.error.code };
  if (view.inputViolations.length > 0) return { tone: "fail", word: "invalid_input" };
  if (view.outputViolations.length > 0) return { tone: "fail", word: "invalid_output" };
  return { tone: "pass", word: en.test.ran };
}
