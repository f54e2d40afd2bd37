//! The machine that runs everything: wasmtime, the compiled engine of inline handlers, and the clock that ends what runs too long.

use crate::command;
use crate::guest::Guest;
use crate::http;
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::call::Limits;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, Module, PoolingAllocationConfig};

/// The component that runs inline handlers, made by `cargo xtask setup` from QuickJS and the library in `engine/`.
pub const INLINE_ENGINE: &[u8] = include_bytes!("../../../engine/out/inline-engine.wasm");

/// Runs that go on at the same time, at most.
const RUNS: u32 = 32;
/// Bytes of memory that stay in place between two runs: the engine with its library takes 1.5 MB.
const KEPT: usize = 4 * 1024 * 1024;
/// How often a running guest is asked whether it must end.
const TICK: Duration = Duration::from_millis(5);
/// Stack of a guest. QuickJS gives JavaScript 256 KB of its own; between two of its calls lie some KB of Wasm frames.
const STACK: usize = 4 * 1024 * 1024;

/// Runs tools. One for a whole program; calls may come from any thread.
pub struct Sandbox {
    pub(crate) engine: Engine,
    /// For programs: they come in every size, and would not fit into places set aside.
    pub(crate) plain: Engine,
    pub(crate) inline: InlineEngine,
    pub(crate) commands: wasmtime::Linker<Guest>,
    pub(crate) runtime: tokio::runtime::Runtime,
    client: http::Client,
    /// Compiled programs by the digest of their bytes.
    modules: Mutex<HashMap<[u8; 32], Module>>,
    cache: Utf8PathBuf,
    _ticker: Ticker,
}

/// The engine of inline handlers, ready to be instantiated.
pub(crate) struct InlineEngine {
    pub(crate) instance: InstancePre<Guest>,
    pub(crate) invoke: ComponentExportIndex,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the sandbox does not start: {0}")]
    Machine(String),
    #[error("the engine of inline handlers does not start: {0}")]
    Engine(String),
    #[error("the sandbox got no thread or network from the system: {0}")]
    System(#[from] std::io::Error),
}

impl Sandbox {
    /// Opens the sandbox. `cache` is a folder for what was compiled; it may be deleted at any time. The first time on a computer,
    /// the engine is compiled, which takes a second or so: `compiling` is called before.
    pub fn open(cache: &Utf8Path, compiling: impl FnOnce()) -> Result<Self, OpenError> {
        let broken = |error: wasmtime::Error| OpenError::Machine(format!("{error:#}"));
        let engine = pooled().map_err(broken)?;
        let plain = Engine::new(&config()).map_err(broken)?;
        let failed = |error: wasmtime::Error| OpenError::Engine(format!("{error:#}"));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("sandbox-net").build()?;
        Ok(Self {
            inline: InlineEngine::load(&engine, cache, compiling).map_err(failed)?,
            commands: command::linker(&plain).map_err(failed)?,
            _ticker: Ticker::start([&engine, &plain])?,
            client: http::Client::new(),
            modules: Mutex::default(),
            cache: cache.to_owned(),
            runtime,
            plain,
            engine,
        })
    }

    /// What sends requests to real servers, for [`crate::http::Net::Live`]. Connections stay open between runs.
    pub fn client(&self) -> http::Client {
        self.client.clone()
    }

    /// A WASI program, compiled once for its bytes, on this computer.
    pub(crate) fn module(&self, bytes: &[u8]) -> wasmtime::Result<Module> {
        let digest = digest(bytes);
        if let Some(module) = self.modules().get(&digest) {
            return Ok(module.clone());
        }
        let kept = kept(&self.cache, "command", &digest);
        // SAFETY: see `InlineEngine::load`.
        #[expect(unsafe_code, reason = "wasmtime loads its own output, which lies in the author's own cache")]
        let loaded = whole(&kept).and_then(|compiled| unsafe { Module::deserialize(&self.plain, compiled) }.ok());
        let module = if let Some(module) = loaded {
            module
        } else {
            let module = Module::new(&self.plain, bytes)?;
            keep(&kept, &module.serialize()?);
            module
        };
        self.modules().insert(digest, module.clone());
        Ok(module)
    }

    fn modules(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Module>> {
        self.modules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// wasmtime with both meters on.
fn config() -> Config {
    let mut config = Config::new();
    config.consume_fuel(true).epoch_interruption(true).max_wasm_stack(STACK).async_stack_size(STACK + 1024 * 1024);
    config
}

/// The same for the engine of inline handlers: its instances take places that were set aside for them, which is quicker than asking the
/// system each time. Where the system does not give so many addresses, they ask.
fn pooled() -> wasmtime::Result<Engine> {
    let mut places = PoolingAllocationConfig::new();
    places.total_component_instances(RUNS).total_memories(RUNS).total_stacks(RUNS);
    // A component is several core modules: the engine, its adapters, and what joins them.
    places.total_core_instances(RUNS * 8).total_tables(RUNS * 4).max_core_instances_per_component(16).max_tables_per_component(8);
    places.max_memory_size(usize::try_from(Limits::MOST.memory_mb * 1024 * 1024).unwrap_or(usize::MAX)).table_elements(100_000);
    // What an instance wrote to is put back by us, and the next one finds its pages in place: most of a short call was the system
    // handing out pages. Linux since 6.7 tells which pages those are.
    if cfg!(target_os = "linux") {
        places.linear_memory_keep_resident(KEPT).table_keep_resident(64 * 1024).pagemap_scan(Enabled::Auto);
    }
    Engine::new(config().allocation_strategy(InstanceAllocationStrategy::Pooling(places))).or_else(|_| Engine::new(&config()))
}

impl InlineEngine {
    fn load(engine: &Engine, cache: &Utf8Path, compiling: impl FnOnce()) -> wasmtime::Result<Self> {
        let kept = kept(cache, "inline-engine", &digest(INLINE_ENGINE));
        // SAFETY: the file is code that this function wrote, whole by its digest, into a folder that belongs to the author alone. Whoever
        // can change it can change the program as well. Another version or configuration is told apart by wasmtime, and made anew.
        #[expect(unsafe_code, reason = "wasmtime loads its own output, which lies in the author's own cache")]
        let loaded = whole(&kept).and_then(|compiled| unsafe { Component::deserialize(engine, compiled) }.ok());
        let component = if let Some(component) = loaded {
            component
        } else {
            compiling();
            let component = Component::new(engine, INLINE_ENGINE)?;
            keep(&kept, &component.serialize()?);
            component
        };
        let mut linker = Linker::new(engine);
        crate::host::add_to_linker(&mut linker)?;
        let invoke = component.get_export_index(None, "invoke").ok_or_else(|| wasmtime::Error::msg("it exports no `invoke`"))?;
        Ok(Self { instance: linker.instantiate_pre(&component)?, invoke })
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn kept(cache: &Utf8Path, what: &str, digest: &[u8]) -> Utf8PathBuf {
    // Another version or configuration of wasmtime refuses the file, and it is written anew.
    cache.join(format!("{what}-{}.bin", &hex::encode(digest)[..16]))
}

/// What was kept, without its digest; `None` when it is not there or not whole, as after a power cut.
fn whole(from: &Utf8Path) -> Option<Vec<u8>> {
    let mut bytes = fs_err::read(from).ok()?;
    let kept = bytes.split_off(bytes.len().checked_sub(32)?);
    (digest(&bytes)[..] == kept).then_some(bytes)
}

/// Keeps what was compiled, its digest behind it. That it cannot be kept costs time, the next time, and nothing else.
fn keep(to: &Utf8Path, bytes: &[u8]) {
    let aside = to.with_extension(format!("{}.part", std::process::id()));
    let write = || -> std::io::Result<()> {
        let folder = to.parent().unwrap_or(to);
        fs_err::create_dir_all(folder)?;
        // It is code that will be run: nobody else writes there.
        #[cfg(unix)]
        fs_err::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        fs_err::write(&aside, [bytes, &digest(bytes)].concat())?;
        fs_err::rename(&aside, to)
    };
    if write().is_err() {
        let _ = fs_err::remove_file(&aside);
    }
}

/// Lets the engine's epoch go on while the sandbox lives.
struct Ticker {
    end: Arc<AtomicBool>,
}

impl Ticker {
    fn start(engines: [&Engine; 2]) -> std::io::Result<Self> {
        let end = Arc::new(AtomicBool::new(false));
        let (engines, ended) = (engines.map(Engine::weak), end.clone());
        std::thread::Builder::new().name("sandbox-clock".to_owned()).spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                for engine in engines.iter().filter_map(wasmtime::EngineWeak::upgrade) {
                    engine.increment_epoch();
                }
                std::thread::sleep(TICK);
            }
        })?;
        Ok(Self { end })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
    }
}
