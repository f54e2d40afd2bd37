/** Every sentence and word that the window shows, in English. A sentence that holds a value is a function of it. */

const plural = (count: number, one: string, many = one + "s") => `${count} ${count === 1 ? one : many}`;

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10 * 1024 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function counts(errors: number, warnings: number): string {
  const words = [errors > 0 ? plural(errors, "error") : "", warnings > 0 ? plural(warnings, "warning") : ""];
  return words.filter(Boolean).join(", ") || "no problems";
}

export const en = {
  app: "Packwright",

  rail: {
    label: "Screens",
    start: "Start",
    pack: "Pack",
    find: "Find",
  },

  verdict: {
    pass: "fine",
    warn: "warning",
    fail: "failed",
    info: "note",
  },

  severity: {
    error: "error",
    warning: "warning",
    info: "note",
  },

  counts: {
    both: counts,
    files: (count: number, bytes: number) => `${plural(count, "file")}, ${size(bytes)}`,
  },

  ago: {
    now: "just now",
    minutes: (count: number) => `${count} min`,
    hours: (count: number) => `${count} h`,
    yesterday: "yesterday",
    days: (count: number) => `${count} days`,
    weeks: (count: number) => plural(count, "week"),
  },

  start: {
    begin: "Begin",
    openFolder: "Open folder",
    openFolderHint: "any pack’s source",
    computer: "This computer",
    looking: "Looking…",
    recent: "Recent",
    recentLabel: "Recent packs",
    filter: "Filter",
    filterLabel: "Filter recent packs",
    noneMatch: (text: string) => `No recent pack matches “${text}”.`,
    column: { pack: "Pack", folder: "Folder", verdict: "Last verdict", opened: "Opened" },
    gone: "folder not found",
    locate: "Locate…",
    locateLabel: (name: string) => `Locate the folder of ${name}`,
    remove: "Remove",
    removeLabel: (name: string) => `Remove ${name} from the list`,
    samples: "Samples",
    samplesHint: "opened as a copy, yours to change",
    samplesLabel: "Samples",
    noSamples: "This build carries no samples.",
    firstRun: "Ten minutes: start from a sample",
    firstRunHint:
      "A pack is a folder with a pack.yaml. Open a sample to see one at work; it is a copy, so change what you like.",
    opening: "Opening…",
  },

  status: {
    label: "Status",
    noPack: "No pack open",
    version: (version: string) => `Packwright ${version}`,
    problems: (errors: number, warnings: number) => `Problems: ${counts(errors, warnings)}`,
    place: (line: number, column: number) => `Ln ${line}, Col ${column}`,
    crlf: "CRLF",
    mixed: "Mixed line endings",
    crlfHint: "Lines end with CR LF and are saved that way",
    mixedHint: "Some lines end with CR LF, some with LF; each is saved as it was",
    saved: "Saved",
    unsaved: "Unsaved",
    journalled: "Journalled, saving…",
    journalledHint: "Autosave waits for a pause; the journal already has the text",
    kept: "Journalled until the folder is back",
    saving: "Saving…",
    notKept: "Unsaved, and not in the journal",
    notKeptHint: (reason: string) => `The journal does not hold the text: ${reason}`,
    notSaved: (reason: string) => `Not saved: ${reason}`,
    waiting: "Not saved: waiting for your choice",
  },

  frame: {
    sidebar: "Files",
    main: "Editor",
    panel: "Panel",
    inspector: "Inspector",
    resizeSidebar: "Width of the sidebar",
    resizePanel: "Height of the panel",
    resizeInspector: "Width of the inspector",
    toasts: "Messages",
    dismiss: "Dismiss",
  },

  tree: {
    label: "Files",
    empty: "This folder is empty.",
    ignored: "left out by .packignore",
    link: "a link",
    special: "not a regular file",
  },

  tabs: {
    label: "Open files",
    unsaved: "unsaved",
    close: "Close",
  },

  editor: {
    label: (path: string) => `Text of ${path}`,
    /** CodeMirror's own words, by the ones it would use. */
    phrases: {
      Find: "Find",
      Replace: "Replace with",
      next: "Next",
      previous: "Previous",
      all: "All",
      "match case": "Match case",
      regexp: "Pattern",
      "by word": "Whole words",
      replace: "Replace",
      "replace all": "Replace all",
      close: "Close",
      "Go to line": "Go to line",
      go: "Go",
      "$ unchanged lines": "$ unchanged lines",
    } as Record<string, string>,
    noFile: "No file is open",
    noFileHint: "Choose a file in the tree, or go to one by its name.",
    goToFile: "Go to file",
    noManifest: "No pack.yaml in this folder",
    noManifestHint: "A pack is a folder with a pack.yaml, which says what it is called and what it can do.",
    makePack: "Make this a pack",
    leave: "Tab indents. To leave the text, press Escape, then Tab.",
    failed: (path: string) => `${path} cannot be shown`,
    tryAgain: "Try again",
    readOnly: "This file cannot be written, so it can only be read here.",
  },

  conflict: {
    changed: (path: string) => `${path} changed on disk while you were typing.`,
    compare: "Compare",
    endCompare: "End comparison",
    keepMine: "Keep mine",
    takeTheirs: "Take theirs",
    onDisk: "On disk",
    mine: "Yours",
  },

  notice: {
    tryAgain: "Try again",
    closeUnsaved: "Close without saving",
    restored: "Text that was not saved last time is back.",
    keep: "Keep",
    discard: "Discard",
    deleted: (path: string) => `${path} was deleted on disk.`,
    saveAgain: "Save again",
    close: "Close",
    notFollowed:
      "Changes that other programs make in this folder are not noticed. A save never writes over them.",
    vanished: (folder: string) =>
      `The folder ${folder} is gone. What you type is kept in the journal until it is back.`,
  },

  problems: {
    title: "Problems",
    gridLabel: "Problems by file",
    none: "No problems",
    noneHint: "Every file is checked as you type.",
    checking: "Checking…",
    notChecked: "Not checked",
    notCheckedHint: "Not checked: the checker did not start. Close the pack and open it again.",
    place: (line: number, column: number) => `${line}:${column}`,
    fix: "Fix",
  },

  problem: {
    title: "Problem",
    rule: "The rule",
    why: "Why it matters",
    hints: "What to do",
    fix: "Apply the fix",
    apply: "Apply",
    suggested: "Fix",
    at: (path: string, line: number, column: number) => `${path}, line ${line}, column ${column}`,
  },

  overview: {
    title: "Overview",
    pack: "Pack",
    name: "Name",
    version: "Version",
    noVersion: "not given",
    folder: "Folder",
    contents: "Contents",
    ignored: "Left out",
    ignoredValue: (count: number) => `${plural(count, "file")} by .packignore`,
    problems: "Problems",
    next: "Go through them",
    nextHint:
      "Put the cursor on a problem and this side explains it: the rule, why it exists, and how to mend it.",
    clean:
      "Nothing to mend. When a check finds something, this side explains it: the rule, why it exists, and how to mend it.",
    keys: "Keys worth knowing",
  },

  toast: {
    reloaded: (path: string) => `${path}: changed on disk, shown as it is now.`,
    noFix: "The fix no longer applies: the text has changed since.",
    outside: (uri: string) => `The fix would change ${uri}, which is outside this pack.`,
    cannotEdit: (path: string) => `The fix would change ${path}, which cannot be edited.`,
    unknownStep: (kind: string) => `The fix would ${kind} a file, which the editor does not do.`,
    preferences: (message: string) => `The window’s layout was not kept: ${message}`,
  },

  palette: {
    commandsLabel: "Commands",
    filesLabel: "Go to file",
    commandsPlaceholder: "Type a command",
    filesPlaceholder: "Type a part of a file’s name",
    noCommand: (text: string) => `No command “${text}”. The nearest:`,
    noFile: (text: string) => `No file “${text}”. The nearest:`,
    noFiles: "This pack has no files.",
    choose: "choose",
    run: "run",
    open: "open",
    switchToFiles: "files",
    switchToCommands: "commands",
  },

  keySheet: {
    title: "Keys",
    close: "Close",
    command: "Command",
    key: "Key",
    editor: "In the editor",
    editorKeys: [
      ["Mod+F", "Find in this file"],
      ["Mod+Z", "Undo"],
      ["Mod+Shift+Z", "Redo"],
      ["Mod+/", "Turn lines into comments and back"],
      ["Alt+ArrowUp", "Move the line up"],
      ["Mod+Shift+[", "Fold"],
      ["Mod+Shift+]", "Unfold"],
      ["Escape Tab", "Leave the text: Escape, then Tab"],
    ] as const,
  },

  command: {
    openFolder: "Open folder…",
    closePack: "Close pack",
    save: "Save",
    closeTab: "Close tab",
    nextTab: "Next tab",
    previousTab: "Previous tab",
    palette: "Show all commands",
    quickOpen: "Go to file…",
    nextProblem: "Next problem",
    previousProblem: "Previous problem",
    quickFix: "Fix the problem at the cursor",
    toggleSidebar: "Show or hide the sidebar",
    togglePanel: "Show or hide the panel",
    toggleInspector: "Show or hide the inspector",
    nextPane: "Go to the next pane",
    previousPane: "Go to the previous pane",
    keySheet: "Show the keys",
    themeSystem: "Theme: as the system",
    themeLight: "Theme: light",
    themeDark: "Theme: dark",
    showStart: "Show Start",
    showPack: "Show Pack",
    createManifest: "Make this folder a pack",
  },
};
