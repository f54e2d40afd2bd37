/** What the test window lacks of a real one. */
import { afterEach } from "vitest";
import { cleanup, configure } from "@testing-library/svelte";

// On a busy machine a screen takes more than the usual second to come.
configure({ asyncUtilTimeout: 3000 });

// happy-dom lays nothing out: CodeMirror measures text by these.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 0, 0);

// It also tells of a changed selection in the middle of changing it, where a browser waits for the next task.
const dispatch = document.dispatchEvent.bind(document);
document.dispatchEvent = (event) => event.type === "selectionchange" || dispatch(event);

afterEach(() => {
  cleanup();
  document.body.innerHTML = "";
  delete document.documentElement.dataset.theme;
});
