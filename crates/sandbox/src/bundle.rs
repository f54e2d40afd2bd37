//! What is published of inline handlers: the very engine that ran them here, with the author's text as a second component inside.
//!
//! ```text
//! component: import host, export invoke
//! ├─ data    its one memory holds the text; exports `source`
//! └─ engine  imports `source` from data, `host` from outside; exports `invoke`
//! ```

use crate::inline::{self, Blocked};
use crate::machine::INLINE_ENGINE;
use crate::run::entry;
use packwright_core::model::{HandlerKind, Manifest};
use packwright_core::source::PackSource;
use std::collections::BTreeMap;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, CodeSection, Component, ComponentAliasSection, ComponentBuilder,
    ComponentExportKind, ComponentExportSection, ComponentInstanceSection, ComponentTypeRef, ComponentTypeSection,
    ComponentValType, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection, InstanceSection,
    InstanceType, MemorySection, MemoryType, Module, ModuleArg, ModuleSection, PrimitiveValType, TypeSection, ValType,
};

/// Where the component lies in a published pack.
pub const PATH: &str = packwright_core::artifact::INLINE_COMPONENT;
const SOURCE: &str = "packwright:engine/source@0.1.0";
const HOST: &str = "packwright:engine/host@0.1.0";

/// All inline handlers of a pack as one component; `None` when it has none.
pub fn bundle(pack: &dyn PackSource, manifest: &Manifest) -> Result<Option<Vec<u8>>, Blocked> {
    let inline = manifest.tools.iter().filter_map(|tool| {
        let handler = tool.handler.as_ref().filter(|handler| handler.kind == HandlerKind::Inline)?;
        Some((tool.name.clone(), entry(tool, handler)))
    });
    let tools: BTreeMap<_, _> = inline.collect();
    if tools.is_empty() {
        return Ok(None);
    }
    Ok(Some(compose(&inline::collect(pack, tools)?)))
}

fn compose(text: &str) -> Vec<u8> {
    let mut whole = ComponentBuilder::default();
    let host_type = whole.type_instance(None, &host_type());
    let host = whole.import(HOST, ComponentTypeRef::Instance(host_type));
    let data = whole.component_raw(None, &data(text).finish());
    let data = whole.instantiate(None, data, Vec::<(&str, ComponentExportKind, u32)>::new());
    let source = whole.alias_export(data, SOURCE, ComponentExportKind::Instance);
    let engine = whole.component_raw(None, INLINE_ENGINE);
    let given = [(SOURCE, ComponentExportKind::Instance, source), (HOST, ComponentExportKind::Instance, host)];
    let engine = whole.instantiate(None, engine, given);
    let invoke = whole.alias_export(engine, "invoke", ComponentExportKind::Func);
    whole.export("invoke", ComponentExportKind::Func, invoke, None);
    whole.finish()
}

/// The interface `host` of `engine/wit/engine.wit`.
fn host_type() -> InstanceType {
    let mut host = InstanceType::new();
    let functions: [(&str, &[&str], PrimitiveValType); 4] = [
        ("call", &["name", "request"], PrimitiveValType::String),
        ("now", &[], PrimitiveValType::U64),
        ("random", &[], PrimitiveValType::U64),
        ("interrupted", &[], PrimitiveValType::Bool),
    ];
    for (name, parameters, answer) in functions {
        let index = host.type_count();
        host.ty()
            .function()
            .params(parameters.iter().map(|parameter| (*parameter, ComponentValType::Primitive(PrimitiveValType::String))))
            .result(Some(ComponentValType::Primitive(answer)));
        host.export(name, ComponentTypeRef::Func(index));
    }
    host
}

/// A component without imports whose `source` is this text.
fn data(text: &str) -> Component {
    let module = data_module(text);
    let mut core_instances = InstanceSection::new();
    core_instances.instantiate(0, Vec::<(&str, ModuleArg)>::new());
    let mut aliases = ComponentAliasSection::new();
    for (name, kind) in [("memory", ExportKind::Memory), ("get", ExportKind::Func)] {
        aliases.alias(Alias::CoreInstanceExport { instance: 0, kind, name });
    }
    let mut types = ComponentTypeSection::new();
    let text_type = ComponentValType::Primitive(PrimitiveValType::String);
    types.function().params(Vec::<(&str, ComponentValType)>::new()).result(Some(text_type));
    let mut lifted = CanonicalFunctionSection::new();
    lifted.lift(0, 0, [CanonicalOption::UTF8, CanonicalOption::Memory(0)]);
    let mut instances = ComponentInstanceSection::new();
    instances.export_items([("get", ComponentExportKind::Func, 0)]);
    let mut exports = ComponentExportSection::new();
    exports.export(SOURCE, ComponentExportKind::Instance, 0, None);

    let mut component = Component::new();
    component.section(&ModuleSection(&module)).section(&core_instances).section(&aliases).section(&types);
    component.section(&lifted).section(&instances).section(&exports);
    component
}

/// Memory: the text's place and length at 0, the text at 8. `get` gives the address of the first.
fn data_module(text: &str) -> Module {
    const TEXT_AT: u32 = 8;
    const PAGE: u64 = 65_536;
    let length = u32::try_from(text.len()).expect("a pack has at most 100 MB");
    let mut memory: Vec<u8> = [TEXT_AT.to_le_bytes(), length.to_le_bytes()].concat();
    memory.extend_from_slice(text.as_bytes());

    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    let pages = (memory.len() as u64).div_ceil(PAGE);
    memories.memory(MemoryType { minimum: pages, maximum: Some(pages), memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("get", ExportKind::Func, 0);
    let mut get = Function::new([]);
    get.instructions().i32_const(0).end();
    let mut code = CodeSection::new();
    code.function(&get);
    let mut contents = DataSection::new();
    contents.active(0, &ConstExpr::i32_const(0), memory);

    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&exports).section(&code).section(&contents);
    module
}
