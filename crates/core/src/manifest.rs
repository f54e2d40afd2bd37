//! The manifest as types: every key that the format has, what it is for, and where its value stands.
//!
//! These declarations are the format's source. The tables of [`crate::shape`], what editors show and complete, and the JSON Schema
//! that `packwright schema` prints are made from them. Reading never fails: a field that is missing or of another kind is
//! `None`, and the rules say so. What running and publishing need of it is in [`crate::model`].

pub mod typed;

use crate::shape::{CATEGORIES, CREDENTIAL_KINDS, HANDLER_KINDS, KINDS, LeadsTo, METHODS, RETRIES, TARGETS, TRIGGER_EVENTS};
use crate::yaml::Node;
use typed::{Either, List, Number, SchemaAt, Table, Word, records};

records! {
    /// A pack's manifest, `pack.yaml`: what the pack is called, what it can do, and what it may reach.
    Manifest "the manifest" {
        /// The pack's name: 1 to 63 of a–z, 0–9 and `-`. It becomes a folder, a registry path and part of an address. A pack has this or `pack_id`.
        name: Word => pattern("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"), example("my-pack");
        /// Greentic's id, parts joined by dots. With it `name` is free text, and the pack is called by the id's last part.
        pack_id: String => pattern("^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$"), example("dev.acme.notes");
        /// Whose the pack is. The full id is `publisher.name`, and the registry's folder is named after it.
        publisher: String => example("acme");
        /// A semantic version. Left out, it is made from the content: `sha-` and twelve digits of the source digest.
        version: Word => example("0.1.0");
        /// What the pack is to a platform that tells kinds apart.
        kind: String => one_of(KINDS), usual("application");
        /// The name for people.
        display_name: Word;
        /// What an agent can do with the pack, in a sentence. It stands in the catalogue and in the agent's prompt.
        description: String;
        /// Where catalogues list the pack.
        category: String => one_of(CATEGORIES), usual("general");
        /// An SPDX expression: `Apache-2.0`, `MIT OR Apache-2.0`.
        license: String => example("Apache-2.0");
        /// A picture in the pack.
        icon: String => leads_to(LeadsTo::Icon);
        /// Names of packs that go well with this one.
        suggested_packs: Either<String, List<String>>;
        /// What a model can call.
        tools: List<Tool>;
        /// Secrets that the pack's operator is asked for. Handlers never see them: the host puts them into requests.
        credentials: List<Credential>;
        /// What the pack may reach over the network. Nothing, unless a rule here allows it.
        capabilities: List<Capability>;
        /// The pack's own database.
        storage: Storage;
        /// Pages that a platform may show.
        views: List<View>;
        /// Flows that the pack brings.
        workflows: List<Workflow>;
        /// What starts a tool or a workflow without a call.
        triggers: List<Trigger>;
        /// Data of other systems, by the system's key. `greentic.ext.capabilities.v1` holds the pack's contracts.
        extensions: Table<Extension>;
        /// What differs for one platform, by the platform's name.
        targets: Table<Table<Node>> => one_of(TARGETS);
        /// Greentic's components.
        components: List<Component>;
        /// Greentic's flows.
        flows: List<Flow>;
        /// Packs that this one needs, as Greentic writes it.
        dependencies: List<Dependency>;
        /// Greentic's assets. All that lies in `assets/` is part of the pack without being named here.
        assets: List<Asset>;
        /// Greentic's flows for installing and upgrading.
        bootstrap: Bootstrap;
        /// Greentic's agents, by id.
        agents: Node;
    }

    /// A tool: something that a model can call, with a schema for what goes in and what comes out.
    Tool "a tool" {
        /// What the tool is called by: 1 to 128 of A–Z, a–z, 0–9, `_`, `.` and `-`. A good name says what it does: `search_books`.
        name: String => required(), pattern("^[A-Za-z0-9_.-]{1,128}$"), example("search_books");
        /// The name for people.
        title: String;
        /// What the tool does, when to use it and what it returns. Models choose by this text.
        description: String;
        /// The JSON Schema of the arguments: a path below `schemas/`, or the schema itself.
        input: SchemaAt => required(), leads_to(LeadsTo::Schema);
        /// The JSON Schema of the answer: a path below `schemas/`, or the schema itself.
        output: SchemaAt => leads_to(LeadsTo::Schema);
        /// What answers the calls: `handlers/name.ts`, or a `.wasm` file, or a mapping that says how it is run.
        handler: Either<String, Handler> => leads_to(LeadsTo::Handler);
        /// What a call does to the world. Agents ask before they call what is destructive.
        annotations: Annotations;
        /// Error codes of the tool's own, on top of the built-in ones.
        errors: List<ToolError>;
        /// What one call may use.
        limits: Limits;
        /// Cases that show the tool at work, as `file#name`. Targets that carry examples get these.
        examples: List<String> => leads_to(LeadsTo::Case);
    }

    /// What answers a tool's calls.
    Handler "a handler" {
        /// A file in the pack.
        path: String => required(), leads_to(LeadsTo::Handler);
        /// How it is run: as source, as a WebAssembly component, or as a WASI program. Told from the file's ending when left out.
        kind: String => one_of(HANDLER_KINDS);
        /// The exported function; the tool's own name when left out.
        export: String;
        /// Words for a WASI program's command line.
        args: List<Word>;
        /// How a built handler is made.
        build: Build;
    }

    /// How a built handler is made.
    Build "a build" {
        /// The command, run in the pack's folder.
        command: Either<String, List<Word>>;
        /// What to watch for a new build.
        watch: Node;
    }

    /// What a call does to the world.
    Annotations "a tool's annotations" {
        /// True when a call changes nothing.
        read_only: bool => usual("false");
        /// True when a call may delete or overwrite.
        destructive: bool => usual("true");
        /// True when the same call twice does no more than once.
        idempotent: bool => usual("false");
        /// True when the tool meets things outside the pack: the web, other people.
        open_world: bool => usual("true");
    }

    /// An error code of a tool's own.
    ToolError "a declared error" {
        /// The code, in lower case with `_`.
        code: String => required(), example("not_found");
        /// When it is answered.
        description: String;
        /// Whether calling again can help.
        retry: String => one_of(RETRIES);
    }

    /// What one call may use. Always on: what is left out has a limit too.
    Limits "a tool's limits" {
        /// How long a call may take, in milliseconds; at most 300000.
        timeout_ms: Number => usual("5000");
        /// How much memory it may use, in MB; at most 1024.
        memory_mb: Number => usual("64");
        /// How large its answer may be, in KB; at most 16384.
        output_kb: Number => usual("256");
        /// How many instructions it may use; at most 100000000000.
        fuel: Number => usual("500000000");
    }

    /// A secret that the pack's operator is asked for.
    Credential "a credential" {
        /// What transforms call it by: `${secrets["name"]}`.
        name: String => required();
        /// What is asked for and how it is renewed.
        kind: String => one_of(CREDENTIAL_KINDS);
        /// Where to get it.
        description: String;
        /// True when the pack does not work without it.
        required: bool => usual("false");
    }

    /// A network permission: which requests are allowed, how they are changed, and how many there may be.
    Capability "a capability" {
        /// What the capability is called. Platforms merge by this name.
        name: String => required(), pattern("^[A-Za-z][A-Za-z0-9_-]{0,63}$"), example("openlib-read");
        /// What it is for.
        description: String;
        /// What kind of access it gives.
        kind as "type": String => one_of(&["http"]), usual("http");
        /// Requests that are allowed; everything else is refused.
        allow: List<AllowRule>;
        /// Changes to requests that a rule allowed, in order.
        transforms: List<Transform>;
        /// How much may be used.
        budgets: Budgets;
    }

    /// Requests that are allowed.
    AllowRule "an allow rule" {
        /// What transforms call the rule by.
        name: String;
        /// Hosts, as globs on whole labels: `*.example.org`. A port is written `host:port`.
        domains: List<String> => required();
        /// HTTP methods, in upper case.
        methods: List<String> => required(), one_of(METHODS);
        /// Paths, as globs: `*` within a segment, `**` across. Left out: any.
        paths: List<String>;
        /// Globs that the values of a query must match. Left out: any.
        query: Table<Word>;
        /// A JSON Schema for a JSON body. Left out: any.
        body: Node;
        /// True to allow plain HTTP and private addresses, when `domains` names them.
        allow_insecure: bool => usual("false");
    }

    /// A change to requests that a rule allowed.
    Transform "a transform" {
        /// Names of rules. Left out: every rule of the capability.
        applies_to: List<String> => leads_to(LeadsTo::AllowRule);
        /// How the request proves who it is from: `bearer`, `basic`, `header` or `query`, with `${secrets["name"]}`.
        auth: Auth;
        /// Headers that are set or removed.
        headers: Changes;
        /// Parameters of the query that are set or removed.
        query: Changes;
        /// A change of the path.
        path: PathChange;
        /// Values of a JSON body that are set, by JSON pointer.
        body: Changes;
    }

    /// How a request proves who it is from.
    Auth "an authorization" {
        /// `Authorization: Bearer …`.
        bearer: String => example("${secrets[\"name\"]}");
        /// `Authorization: Basic …`.
        basic: BasicAuth;
        /// A header of its own.
        header: NameValue;
        /// A parameter of the query.
        query: NameValue;
    }

    /// A user and a password.
    BasicAuth "a basic authorization" {
        /// The user's name.
        user: String => required();
        /// The password.
        password: String => required(), example("${secrets[\"name\"]}");
    }

    /// A name and the value behind it.
    NameValue "a name and a value" {
        /// The header's or parameter's name.
        name: String => required();
        /// Its value.
        value: String => required(), example("${secrets[\"name\"]}");
    }

    /// What is set and what is removed.
    Changes "a set of changes" {
        /// Names and their new values.
        set: Table<Node>;
        /// Names that are taken out.
        remove: List<String>;
    }

    /// A change of the path.
    PathChange "a change of the path" {
        /// What is put before it.
        prefix: String;
    }

    /// How much a capability may be used.
    Budgets "budgets" {
        /// In one run.
        per_task: Budget;
        /// In one session.
        per_workspace: Budget;
    }

    /// How much may be used.
    Budget "a budget" {
        /// How many requests.
        requests: Number;
        /// How many bytes, with a unit: `50MB`.
        bytes: Word => example("50MB");
    }

    /// The pack's own database.
    Storage "the storage" {
        /// A folder with `NNNN-name.sql` files, run in order before the first call.
        migrations: String => leads_to(LeadsTo::Migrations), example("migrations/");
    }

    /// A page that a platform may show.
    View "a view" {
        /// What it is called by.
        id: String => required();
        /// What people read.
        title: String;
        /// A JSON or HTML file below `views/`.
        source: String => leads_to(LeadsTo::View);
    }

    /// A flow that the pack brings.
    Workflow "a workflow" {
        /// What it is called by.
        id: String => required();
        /// A file below `flows/`.
        file: String => leads_to(LeadsTo::Flow);
    }

    /// What starts a tool or a workflow without a call.
    Trigger "a trigger" {
        /// What it is called by.
        id: String => required();
        /// What sets it off.
        on: String => one_of(TRIGGER_EVENTS);
        /// The tool that it runs.
        tool: String => leads_to(LeadsTo::Tool);
        /// The workflow that it runs.
        workflow: String => leads_to(LeadsTo::Workflow);
        /// The JSON Schema of what arrives.
        input: SchemaAt => leads_to(LeadsTo::Schema);
        /// How what arrives proves where it is from: `hmac: ${secrets["name"]}`.
        verify: Table<Node>;
        /// When a timer goes off, as cron writes it.
        schedule: String => example("0 8 * * *");
    }

    /// Data of another system.
    Extension "an extension" {
        /// The extension's key once more.
        kind: String => required();
        /// The version of its form.
        version: Word => required();
        /// The digest of what lies at `location`.
        digest: String;
        /// Where the data is, when it is not here.
        location: String;
        /// The data itself.
        inline: Node;
    }

    /// A component of Greentic's.
    Component "a component" {
        /// What flows call it by.
        id: String => required();
        /// Its version.
        version: Word => required();
        /// The WIT world that it implements.
        world: String => required();
        /// A file below `components/`.
        wasm: String => required(), leads_to(LeadsTo::Component);
        /// What kinds of flow it serves.
        supports: Node;
        /// Its profiles.
        profiles: Node => required();
        /// What it may use.
        capabilities: Node => required();
        /// Its operations and their schemas.
        operations: Node;
        /// The schema of its configuration.
        config_schema: Node;
        /// What it may use up.
        resources: Node;
        /// Flows that configure it.
        configurators: Node;
    }

    /// A flow of Greentic's.
    Flow "a flow" {
        /// What it is called by.
        id: String => required();
        /// A file below `flows/`.
        file: String => required(), leads_to(LeadsTo::Flow);
        /// Words to find it by.
        tags: List<String>;
        /// Where it can be entered.
        entrypoints: List<String>;
    }

    /// A pack that this one needs.
    Dependency "a dependency" {
        /// What flows call it by.
        alias: String => required();
        /// The pack's id.
        pack_id: String => required();
        /// Which versions will do.
        version_req: Word => required();
        /// What it must offer.
        required_capabilities: Node;
    }

    /// A file that goes along.
    Asset "an asset" {
        /// Its path, from `assets/`.
        path: String => required(), leads_to(LeadsTo::Asset);
    }

    /// Flows for installing and upgrading.
    Bootstrap "the bootstrap" {
        /// The flow that installs.
        install_flow: String;
        /// The flow that upgrades.
        upgrade_flow: String;
        /// The component that installs.
        installer_component: String;
    }
}
