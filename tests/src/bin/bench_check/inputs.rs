//! What is measured, and on what: the programs as commands, and the generated packs as folders.

use anyhow::{Context, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::generator::{self, BIG, Files, Size};
use packwright_tests::program;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// Any number: the same one gives the same packs.
const SEED: u64 = 42;

/// Who is measured: ours, and as many of the others as are installed below the folder of peers.
pub struct Programs {
    packwright: Utf8PathBuf,
    peers: Option<Utf8PathBuf>,
    /// For our settings, so that nobody's own are read.
    home: tempfile::TempDir,
}

/// A language server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    Ours,
    /// yaml-language-server as it is installed: it waits for 200 ms after a keystroke before it begins.
    Shipped,
    /// The same without that wait: what is left is its work.
    Prompt,
}

impl Server {
    pub const ALL: [Server; 3] = [Server::Shipped, Server::Prompt, Server::Ours];

    pub fn key(self) -> &'static str {
        match self {
            Server::Ours => "ours",
            Server::Shipped => "shipped",
            Server::Prompt => "prompt",
        }
    }
}

/// A program that checks a whole pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checker {
    Ours,
    Ajv,
    CheckJsonschema,
}

impl Checker {
    pub const ALL: [Checker; 3] = [Checker::Ajv, Checker::CheckJsonschema, Checker::Ours];

    pub fn key(self) -> &'static str {
        match self {
            Checker::Ours => "ours",
            Checker::Ajv => "ajv",
            Checker::CheckJsonschema => "check-jsonschema",
        }
    }
}

impl Programs {
    pub fn find(peers: Option<&Utf8Path>) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("packwright-bench-home-").tempdir()?;
        Ok(Programs { packwright: program("packwright")?, peers: peers.map(Utf8Path::to_owned), home })
    }

    /// The language server's command; `None` when it is not here.
    pub fn server(&self, server: Server) -> Option<Command> {
        let package = match server {
            Server::Ours => {
                let mut command = self.packwright();
                command.arg("lsp");
                return Some(command);
            }
            Server::Shipped => "yaml-language-server",
            Server::Prompt => "yaml-language-server-prompt",
        };
        let script = self.module(&format!("{package}/bin/yaml-language-server"))?;
        let mut command = Command::new("node");
        command.arg(script).arg("--stdio");
        Some(command)
    }

    /// What checks a pack's folder, one command after the other; `None` when the program is not here.
    pub fn checker(&self, checker: Checker, pack: &Utf8Path, inputs: &Inputs) -> Option<Vec<Command>> {
        let manifest = pack.join("pack.yaml");
        let schemas = pack.join("schemas");
        match checker {
            Checker::Ours => {
                let mut command = self.packwright();
                command.arg("check").arg(pack);
                Some(vec![command])
            }
            Checker::Ajv => {
                let script = self.module("ajv-cli/dist/index.js")?;
                let ajv = |words: &[&str]| {
                    let mut command = Command::new("node");
                    command.arg(&script).args(words).args(["--strict=false", "-c", "ajv-formats"]);
                    command
                };
                let mut commands =
                    vec![ajv(&["validate", "--spec=draft2020", "-s", inputs.schema.as_str(), "-d", manifest.as_str()])];
                if schemas.is_dir() {
                    commands.push(ajv(&["compile", "--spec=draft2020", "-s", schemas.join("*.json").as_str()]));
                }
                Some(commands)
            }
            Checker::CheckJsonschema => {
                let script = self.peers.as_ref()?.join("venv/bin/check-jsonschema");
                if !script.is_file() {
                    return None;
                }
                let mut manifests = Command::new(&script);
                manifests.args(["--no-cache", "--schemafile"]).arg(&inputs.schema).arg(manifest);
                let mut commands = vec![manifests];
                if schemas.is_dir() {
                    let mut all: Vec<_> = schemas.read_dir_utf8().ok()?.flatten().map(camino::Utf8DirEntry::into_path).collect();
                    all.sort();
                    let mut command = Command::new(script);
                    command.arg("--check-metaschema").args(all);
                    commands.push(command);
                }
                Some(commands)
            }
        }
    }

    /// Node with nothing to do, where it is a peer's.
    pub fn node(&self) -> Option<Command> {
        self.module("ajv-cli/dist/index.js")?;
        let mut command = Command::new("node");
        command.args(["-e", "0"]);
        Some(command)
    }

    /// Of every peer its version, or null where it is not here.
    pub fn versions(&self) -> Value {
        let of = |package: &str| -> Option<String> {
            let text = fs_err::read_to_string(self.module(&format!("{package}/package.json"))?).ok()?;
            Some(serde_json::from_str::<Value>(&text).ok()?["version"].as_str()?.to_owned())
        };
        let python = || {
            let script = self.peers.as_ref()?.join("venv/bin/check-jsonschema");
            let output = Command::new(script).arg("--version").stdin(Stdio::null()).output().ok()?;
            Some(String::from_utf8_lossy(&output.stdout).trim().rsplit(' ').next()?.to_owned())
        };
        json!({ "yaml-language-server": of("yaml-language-server"), "ajv": of("ajv"), "check-jsonschema": python() })
    }

    /// Our program, far from anybody's settings.
    fn packwright(&self) -> Command {
        let mut command = Command::new(&self.packwright);
        command.env("PACKWRIGHT_HOME", self.home.path()).env("HOME", self.home.path()).env("NO_COLOR", "1");
        command
    }

    fn module(&self, path: &str) -> Option<Utf8PathBuf> {
        Some(self.peers.as_ref()?.join("node_modules").join(path)).filter(|file| file.is_file())
    }
}

/// The generated packs, each a folder.
pub struct Inputs {
    root: Utf8PathBuf,
    /// The manifest's JSON Schema, for those who do not know what a pack is.
    pub schema: Utf8PathBuf,
}

pub const LADDER: [usize; 3] = [1_000, 10_000, 50_000];

impl Inputs {
    pub fn write(programs: &Programs, folder: &Utf8Path) -> Result<Self> {
        fs_err::create_dir_all(folder)?;
        let root = folder.canonicalize_utf8()?;
        let write = |name: &str, files: &Files| generator::write(files, &root.join(name));
        let mut big = generator::pack("bench-big", BIG, SEED);
        write("big", &big)?;
        let ten_times = Size { tools: BIG.tools * 10, capabilities: BIG.capabilities * 10 };
        write("big10", &generator::pack("bench-big10", ten_times, SEED))?;
        write("small", &generator::small())?;
        for lines in LADDER {
            write(&format!("ladder-{lines}"), &generator::ladder(lines, SEED))?;
        }
        // The same pack twice more, each with one fault.
        let sound = big["pack.yaml"].clone();
        big.insert("pack.yaml".to_owned(), generator::plant(&sound).0);
        write("fault-in-manifest", &big)?;
        big.insert("pack.yaml".to_owned(), sound);
        let schema = big.iter_mut().find(|(path, _)| path.starts_with("schemas/")).context("a pack with schemas")?.1;
        *schema = schema.replacen("\"type\": \"object\"", "\"type\": \"objekt\"", 1);
        write("fault-in-schema", &big)?;
        let text = manifest_schema(programs)?;
        let schema = root.join("pack.schema.json");
        fs_err::write(&schema, &text)?;
        Ok(Inputs { root, schema })
    }

    pub fn pack(&self, name: &str) -> Utf8PathBuf {
        self.root.join(name)
    }
}

/// The manifest's schema, as anyone gets it for their editor.
fn manifest_schema(programs: &Programs) -> Result<String> {
    let printed = programs.packwright().arg("schema").stdin(Stdio::null()).output()?;
    ensure!(printed.status.success(), "`packwright schema` ends with {}", printed.status);
    Ok(String::from_utf8(printed.stdout)?)
}

/// Runs commands one after the other, all output thrown away, until one does not end with 0: the exit code.
pub fn run(commands: &mut [Command]) -> Result<i32> {
    for command in commands {
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let status = status.with_context(|| format!("{} can be started", command.get_program().to_string_lossy()))?;
        ensure!(status.code().is_some(), "{} was ended by a signal", command.get_program().to_string_lossy());
        if let Some(code) = status.code().filter(|code| *code != 0) {
            return Ok(code);
        }
    }
    Ok(0)
}
