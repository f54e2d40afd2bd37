//! Every command of the wire, declared once.
//!
//! The declaration at the end of this file makes the [`Commands`] trait (a front end's dispatcher cannot forget one:
//! it would not compile), [`dispatch`] (text in, text out), and the TypeScript in `ui/src/lib/generated/wire.ts`, whose
//! `Commands` interface does the same for the page's real and fake hosts.

use crate::wire::{
    Blocked, BrokenCases, CallView, CaseArg, CaseVerdict, CaseView, DiagnosticData, Entry, EntryKind, Environment, Event, Fact,
    Failure, FailureCode, FileArg, FileMove, FileText, FolderArg, Frame, JournalArg, KeepExpect, LineEnding, LogLevel, LogLine,
    LspArg, MoveArg, NewPackArg, NewPackView, PackView, Place, Preferences, PreferencesArg, PublishArg, PulledView, ReceiptView,
    RecentPack, RegistryArg, RegistryView, ReleaseArg, ReleaseView, RemoveArg, RunArg, RunError, RunView, Sample, SampleArg,
    SaveArg, SaveCaseArg, Saved, SavedCase, SessionArg, ShipArg, ShipCheck, ShipPlan, ShipStep, ShippedFile, SignerView,
    StartView, StepState, StopRunArg, Template, Theme, Times, ToolView, ToolsView, UnsavedText, Use, Verdict, VerifiedView,
    ViolationView,
};
use serde_json::Value;
use ts_rs::{Config, TS};

/// Declares the commands: documentation, name, arguments, answer.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident($args:ty) -> $answer:ty;)+) => {
        /// All that a front end may ask for.
        pub trait Commands {
            $($(#[doc = $doc])+ fn $name(&self, args: $args) -> Result<$answer, Failure>;)+
        }

        /// Runs the command of that name with JSON arguments, and answers with JSON.
        pub fn dispatch(commands: &(impl Commands + ?Sized), name: &str, args: Value) -> Result<Value, Failure> {
            match name {
                $(stringify!($name) => {
                    let args: $args = serde_json::from_value(args).map_err(|error| malformed(name, &error))?;
                    commands.$name(args).map(|answer| serde_json::to_value(answer).expect("wire types are plain data"))
                })+
                _ => Err(Failure {
                    code: FailureCode::BadRequest,
                    message: format!("there is no command `{name}`"),
                    hints: vec!["The page and the studio are of different versions: start the studio again.".to_owned()],
                }),
            }
        }

        fn command_table(config: &Config) -> String {
            let mut table = String::from("/** Every command: what it takes and what it answers. */\nexport interface Commands {\n");
            $(
                table.push_str(&comment(&[$($doc),+], "  "));
                table.push_str(&format!(
                    "  {}: {{ args: {}; answer: {} }};\n",
                    stringify!($name), <$args as TS>::name(config), <$answer as TS>::name(config),
                ));
            )+
            table.push_str("}\n");
            table
        }
    };
}

commands! {
    /// What the page needs to draw its first frame.
    start(()) -> StartView;
    /// The page has something to show: the window may come forward.
    ready(()) -> ();
    /// The page has painted a frame in the window that came forward: the web engine works here.
    painted(()) -> ();
    /// Keeps how the author likes the window.
    set_preferences(PreferencesArg) -> ();
    /// What this computer gives us.
    environment(()) -> Environment;
    /// Folders opened before, newest first.
    recent_packs(()) -> Vec<RecentPack>;
    /// Takes a folder off the list; the folder itself stays.
    forget_recent(FolderArg) -> ();
    /// The packs that come with the studio.
    samples(()) -> Vec<Sample>;
    /// Asks the author for a folder; `null` when the dialog was dismissed.
    pick_folder(()) -> Option<String>;
    /// Opens a folder, whatever is in it. Only one that the author chose: named at the start, picked, or opened before.
    open_pack(FolderArg) -> PackView;
    /// Copies a sample to the data folder and opens the copy.
    open_sample(SampleArg) -> PackView;
    /// Closes the pack: its watcher and language server end.
    close_pack(SessionArg) -> ();
    /// Writes a first `pack.yaml` into the open folder, which has none.
    create_manifest(SessionArg) -> ();
    /// A file's text.
    read_file(FileArg) -> FileText;
    /// Writes a file atomically and takes its text off the journal.
    save_file(SaveArg) -> Saved;
    /// Gives files other names: all of them or none, and never over another file.
    move_files(MoveArg) -> ();
    /// Takes away a file that the studio made, while its bytes are those that were saved; its folder stays.
    remove_file(RemoveArg) -> ();
    /// Keeps unsaved text, so that it survives whatever happens to the studio.
    journal_file(JournalArg) -> ();
    /// Drops what the journal holds of a file.
    discard_journal(FileArg) -> ();
    /// Hands a message to the language server of the open pack; its answers come as events.
    lsp_send(LspArg) -> ();
    /// The templates of the New pack dialog, and where new packs go.
    new_pack_view(()) -> NewPackView;
    /// Makes a pack from a template and opens it. The folder is the one that `new_pack_view` named, or one that was picked.
    new_pack(NewPackArg) -> PackView;
    /// The tools of the open pack, with their cases, from its files as they are saved.
    tools(SessionArg) -> ToolsView;
    /// Runs a tool or a case once, in a fresh instance. A tool that fails is an answer, not a failure.
    run_tool(RunArg) -> RunView;
    /// Ends a run that goes on; its `run_tool` answers at once.
    stop_run(StopRunArg) -> ();
    /// Keeps a run as a case, with a recording of what the network answered.
    save_case(SaveCaseArg) -> SavedCase;
    /// Where one can publish to: this computer first.
    registries(()) -> Vec<RegistryView>;
    /// Adds a registry by its address; it is not asked anything yet.
    add_registry(RegistryArg) -> RegistryView;
    /// Takes a registry off the list.
    forget_registry(RegistryArg) -> ();
    /// What publishing would do. Nothing is sent.
    ship_plan(ShipArg) -> ShipPlan;
    /// Publishes what the plan promised; steps come as events.
    publish(PublishArg) -> ReceiptView;
    /// Stops a publication: what was sent stays invisible, no tag moves.
    stop_publish(SessionArg) -> ();
    /// The releases of the open pack in a registry, newest first.
    releases(ShipArg) -> Vec<ReleaseView>;
    /// Checks a release's digests and signature, from the registry's own bytes.
    verify_release(ReleaseArg) -> VerifiedView;
    /// Fetches a release, verifies it and unpacks it into a new folder.
    pull_release(ReleaseArg) -> PulledView;
    /// Everything is saved or journalled: the window may close.
    close_window(()) -> ();
}

/// The whole of `ui/src/lib/generated/wire.ts`.
pub fn typescript() -> String {
    // The wire's numbers are small; `bigint` would not survive JSON.
    let config = Config::new().with_large_int("number");
    let mut text =
        String::from("// Made from crates/app/src/wire.rs and commands.rs by `cargo xtask generate`. Do not edit.\n\n");
    macro_rules! declare {
        ($($type:ty),+ $(,)?) => { $(
            if let Some(docs) = <$type as TS>::docs() {
                text.push_str(docs.trim());
                text.push('\n');
            }
            text.push_str(&format!("export {}\n\n", <$type as TS>::decl(&config)));
        )+ };
    }
    declare!(
        StartView,
        Preferences,
        Theme,
        RecentPack,
        Sample,
        PackView,
        Entry,
        EntryKind,
        UnsavedText,
        FileText,
        LineEnding,
        Saved,
        Environment,
        Fact,
        Verdict,
        Failure,
        FailureCode,
        Event,
        DiagnosticData,
        FolderArg,
        SessionArg,
        FileArg,
        SampleArg,
        SaveArg,
        MoveArg,
        RemoveArg,
        FileMove,
        JournalArg,
        LspArg,
        PreferencesArg,
        NewPackView,
        Template,
        NewPackArg,
        ToolsView,
        ToolView,
        Blocked,
        Place,
        CaseView,
        BrokenCases,
        RunArg,
        CaseArg,
        StopRunArg,
        RunView,
        RunError,
        Frame,
        ViolationView,
        LogLine,
        LogLevel,
        CallView,
        Times,
        Use,
        CaseVerdict,
        SaveCaseArg,
        KeepExpect,
        SavedCase,
        RegistryView,
        RegistryArg,
        ShipArg,
        ShipPlan,
        SignerView,
        ShipCheck,
        ShipStep,
        ShippedFile,
        PublishArg,
        ReceiptView,
        StepState,
        ReleaseView,
        ReleaseArg,
        VerifiedView,
        PulledView,
    );
    text.push_str(&command_table(&config));
    text
}

fn comment(lines: &[&str], indent: &str) -> String {
    let text: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    format!("{indent}/** {} */\n", text.join(" "))
}

fn malformed(name: &str, error: &serde_json::Error) -> Failure {
    Failure {
        code: FailureCode::BadRequest,
        message: format!("the arguments of `{name}` are not what it takes: {error}"),
        hints: vec!["The page and the studio are of different versions: start the studio again.".to_owned()],
    }
}
