//! What is published of inline handlers is what ran here: the composed component, called by a host that knows nothing of us.

use packwright_core::model::Manifest;
use packwright_core::source::MemoryPack;
use packwright_sandbox::bundle;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

const MANIFEST: &str = "name: t\ntools:\n  - {name: double, handler: handlers/double.ts}\n  - {name: fail, handler: handlers/fail.js}\n  - {name: built, handler: components/x.wasm}\n";

fn pack() -> MemoryPack {
    MemoryPack::new([
        (
            "handlers/double.ts",
            "import { two } from './two';\nexport const double = async (input: { n: number }) => { console.log('doubling'); return input.n * two; };",
        ),
        ("handlers/two.ts", "export const two: number = 2;"),
        ("handlers/fail.js", "export function fail(input, host) { throw host.error('not_found', 'no'); }"),
    ])
}

#[test]
fn the_published_component_answers_as_the_studio_does() {
    let manifest = Manifest::read(MANIFEST).unwrap();
    let bytes = bundle(&pack(), &manifest).unwrap().expect("the pack has inline handlers");
    assert_eq!(bundle(&pack(), &manifest).unwrap().as_ref(), Some(&bytes), "the same bytes every time");

    let engine = Engine::default();
    let component = Component::new(&engine, &bytes).expect("it is a valid component");
    let imports: Vec<String> = component.component_type().imports(&engine).map(|(name, _)| name.to_owned()).collect();
    assert_eq!(imports, ["packwright:engine/host@0.1.0"], "it asks for the host and nothing else");
    let mut linker: Linker<Vec<String>> = Linker::new(&engine);
    let mut host = linker.instance("packwright:engine/host@0.1.0").unwrap();
    host.func_wrap("call", |mut context: wasmtime::StoreContextMut<'_, Vec<String>>, (name, request): (String, String)| {
        context.data_mut().push(format!("{name} {request}"));
        Ok(("{\"ok\": null}".to_owned(),))
    })
    .unwrap();
    host.func_wrap("now", |_, ()| Ok((0u64,))).unwrap();
    host.func_wrap("random", |_, ()| Ok((0u64,))).unwrap();
    host.func_wrap("interrupted", |_, ()| Ok((false,))).unwrap();
    let call = |tool: &str, input: &str| {
        let mut store = Store::new(&engine, Vec::new());
        let instance = linker.instantiate(&mut store, &component).unwrap();
        let invoke = instance.get_typed_func::<(&str, &str), (Result<String, String>,)>(&mut store, "invoke").unwrap();
        let answer = invoke.call(&mut store, (tool, input)).unwrap().0;
        (answer, store.into_data())
    };
    let (answer, asked) = call("double", r#"{"n": 21}"#);
    assert_eq!(answer, Ok("42".to_owned()));
    assert_eq!(asked, [r#"log {"level":"info","text":"doubling"}"#]);
    let (answer, _) = call("fail", "{}");
    let error = answer.unwrap_err();
    assert!(error.contains(r#""code":"not_found""#) && error.contains("handlers/fail.js:1"), "{error}");
    assert!(call("built", "{}").0.unwrap_err().contains("no inline tool"));
}

#[test]
fn a_pack_without_inline_handlers_has_no_component() {
    assert_eq!(bundle(&pack(), &Manifest::read("name: t\n").unwrap()).unwrap(), None);
    let broken = MemoryPack::new([("handlers/double.ts", "let = ="), ("handlers/fail.js", "")]);
    assert!(bundle(&broken, &Manifest::read(MANIFEST).unwrap()).is_err());
}
