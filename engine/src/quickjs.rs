//! Starts QuickJS in an interpreter, evaluates the library, and writes down what memory holds then.

use anyhow::{Context, Result, anyhow, ensure};
use wasmi::{Caller, Engine, Instance, Linker, Memory, Module, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

/// QuickJS with its library, as a core module.
pub struct Snapshot {
    pub module: Vec<u8>,
    /// Where the library's functions lie: begin, end, resolve, load, rejected.
    pub library: [i32; 5],
}

pub fn snapshot(module: &[u8], library: &str) -> Result<Snapshot> {
    let wizer = Wizer::new();
    let (context, instrumented) = wizer.instrument(module).map_err(|error| anyhow!("{error:?}"))?;
    let mut quickjs = QuickJs::start(&instrumented)?;
    let library = quickjs.evaluate_library(library)?;
    let module = pollster::block_on(wizer.snapshot(&context, &mut quickjs)).map_err(|error| anyhow!("{error:?}"))?;
    Ok(Snapshot { module, library })
}

/// A running QuickJS. Values are addresses in its memory.
struct QuickJs {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl QuickJs {
    fn start(module: &[u8]) -> Result<Self> {
        let engine = Engine::default();
        let module = Module::new(&engine, module)?;
        let mut store = Store::new(&engine, ());
        let instance = linker(&engine)?.instantiate_and_start(&mut store, &module)?;
        let memory = instance.get_memory(&store, "memory").context("QuickJS exports its memory")?;
        let mut quickjs = Self { store, instance, memory };
        quickjs.run("_initialize", &[])?;
        ensure!(quickjs.call("qjs_init", &[])? == 0, "QuickJS did not start");
        // Asked at every normalisation, rejection and some thousands of steps; the glue answers.
        quickjs.run("qjs_set_module_loader", &[1])?;
        quickjs.run("qjs_set_promise_rejection_handler", &[1])?;
        quickjs.run("qjs_set_interrupt_handler", &[1])?;
        Ok(quickjs)
    }

    /// The text is a function of the host function that returns an array of functions.
    fn evaluate_library(&mut self, text: &str) -> Result<[i32; 5]> {
        let (name, _) = self.write("packwright:library")?;
        let (code, length) = self.write(text)?;
        let make = self.call("qjs_eval", &[code, length, name, 0])?;
        self.no_exception(make)?;
        let (host_name, host_length) = self.write("host")?;
        let host = self.call("qjs_new_host_function", &[host_name, host_length, 2])?;
        let arguments = self.call("wasm_malloc", &[4])?;
        self.memory.write(&mut self.store, usize::try_from(arguments)?, &host.to_le_bytes())?;
        let undefined = self.call("qjs_get_undefined", &[])?;
        let functions = self.call("qjs_call", &[make, undefined, 1, arguments])?;
        self.no_exception(functions)?;
        let mut library = [0; 5];
        for (place, to) in (0i32..).zip(&mut library) {
            *to = self.call("qjs_get_prop_uint32", &[functions, place])?;
            ensure!(self.call("qjs_is_function", &[*to])? != 0, "the library gives five functions");
        }
        while self.call("qjs_is_job_pending", &[])? != 0 {
            self.call("qjs_execute_pending_job", &[])?;
        }
        self.run("qjs_run_gc", &[])?;
        Ok(library)
    }

    fn no_exception(&mut self, value: i32) -> Result<()> {
        if self.call("qjs_is_exception", &[value])? == 0 {
            return Ok(());
        }
        let error = self.call("qjs_get_exception", &[])?;
        let message = self.text_of(error)?;
        let (stack, _) = self.write("stack")?;
        let stack = self.call("qjs_get_prop_string", &[error, stack])?;
        Err(anyhow!("the library: {message}\n{}", self.text_of(stack)?))
    }

    fn text_of(&mut self, value: i32) -> Result<String> {
        let length_to = self.call("wasm_malloc", &[4])?;
        let at = usize::try_from(self.call("qjs_get_string_len", &[value, length_to])?)?;
        let data = self.memory.data(&self.store);
        let length_at = usize::try_from(length_to)?;
        let length = u32::from_le_bytes(data[length_at..length_at + 4].try_into()?) as usize;
        Ok(String::from_utf8_lossy(&data[at..at + length]).into_owned())
    }

    /// Puts a C string into memory: its address, and its length without the zero.
    fn write(&mut self, text: &str) -> Result<(i32, i32)> {
        let length = i32::try_from(text.len())?;
        let at = self.call("wasm_malloc", &[length + 1])?;
        let bytes: Vec<u8> = text.bytes().chain([0]).collect();
        self.memory.write(&mut self.store, usize::try_from(at)?, &bytes)?;
        Ok((at, length))
    }

    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<i32> {
        let mut answer = [Val::I32(0)];
        self.invoke(name, arguments, &mut answer)?;
        answer[0].i32().with_context(|| format!("{name} answers with an i32"))
    }

    fn run(&mut self, name: &str, arguments: &[i32]) -> Result<()> {
        self.invoke(name, arguments, &mut [])
    }

    fn invoke(&mut self, name: &str, arguments: &[i32], answer: &mut [Val]) -> Result<()> {
        let function = self.instance.get_func(&self.store, name).with_context(|| format!("QuickJS exports no {name}"))?;
        let arguments: Vec<Val> = arguments.iter().map(|argument| Val::I32(*argument)).collect();
        function.call(&mut self.store, &arguments, answer).with_context(|| format!("calling {name}"))
    }
}

/// What QuickJS may ask for while the library is evaluated: hardly anything. A library that looked at the clock or asked for chance
/// would carry the answer in the snapshot for ever, so the answers are the same every time.
fn linker(engine: &Engine) -> Result<Linker<()>> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("env", "host_get_timezone_offset", |_: i32, _: i32| 0i32)?;
    linker.func_wrap("env", "host_interrupt", || 0i32)?;
    linker.func_wrap("env", "host_promise_rejection", |_: i32, _: i32, _: i32| {})?;
    linker.func_wrap("env", "host_module_normalize", |_: i32, _: i32| 0i32)?;
    linker.func_wrap("env", "host_module_load", |_: i32, _: i32| 0i32)?;
    linker.func_wrap("env", "host_call", |_: i32, _: i32, _: i32, _: i32, _: i32| 0i32)?;
    let system = "wasi_snapshot_preview1";
    linker.func_wrap(system, "clock_time_get", |mut caller: Caller<'_, ()>, _: i32, _: i64, to: i32| {
        write_zeros(&mut caller, to, 8)
    })?;
    linker.func_wrap(system, "random_get", |mut caller: Caller<'_, ()>, to: i32, length: i32| {
        write_zeros(&mut caller, to, length)
    })?;
    // 8: there is no such file.
    linker.func_wrap(system, "fd_write", |_: i32, _: i32, _: i32, _: i32| 8i32)?;
    linker.func_wrap(system, "fd_close", |_: i32| 8i32)?;
    linker.func_wrap(system, "fd_fdstat_get", |_: i32, _: i32| 8i32)?;
    linker.func_wrap(system, "fd_seek", |_: i32, _: i64, _: i32, _: i32| 8i32)?;
    Ok(linker)
}

fn write_zeros(caller: &mut Caller<'_, ()>, to: i32, length: i32) -> i32 {
    let memory = caller.get_export("memory").and_then(wasmi::Extern::into_memory);
    let (Some(memory), Ok(to), Ok(length)) = (memory, usize::try_from(to), usize::try_from(length)) else { return 28 };
    memory.write(caller, to, &vec![0; length]).map_or(28, |()| 0)
}

impl InstanceState for QuickJs {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&self.store, name).expect("the instrumented module exports its globals");
        match global.get(&self.store) {
            Val::I32(value) => SnapshotVal::I32(value),
            Val::I64(value) => SnapshotVal::I64(value),
            other => unreachable!("QuickJS has no globals of type {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        let memory = self.instance.get_memory(&self.store, name).expect("the instrumented module exports its memory");
        contents(memory.data(&self.store));
    }
}
