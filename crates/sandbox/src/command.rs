//! WASI programs: input JSON on standard input, output JSON on standard output, exit code 0.
//!
//! A program has no files, no environment and no network of its own. It reaches the host interface through one import,
//! `packwright_host.call(request, request_length, answer, answer_capacity) -> answer_length`: the request is
//! `{"name": …, "request": …}`, the answer that of the host. An answer that does not fit is kept, and a call with an empty request
//! fetches it.

use crate::guest::Guest;
use serde::Deserialize;
use serde_json::Value;
use wasmtime::{Caller, Engine, Linker};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};

/// Bytes of standard error that are kept.
const LONGEST_REMARKS: usize = 64 * 1024;

/// What every program may import.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    p1::add_to_linker_async(&mut linker, |guest: &mut Guest| guest.wasi.as_mut().expect("a program has its streams"))?;
    linker.func_wrap_async(
        "packwright_host",
        "call",
        |caller: Caller<'_, Guest>, (request, length, answer, capacity): (u32, u32, u32, u32)| {
            Box::new(host_call(caller, (request, length), (answer, capacity)))
        },
    )?;
    Ok(linker)
}

async fn host_call(mut caller: Caller<'_, Guest>, request: (u32, u32), answer: (u32, u32)) -> wasmtime::Result<u32> {
    #[derive(Deserialize)]
    struct Wanted {
        name: String,
        request: Value,
    }
    let outside = || wasmtime::Error::msg("packwright_host.call was given memory that the program does not have");
    let memory = caller.get_export("memory").and_then(wasmtime::Extern::into_memory).ok_or_else(outside)?;
    let kept = if request.1 == 0 {
        std::mem::take(&mut caller.data_mut().kept_answer)
    } else {
        let (from, length) = (request.0 as usize, request.1 as usize);
        let bytes = memory.data(&caller).get(from..from.saturating_add(length)).ok_or_else(outside)?.to_vec();
        let Guest { host, meter, .. } = caller.data_mut();
        match serde_json::from_slice::<Wanted>(&bytes) {
            Ok(wanted) => host.call_until_stopped(&wanted.name, &wanted.request.to_string(), meter).await,
            Err(error) => {
                let message = format!("a request is {{\"name\", \"request\"}}: {error}");
                serde_json::json!({ "error": { "code": "invalid_input", "message": message } }).to_string()
            }
        }
    };
    let length = u32::try_from(kept.len()).map_err(|_| wasmtime::Error::msg("the host's answer is too large"))?;
    if length <= answer.1 {
        memory.write(&mut caller, answer.0 as usize, kept.as_bytes()).map_err(|_| outside())?;
    } else {
        caller.data_mut().kept_answer = kept;
    }
    Ok(length)
}

/// A program's streams. What is written beyond the output's limit ends it.
pub(crate) struct Streams {
    pub(crate) wasi: WasiP1Ctx,
    pub(crate) output: MemoryOutputPipe,
    pub(crate) remarks: MemoryOutputPipe,
}

impl Streams {
    pub(crate) fn new(input: &str, arguments: &[String], output_limit: usize) -> Self {
        // One byte more than allowed is kept: that it is there says that the limit was passed.
        let output = MemoryOutputPipe::new(output_limit.saturating_add(1));
        let remarks = MemoryOutputPipe::new(LONGEST_REMARKS);
        let wasi = WasiCtxBuilder::new()
            .stdin(MemoryInputPipe::new(input.to_owned()))
            .stdout(output.clone())
            .stderr(remarks.clone())
            .arg("tool")
            .args(arguments)
            .build_p1();
        Self { wasi, output, remarks }
    }
}
