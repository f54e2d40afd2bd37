//! `packwright`: the same engine as the window, for terminals and build servers.
//!
//! Data goes to standard output, everything said to people to standard error. Exit codes are those of [`exit::Code`].

mod build;
mod check;
mod diff;
mod env;
mod example;
mod exit;
mod explain;
mod init;
mod lsp;
mod new;
mod output;
mod publish;
mod pull;
mod run;
mod schema;
mod shipping;
mod test;
mod types;
mod verify;
mod versions;

use clap::{Parser, Subcommand};
use exit::Code;
use output::Output;
use std::process::ExitCode;

/// Write, check and publish packs for agent platforms.
#[derive(Parser)]
#[command(name = "packwright", version, after_help = exit::HELP, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON object, for machines.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Init(init::Arguments),
    New(new::Arguments),
    Run(run::Arguments),
    Test(test::Arguments),
    Build(build::Arguments),
    Publish(publish::Arguments),
    Versions(versions::Arguments),
    Verify(verify::Arguments),
    Diff(diff::Arguments),
    Example(example::Arguments),
    Types(types::Arguments),
    Pull(pull::Arguments),
    Lsp(lsp::Arguments),
    Schema(schema::Arguments),
    /// Show what this computer gives Packwright: display, web engine, folders, keychain.
    Env,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let json = arguments.json;
    let code = match arguments.command {
        Command::Check(arguments) => check::run(&arguments, &Output::new("check", json)),
        Command::Explain(arguments) => explain::run(&arguments, &Output::new("explain", json)),
        Command::Init(arguments) => init::run(&arguments, &Output::new("init", json)),
        Command::New(arguments) => new::run(&arguments, &Output::new("new", json)),
        Command::Run(arguments) => run::run(&arguments, &Output::new("run", json)),
        Command::Test(arguments) => test::run(&arguments, &Output::new("test", json)),
        Command::Build(arguments) => build::run(&arguments, &Output::new("build", json)),
        Command::Publish(arguments) => publish::run(&arguments, &Output::new("publish", json)),
        Command::Versions(arguments) => versions::run(&arguments, &Output::new("versions", json)),
        Command::Verify(arguments) => verify::run(&arguments, &Output::new("verify", json)),
        Command::Pull(arguments) => pull::run(&arguments, &Output::new("pull", json)),
        Command::Lsp(arguments) => lsp::run(&arguments, &Output::new("lsp", json)),
        Command::Schema(arguments) => schema::run(&arguments, &Output::new("schema", json)),
        Command::Diff(arguments) => diff::run(&arguments, &Output::new("diff", json)),
        Command::Example(arguments) => example::run(&arguments, &Output::new("example", json)),
        Command::Types(arguments) => types::run(&arguments, &Output::new("types", json)),
        Command::Env => env::run(&Output::new("env", json)),
    };
    code.into()
}

/// Wrong words on the command line: clap says which; with `--json` in the envelope.
fn usage(error: &clap::Error) -> ExitCode {
    // `--help` and `--version` come here too, and are no errors.
    if !error.use_stderr() {
        let _ = error.print();
        return Code::Fine.into();
    }
    if std::env::args_os().take_while(|word| word != "--").any(|word| word == "--json") {
        Output::new("usage", true).usage(&error.render().to_string());
    } else {
        let _ = error.print();
    }
    Code::Usage.into()
}
