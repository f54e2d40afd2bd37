/**
 * Every command of the studio, once. Palette, keys and buttons all run these entries, so a command cannot behave
 * differently by the way it was called, and its key is shown wherever it can be run.
 */
import type { IconName } from "../design/icons";
import { movePane } from "../shell/panes";
import type { Studio } from "../shell/studio.svelte";
import { en } from "../strings/en";
import { keyMatches } from "./keys";

export type CommandId = keyof typeof COMMAND_TITLES;

const COMMAND_TITLES = en.command;

export interface Command {
  id: CommandId;
  title: string;
  icon: IconName;
  /** Written as `keys.ts` reads it. The first is the one that is shown. */
  keys: readonly string[];
  /** False while it would do nothing; it is then neither listed nor run. */
  when: () => boolean;
  run: () => void | Promise<void>;
}

export function commandsFor(studio: Studio): Command[] {
  const always = () => true;
  const inPack = () => studio.pack !== null;
  const onPack = () => studio.isOn("pack");
  const onTest = () => studio.isOn("test");
  const onFile = () => onPack() && studio.pack?.active != null;
  const manyFiles = () => onPack() && (studio.pack?.files.length ?? 0) > 1;
  const withProblems = () => (studio.pack?.problems.all.length ?? 0) > 0;
  const withReferences = () => onPack() && studio.pack?.references.list != null;
  const make = (
    id: CommandId,
    icon: IconName,
    keys: readonly string[],
    when: () => boolean,
    run: () => void | Promise<void>,
  ): Command => ({ id, title: COMMAND_TITLES[id], icon, keys, when, run });

  return [
    make("newPack", "plus", ["Mod+N"], always, () => studio.show("newPack")),
    make("openFolder", "folder", ["Mod+O"], always, () => studio.openFolder()),
    make("save", "check", ["Mod+S"], onFile, async () => void (await studio.pack?.active?.save())),
    make("quickOpen", "search", ["Mod+P"], inPack, () => studio.show("files")),
    make("palette", "search", ["Mod+K", "Mod+Shift+P"], always, () => studio.show("commands")),
    make("closeTab", "x", ["Mod+W"], onFile, () => {
      const file = studio.pack?.active;
      if (file) return studio.pack?.close(file);
    }),
    make("nextTab", "right", ["Ctrl+Tab"], manyFiles, () => studio.pack?.stepTab(1)),
    make("previousTab", "right", ["Ctrl+Shift+Tab"], manyFiles, () => studio.pack?.stepTab(-1)),
    make("nextProblem", "down", ["F8"], withProblems, () => studio.stepProblem(1)),
    make("previousProblem", "down", ["Shift+F8"], withProblems, () => studio.stepProblem(-1)),
    make(
      "quickFix",
      "bulb",
      ["Mod+."],
      () => onFile() || (onPack() && studio.pack?.problems.selected?.data?.fix != null),
      () => studio.offerActions(),
    ),
    make("goToDefinition", "arrow", ["F12"], onFile, () => studio.pack?.goToDefinition()),
    make("findReferences", "link", ["Shift+F12"], onFile, () => studio.findReferences()),
    make("nextReference", "down", ["F4"], withReferences, () => studio.pack?.stepReference(1)),
    make("previousReference", "down", ["Shift+F4"], withReferences, () => studio.pack?.stepReference(-1)),
    make("outline", "braces", ["Mod+Shift+O"], onFile, () => studio.showOutline()),
    make("rename", "text", ["F2"], onFile, () => studio.rename()),
    make(
      "undoAcross",
      "history",
      ["Shift+F2"],
      () => studio.pack?.canTakeBack === true,
      () => studio.pack?.takeBack(),
    ),
    make(
      "createManifest",
      "plus",
      [],
      () => studio.pack?.hasManifest === false,
      () => studio.createManifest(),
    ),
    make(
      "run",
      "play",
      ["Mod+Enter"],
      () => onTest() && studio.runs?.canRun === true,
      () => studio.runs?.run(),
    ),
    make(
      "runAll",
      "play",
      ["Mod+Shift+Enter"],
      () => (studio.runs?.cases.length ?? 0) > 0,
      () => studio.runs?.runAll(),
    ),
    make(
      "stopRun",
      "stop",
      ["Escape"],
      () => onTest() && studio.runs?.running === true,
      () => studio.runs?.stop(),
    ),
    make(
      "saveCase",
      "check",
      ["Mod+Shift+S"],
      () => onTest() && studio.runs?.result != null,
      () => studio.show("saveCase"),
    ),
    make("runOnSave", "eye", [], inPack, () => studio.runs?.setOnSave(!studio.runs.onSave)),
    make(
      "publish",
      "ship",
      ["Mod+Enter"],
      () => studio.isOn("ship") && studio.shipping?.canPublish === true,
      () => studio.shipping?.publish(),
    ),
    make(
      "planAgain",
      "refresh",
      [],
      () => studio.isOn("ship") && studio.shipping?.phase !== "publishing",
      () => studio.shipping?.planAgain(),
    ),
    make(
      "stopPublish",
      "stop",
      ["Escape"],
      () => studio.isOn("ship") && studio.shipping?.phase === "publishing",
      () => studio.shipping?.stop(),
    ),
    make("toggleSidebar", "panes", ["Mod+B"], inPack, () => studio.layout.toggle("sidebar")),
    make(
      "togglePanel",
      "panes",
      ["Mod+J"],
      () => onPack() || onTest(),
      () => studio.layout.toggle("panel"),
    ),
    make(
      "toggleInspector",
      "panes",
      ["Mod+Alt+B"],
      () => onPack() || studio.isOn("ship"),
      () => studio.layout.toggle("inspector"),
    ),
    make("nextPane", "arrow", ["F6"], always, () => movePane(1)),
    make("previousPane", "arrow", ["Shift+F6"], always, () => movePane(-1)),
    make(
      "showStart",
      "home",
      ["Mod+1"],
      () => !inPack(),
      () => studio.focusScreen(),
    ),
    make("showPack", "pack", ["Mod+1"], inPack, () => studio.showScreen("pack")),
    make("showTest", "test", ["Mod+2"], inPack, () => studio.showScreen("test")),
    make("showShip", "ship", ["Mod+3"], inPack, () => studio.showScreen("ship")),
    make(
      "themeSystem",
      "theme",
      [],
      () => studio.theme !== "system",
      () => studio.setTheme("system"),
    ),
    make(
      "themeLight",
      "theme",
      [],
      () => studio.theme !== "light",
      () => studio.setTheme("light"),
    ),
    make(
      "themeDark",
      "theme",
      [],
      () => studio.theme !== "dark",
      () => studio.setTheme("dark"),
    ),
    make("keySheet", "key", ["Mod+Shift+/"], always, () => studio.show("keys")),
    make("closePack", "x", [], inPack, () => studio.closePack()),
  ];
}

/** Runs the command whose key was pressed; true when there was one. */
export function runKey(event: KeyboardEvent, commands: readonly Command[]): boolean {
  const command = commands.find((each) => each.when() && each.keys.some((key) => keyMatches(event, key)));
  if (!command) return false;
  event.preventDefault();
  event.stopPropagation();
  void command.run();
  return true;
}
