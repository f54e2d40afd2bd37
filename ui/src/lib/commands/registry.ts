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
  const onFile = () => studio.pack?.active != null;
  const manyFiles = () => (studio.pack?.files.length ?? 0) > 1;
  const withProblems = () => (studio.pack?.problems.all.length ?? 0) > 0;
  const make = (
    id: CommandId,
    icon: IconName,
    keys: readonly string[],
    when: () => boolean,
    run: () => void | Promise<void>,
  ): Command => ({ id, title: COMMAND_TITLES[id], icon, keys, when, run });

  return [
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
    make("nextProblem", "down", ["F8"], withProblems, () => studio.pack?.stepProblem(1)),
    make("previousProblem", "down", ["Shift+F8"], withProblems, () => studio.pack?.stepProblem(-1)),
    make(
      "quickFix",
      "bulb",
      ["Mod+."],
      () => studio.pack?.problems.selected?.data?.fix != null,
      () => studio.pack?.applyFix(),
    ),
    make(
      "createManifest",
      "plus",
      [],
      () => studio.pack?.hasManifest === false,
      () => studio.pack?.createManifest(),
    ),
    make("toggleSidebar", "panes", ["Mod+B"], inPack, () => studio.layout.toggle("sidebar")),
    make("togglePanel", "panes", ["Mod+J"], inPack, () => studio.layout.toggle("panel")),
    make("toggleInspector", "panes", ["Mod+Alt+B"], inPack, () => studio.layout.toggle("inspector")),
    make("nextPane", "arrow", ["F6"], always, () => movePane(1)),
    make("previousPane", "arrow", ["Shift+F6"], always, () => movePane(-1)),
    make(
      "showStart",
      "home",
      ["Mod+1"],
      () => !inPack(),
      () => studio.focusScreen(),
    ),
    make("showPack", "pack", ["Mod+1"], inPack, () => studio.focusScreen()),
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
