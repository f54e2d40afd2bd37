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

/** As exact as it can be read: 0.24 ms, 2.4 ms, 532 ms, 4.2 s. */
function millis(micros: number): string {
  const ms = micros / 1000;
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${figure(ms)} ms`;
}

function figure(ms: number): string {
  return ms === 0 ? "0" : ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

/** Of two sizes, in the unit of the second: "11.2 of 64 MB". */
function sizeOf(used: number, limit: number): string {
  const unit = limit >= 1024 * 1024 ? 1024 * 1024 : 1024;
  return `${few(used / unit)} of ${few(limit / unit)} ${unit === 1024 ? "KB" : "MB"}`;
}

/** A limit of time: 5 s, 1.5 s, 800 ms. */
function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${few(ms / 1000)} s`;
}

/** As few digits as say enough: 0.4, 4.1, 64, 500. */
function few(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).replace(/\.0$/, "");
}

/** Instructions, in the unit of the limit. */
function instructions(used: number, limit: number): string {
  const unit = limit >= 1e6 ? 1e6 : 1e3;
  return `${few(used / unit)} of ${few(limit / unit)} ${unit === 1e6 ? "M" : "k"}`;
}

export const en = {
  app: "Packwright",

  size,
  millis,
  /** Milliseconds without their unit, for a column that has it in its head. */
  figure: (micros: number) => figure(micros / 1000),

  copy: {
    copied: "Copied",
    refused: "Not copied: select the text and copy it by hand",
  },

  place: {
    open: (place: string) => `Open ${place} in the editor`,
  },

  session: {
    notSaved: (path: string) => `${path} is not saved, so nothing was run or planned.`,
    notRemoved: (path: string) => `${path} could not be saved, so it was not removed and nothing was undone.`,
    notMoved: (path: string) =>
      `${path} is not saved, so it was not renamed. Go to it and choose what to do with it.`,
    notSavedHint: "Go to the file and choose what to do with it.",
  },

  rail: {
    label: "Screens",
    start: "Start",
    pack: "Pack",
    test: "Test",
    ship: "Ship",
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
    newPack: "New pack",
    newPackHint: "from a template",
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

  newPack: {
    title: "New pack",
    templates: "Start from",
    name: "Name",
    nameHelp: "a–z, 0–9 and -. Its folder is called the same.",
    nameExample: "open-library",
    nameEmpty: "A pack needs a name.",
    nameCapitals: (better: string) => `Only small letters: ${better}`,
    nameLetter: (letter: string) =>
      letter.trim() === ""
        ? "No blanks: put a - between words."
        : `${letter} cannot stand in a name: only a–z, 0–9 and -.`,
    nameDash: "A name begins and ends with a letter or a digit.",
    nameLong: (most: number) => `A name has at most ${most} letters.`,
    description: "Description",
    descriptionHelp: "One sentence; it stands in catalogues and in the agent’s prompt.",
    address: "Service address",
    addressHelp: "The tool may ask this host and no other.",
    addressEmpty: "The tool needs the address of the service that it asks.",
    addressWrong: "An address begins with https://, as in https://api.example.org",
    addressSecret: "No password in an address: it would be published with the pack.",
    folder: "Folder",
    choose: "Choose…",
    cancel: "Cancel",
    create: "Create pack",
    creating: "Creating…",
    result: (folder: string, name: string) => `Makes ${folder}/${name}`,
  },

  form: {
    range: (least: number, most: number) => `${least} – ${most}`,
    atLeast: (least: number) => `at least ${least}`,
    atMost: (most: number) => `at most ${most}`,
    wholeNumber: "This is no whole number.",
    number: "This is no number.",
    notJson: "This is not JSON yet; it counts once it is.",
    notInSchema: "The schema does not name this property.",
    required: "required",
    onePerLine: "one per line",
    none: "left out",
    yes: "true",
    no: "false",
    noForm: "This input has no form",
    noFormHint: "Its schema does not describe an object with properties, or the text is another value.",
    notParsed: "The text is not JSON",
    notParsedHint: "The form shows it again once it is.",
    showJson: "Edit the JSON",
    noInput: "This tool takes no input.",
  },

  test: {
    sidebar: "Cases",
    main: "Test",
    cases: "Tools and cases",
    passedOf: (passed: number, total: number) => `${passed} of ${total}`,
    noCases: "no cases",
    noCasesHint: "A case is a run that you keep: run a tool, then save the run as a case.",
    notRun: "not run",
    running: "running",
    passed: "passed",
    failed: "failed",
    ran: "fine",
    broken: "Unreadable case files",
    tool: "Tool",
    case: "Case",
    byHand: "By hand",
    run: "Run",
    stop: "Stop",
    runAll: "Run all cases",
    saveAsCase: "Save as case",
    preparing: "Preparing the engine, once on this computer…",
    notReady: "This tool cannot run yet",
    input: "Input",
    inputTabs: { form: "Form", json: "JSON" },
    inputValid: "Input valid",
    inputInvalid: "Input refused",
    notJson: (line: number, column: number) => `No JSON from ${line}:${column}`,
    recorded: "replays a recording",
    expects: (what: string) => `Expects ${what}`,
    output: "Result",
    outputTabs: { output: "Output", logs: "Logs" },
    noRun: "No run yet",
    noRunHint: "Fill in the form, or take the example as it is.",
    runExample: "Run the example",
    noOutput: "There is no output.",
    noLogs: "The handler wrote no line.",
    stale: "from an earlier input",
    violations: (count: number) =>
      `${plural(count, "place")} ${count === 1 ? "breaks" : "break"} the output schema`,
    inputViolations: (count: number) =>
      `${plural(count, "place")} ${count === 1 ? "breaks" : "break"} the input schema`,
    whole: "the whole value",
    schemaLine: (line: number) => `schema line ${line}`,
    schema: "schema",
    hints: "What to do",
    stack: "Where it happened",
    top: "top of the file",
    details: "Details",
    shortened: (shown: number, all: number) => `The first ${size(shown)} of ${size(all)} are shown.`,
    showAll: "Show all",
    level: { debug: "debug", info: "info", warn: "warning", error: "error" },
    measures: "What the run cost",
    ofTime: (ms: number) => `of ${seconds(ms)}`,
    time: { compile: "compile", instantiate: "instantiate", host: "host", own: "own" },
    memory: "Memory",
    fuel: "Fuel",
    outputSize: "Output",
    used: sizeOf,
    fuelUsed: instructions,
    percent: (share: number) => `${Math.ceil(share * 100)}%`,
    calls: "Calls",
    callsLabel: "What the handler asked of the host",
    refusedCount: (count: number) => `${count} refused`,
    noCalls: "The handler asked nothing of the host.",
    noCallsYet: "What the handler asks of the host stands here, with the rule that allowed or refused it.",
    column: {
      number: "#",
      call: "Call",
      what: "What",
      status: "Status",
      size: "Size",
      ms: "ms",
      verdict: "Verdict",
      rule: "Rule",
      budget: "Budget",
    },
    allowed: "allowed",
    refused: "refused",
    callFailed: "failed",
    noRule: "built in",
    copyRule: "Copy rule",
    copyRuleHint: "Put it into a capability’s allow list in pack.yaml.",
    noTools: "This pack has no tools",
    noToolsHint: "A tool is an entry under tools in pack.yaml, with a schema of its input and a handler.",
    openManifest: "Open pack.yaml",
    casesPassed: (passed: number, total: number) => `${passed} of ${plural(total, "case")} passed`,
    caseSaved: (name: string, file: string) => `“${name}” is saved in ${file}.`,
    showRule: "Show the rule",
  },

  saveCase: {
    title: "Save as case",
    name: "Name",
    nameHelp: "What it shows, as in “finds Dune”.",
    nameEmpty: "A case needs a name.",
    expect: "Expect",
    same: "the same output",
    sameError: (code: string) => `the error ${code}`,
    schema: "any output that the schema allows",
    recorded: "What the network answered is kept with the case, so it runs the same everywhere.",
    stale: "Kept is the run that is shown; the input has changed since.",
    cancel: "Cancel",
    save: "Save case",
  },

  ship: {
    sidebar: "Releases",
    main: "Publish",
    nothingSent: "nothing is sent before you press the button",
    releases: "Releases",
    draft: "draft",
    notPublished: "not published",
    latest: "latest",
    signed: "signed",
    unsigned: "not signed",
    noReleases: "Nothing is published here yet.",
    reading: "Reading…",
    publishTo: "Publish to",
    addRegistry: "Add a registry…",
    registryAddress: "Address of a registry",
    registryExample: "ghcr.io/acme",
    add: "Add",
    forget: (registry: string) => `Take ${registry} off the list`,
    plan: "Publish plan",
    from: "from",
    to: "to",
    pack: "Pack",
    version: "Version",
    after: (version: string) => `after ${version}`,
    first: "the first release",
    size: "Size",
    packed: "packed",
    digest: "Digest, known now",
    digestBlocked: "known once nothing blocks",
    copyDigest: "Copy the digest",
    signedBy: "Signed by",
    keyMade: "key is made at the first publication",
    checks: "Checks",
    noBlockers: "no blockers",
    blockers: (count: number) => plural(count, "blocker"),
    goTo: "Go there",
    steps: "What will happen",
    happened: "What happened",
    progress: (step: number, total: number) => `Publishing: step ${step} of ${total}`,
    stepState: { running: "running", done: "done", skipped: "was there already", failed: "failed" },
    notBegun: "not begun",
    alreadyThere: "already there",
    publish: (version: string) => `Publish ${version}`,
    publishUnknown: "Publish",
    cancel: "Cancel",
    tryAgain: "Try again",
    planAgain: "Plan again",
    tagsLast: "Tags move last: a stop leaves nothing live.",
    nothingPoints: "Nothing points at this release yet.",
    planning: "Planning…",
    planHint: "The plan is made from the files as they are saved.",
    blocked: (count: number) => `${plural(count, "blocker")} in the way: mend what is marked above.`,
    alreadyPublished: (version: string, to: string) => `${version} is published at ${to}, bit for bit.`,
    noDigest: "The pack could not be put together.",
    planChanged: "The files changed since the plan was made, so nothing was sent. This is the new plan.",
    stopped: "Stopped. Nothing points at what was sent; the tags are where they were.",
    noPlan: "There is no plan",
    failedAt: "Publishing failed",
    inspector: "Release",
    tabs: { files: "Files", receipt: "Receipt" },
    filesLabel: "Files of the layer",
    path: "Path",
    built: "built",
    noFiles: "The files are known once nothing blocks.",
    noReceipt: "The receipt of a publication stands here.",
    published: (version: string) => `Published ${version}`,
    unchanged: "It was there already, bit for bit.",
    took: (ms: number) => `in ${seconds(ms)}`,
    receipt: "Receipt",
    reference: "Reference",
    pinned: "Pinned",
    copyReference: "Copy the reference",
    copyPinned: "Copy the pinned reference",
    manifestDigest: "Digest",
    contentDigest: "Content",
    sourceDigest: "Source",
    copyOf: (what: string) => `Copy: ${what}`,
    at: "Time",
    release: (version: string) => `Release ${version}`,
    verify: "Verify",
    verifying: "Verifying…",
    verified: "Checks of the release",
    verdict: {
      pass: "verified",
      warn: "verified, with a warning",
      fail: "not what it says it is",
      info: "not verified",
    },
    pull: "Pull a copy",
    pulling: "Pulling…",
    pulled: (files: number, folder: string) => `${plural(files, "file")} in ${folder}`,
    openIt: "Open it",
    releaseHint:
      "Verify reads the release back from the registry and checks every digest and its signature. A copy is unpacked into a new folder.",
  },

  status: {
    label: "Status",
    noPack: "No pack open",
    version: (version: string) => `Packwright ${version}`,
    lastRun: "The last run. Show it",
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
      Completions: "Completions",
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
    insert: "insert",
    closeList: "close",
    completion: (chosen: number, all: number) => `${chosen} of ${all}`,
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

  references: {
    title: "References",
    gridLabel: "References by file",
    close: "Close the references",
  },

  choices: {
    actions: "What can be changed here",
    actionsPlaceholder: "Choose a change",
    apply: "apply",
    symbols: "Outline",
    symbolsPlaceholder: "Type a part of a name",
    go: "go there",
    noneMatch: (text: string) => `Nothing is called “${text}”. The nearest:`,
    line: (line: number) => `line ${line}`,
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

  rename: {
    title: (name: string) => `Rename “${name}”`,
    name: "New name",
    help: "It changes in every file of the pack that names it, and files that bear it are renamed. All of it can be undone at once.",
    rename: "Rename",
  },

  toast: {
    reloaded: (path: string) => `${path}: changed on disk, shown as it is now.`,
    noReferences: "Nothing in the pack names what is at this place.",
    noActions: "Nothing can be changed for you at this place.",
    noSymbols: "This file has no outline.",
    noRename: "There is nothing to rename at this place.",
    renameMoved: (name: string) => `“${name}” is no longer at this place: the text has changed since.`,
    noDefinition: "Nothing is declared elsewhere for what is at this place.",
    noFix: "The fix no longer applies: the text has changed since.",
    undo: "Undo",
    renamed: (from: string, to: string, files: number) =>
      `Renamed ${from} to ${to} in ${files === 1 ? "1 file" : `${files} files`}.`,
    renameBack: " F2 renames it back.",
    changed: (title: string, files: number) =>
      `${title}: ${files === 1 ? "1 file" : `${files} files`} changed.`,
    undone: (files: number) =>
      `Undone: ${files === 1 ? "1 file is as it was" : `${files} files are as they were`}.`,
    changedSince: (path: string, otherwise: string) =>
      `${path} has changed since, so nothing was undone.${otherwise}`,
    outside: (uri: string) => `This would change ${uri}, which is outside this pack.`,
    cannotEdit: (path: string) => `This would change ${path}, which cannot be edited.`,
    unknownStep: (kind: string) => `This would ${kind} a file, which the editor does not do.`,
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
      ["Ctrl+Space", "Complete"],
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
    quickFix: "Fix or change this…",
    goToDefinition: "Go to the definition",
    findReferences: "Find all references",
    nextReference: "Next reference",
    previousReference: "Previous reference",
    outline: "Go to a part of the file…",
    rename: "Rename this…",
    undoAcross: "Undo the last change of several files",
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
    showTest: "Show Test",
    showShip: "Show Ship",
    newPack: "New pack…",
    run: "Run the tool or case",
    runAll: "Run all cases",
    stopRun: "Stop the run",
    saveCase: "Save the run as a case…",
    runOnSave: "Run on save",
    publish: "Publish",
    planAgain: "Make the publish plan again",
    stopPublish: "Stop publishing",
    createManifest: "Make this folder a pack",
  },
};
