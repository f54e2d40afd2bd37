//! Debian's registry, as a registry that is not ours: a server on a port of its own, ended when it is dropped.

use anyhow::{Context, Result, ensure};
use camino::Utf8Path;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running registry with an empty store.
pub struct DockerRegistry {
    child: Child,
    /// `127.0.0.1:40123`.
    pub address: String,
    _keep: tempfile::TempDir,
}

impl DockerRegistry {
    /// One that anybody may write to.
    pub fn start() -> Result<Self> {
        Self::start_with("", |_| Ok(()))
    }

    /// One that wants a login: Ann, with the password `secret`.
    pub fn start_with_login() -> Result<Self> {
        Self::start_with("auth: {htpasswd: {realm: test, path: PASSWORDS}}\n", |passwords| {
            fs_err::write(passwords, "ann:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n")
                .context("the passwords can be written")
        })
    }

    fn start_with(login: &str, prepare: impl FnOnce(&Utf8Path) -> Result<()>) -> Result<Self> {
        let keep = tempfile::tempdir()?;
        let root = Utf8Path::from_path(keep.path()).context("the temporary folder's path is Unicode")?;
        let passwords = root.join("passwords");
        prepare(&passwords)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let login = login.replace("PASSWORDS", passwords.as_str());
        let configuration = root.join("config.yml");
        let text = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {root}/data}}}}\nhttp: {{addr: '{address}'}}\n{login}"
        );
        fs_err::write(&configuration, text)?;
        let mut command = Command::new("docker-registry");
        command.args(["serve", configuration.as_str()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let registry = Self { child: command.spawn().context("docker-registry starts")?, address, _keep: keep };
        let begin = Instant::now();
        while TcpStream::connect(&registry.address).is_err() {
            ensure!(begin.elapsed() < Duration::from_secs(30), "docker-registry does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(registry)
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
