//! What the rules and the editor need to know of a handler: its faults, and what it gives away, asks for and reaches for.

use super::script::{TAKE_APART, TOO_DEEP};
use super::{room, script};
use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, BindingIdentifier, BindingPattern, CallExpression, Declaration, ExportDefaultDeclaration,
    ExportDefaultDeclarationKind, Expression, FormalParameter, IdentifierReference, ImportDeclaration,
    ImportDeclarationSpecifier, ImportExpression, ImportOrExportKind, ModuleExportName, NewExpression, ObjectProperty, Program,
    PropertyDefinition, Statement, StringLiteral, TSTypeName, TSTypeQueryExprName, TemplateElement, TryStatement,
    UnaryExpression, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use packwright_core::languages::{Address, Export, FOREIGN, Import, Languages, ScriptFault, ScriptOutline, Word};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Most faults of one file: past them it is no program.
const MOST_FAULTS: usize = 20;

/// Largest file that is read: a handler is written by hand, or bundled into some hundred kilobytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// Reads TypeScript and JavaScript as the engine that runs them does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scripts;

impl Languages for Scripts {
    fn outline(&self, path: &str, text: &str) -> Option<ScriptOutline> {
        let known = matches!(path.rsplit('.').next()?, "ts" | "mts" | "js" | "mjs");
        if !known || text.len() > LARGEST {
            return None;
        }
        if !room::is_bounded(text) {
            // What is only long may run: nothing is said of it. The other would be refused.
            let fault = || ScriptFault { span: 0..0, message: TOO_DEEP.to_owned(), hint: Some(TAKE_APART.to_owned()) };
            return room::is_too_deep(text).then(|| ScriptOutline { faults: vec![fault()], ..ScriptOutline::default() });
        }
        room::with_room(text, || outline(path, text))
    }
}

fn outline(path: &str, text: &str) -> ScriptOutline {
    let allocator = Allocator::default();
    let parsed = script::parse(&allocator, path, text);
    let mut outline = ScriptOutline::default();
    for found in parsed.diagnostics.iter().take(MOST_FAULTS) {
        let span = found.labels.iter().next().map_or(0..0, |label| {
            let start = (label.offset() as usize).min(text.len());
            start..start.saturating_add(label.len() as usize).min(text.len())
        });
        let hint = found.help.as_deref().map(str::to_owned);
        outline.faults.push(ScriptFault { span: whole(text, &span), message: found.message.to_string(), hint });
    }
    if outline.faults.is_empty() {
        for (span, message, hint) in script::refused(text, &parsed.program).into_iter().take(MOST_FAULTS) {
            // A namespace of a hundred lines is shown by its first.
            let span = first_line(text, &bytes(span));
            outline.faults.push(ScriptFault { span, message: message.to_owned(), hint: Some(hint.to_owned()) });
        }
    }
    outline.faults.sort_by_key(|fault| fault.span.start);
    outline.exports = exports(&parsed.program);
    let mut reading = Reading { text, ..Reading::default() };
    reading.visit_program(&parsed.program);
    // What the module makes itself, or asks for before it uses it, is no slip.
    reading.foreign.retain(|name| !reading.made.contains(&name.word));
    outline.imports = reading.imports;
    outline.addresses = reading.addresses;
    outline.errors = reading.errors;
    outline.secrets = reading.secrets;
    outline.foreign = reading.foreign;
    outline
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// A place on whole characters.
fn whole(text: &str, span: &Range<usize>) -> Range<usize> {
    text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end)
}

fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let line = text.get(span.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
    span.start..span.start + line.len()
}

/// What a module gives away, but for what it passes on in full.
fn exports(program: &Program<'_>) -> Vec<Export> {
    let locals = locals(program);
    let mut exports = Vec::new();
    let mut add = |name: &str, span: Span, function: bool| {
        // Of overloads, and of a function and its types, one is enough.
        if !exports.iter().any(|export: &Export| export.name == name) {
            exports.push(Export { name: name.to_owned(), span: bytes(span), function });
        }
    };
    for statement in &program.body {
        match statement {
            Statement::ExportDeclaration(export) => declared(&export.declaration, &mut add),
            Statement::ExportNamedDeclaration(export) if export.export_kind == ImportOrExportKind::Value => {
                for one in export.specifiers.iter().filter(|one| one.export_kind == ImportOrExportKind::Value) {
                    let function = locals.get(one.local.name().as_str()).copied().unwrap_or(true);
                    add(&one.exported.name(), name_span(&one.exported), function);
                }
            }
            Statement::ExportFromDeclaration(export) if export.export_kind == ImportOrExportKind::Value => {
                for one in export.specifiers.iter().filter(|one| one.export_kind == ImportOrExportKind::Value) {
                    add(&one.exported.name(), name_span(&one.exported), true);
                }
            }
            Statement::ExportAllDeclaration(export) if export.export_kind == ImportOrExportKind::Value => {
                if let Some(name) = &export.exported {
                    add(&name.name(), name_span(name), false);
                }
            }
            Statement::ExportDefaultDeclaration(export) => {
                if let Some((span, function)) = default(export, &locals) {
                    add("default", span, function);
                }
            }
            _ => {}
        }
    }
    exports
}

fn name_span(name: &ModuleExportName<'_>) -> Span {
    name.span()
}

/// Names of the module itself, and whether each can be called.
fn locals(program: &Program<'_>) -> HashMap<String, bool> {
    let mut locals = HashMap::new();
    let mut add = |name: &str, _: Span, function: bool| {
        locals.entry(name.to_owned()).or_insert(function);
    };
    for statement in &program.body {
        if let Some(declaration) = statement.as_declaration() {
            declared(declaration, &mut add);
        } else if let Statement::ExportDeclaration(export) = statement {
            declared(&export.declaration, &mut add);
        }
    }
    locals
}

/// The values that a declaration names.
fn declared(declaration: &Declaration<'_>, add: &mut impl FnMut(&str, Span, bool)) {
    match declaration {
        Declaration::FunctionDeclaration(function) if !function.declare && function.body.is_some() => {
            if let Some(id) = &function.id {
                add(&id.name, id.span, true);
            }
        }
        Declaration::ClassDeclaration(class) if !class.declare => {
            if let Some(id) = &class.id {
                add(&id.name, id.span, false);
            }
        }
        Declaration::VariableDeclaration(variables) if !variables.declare => {
            for variable in &variables.declarations {
                let plain = matches!(variable.id, BindingPattern::BindingIdentifier(_));
                let function = !plain || variable.init.as_ref().is_none_or(may_be_called);
                for id in variable.id.get_binding_identifiers() {
                    add(&id.name, id.span, function);
                }
            }
        }
        // An enum is refused, and told so.
        Declaration::TSEnumDeclaration(declaration) if !declaration.declare => {
            add(&declaration.id.name, declaration.id.span, false);
        }
        _ => {}
    }
}

fn default(export: &ExportDefaultDeclaration<'_>, locals: &HashMap<String, bool>) -> Option<(Span, bool)> {
    let function = match &export.declaration {
        ExportDefaultDeclarationKind::FunctionDeclaration(function) => function.body.as_ref().map(|_| true)?,
        ExportDefaultDeclarationKind::ClassDeclaration(_) => false,
        ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return None,
        ExportDefaultDeclarationKind::Identifier(name) => locals.get(name.name.as_str()).copied().unwrap_or(true),
        other => other.as_expression().is_none_or(may_be_called),
    };
    // `default` itself: it stands between the statement's beginning and what it gives away.
    let start = export.span.start + u32::try_from("export ".len()).unwrap_or_default();
    Some((Span::new(start, (start + 7).min(export.declaration.span().start.max(start))), function))
}

/// False for a value that is certainly no function.
fn may_be_called(value: &Expression<'_>) -> bool {
    !matches!(
        value.get_inner_expression(),
        Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::TemplateLiteral(_)
            | Expression::ObjectExpression(_)
            | Expression::ArrayExpression(_)
            | Expression::ClassExpression(_)
            | Expression::BinaryExpression(_)
            | Expression::UnaryExpression(_)
            | Expression::UpdateExpression(_)
    )
}

/// Functions whose argument is an address that is asked.
const ASKS: &[&str] = &["fetch", "get", "post", "put", "patch", "delete", "head", "options", "request", "send", "URL", "Request"];

/// Parts of names that hold an address to ask, and parts of those that hold one to show.
const BASES: &[&str] = &["base", "url", "api", "endpoint", "host", "root", "server", "service"];
const SHOWN: &[&str] = &["doc", "link", "home", "page", "help", "web", "site", "icon", "image", "cover", "public", "schema"];

/// Walks a program for what it imports and for the addresses that it asks.
#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    imports: Vec<Import>,
    addresses: Vec<Address>,
    errors: Vec<Word>,
    secrets: Vec<Word>,
    foreign: Vec<Word>,
    /// Names of [`FOREIGN`] that the module binds, or asks the kind of.
    made: HashSet<String>,
    /// How many `try` it is in: what fails there is caught.
    tried: usize,
}

impl Reading<'_> {
    fn import(&mut self, source: &StringLiteral<'_>, types_only: bool, passed_on: bool, names: Vec<Word>) {
        let span = self.between_quotes(source);
        self.imports.push(Import { from: source.value.to_string(), span, types_only, passed_on, names });
    }

    /// What stands between a text's quotes, as it is written.
    fn between_quotes(&self, text: &StringLiteral<'_>) -> Range<usize> {
        let span = bytes(text.span);
        whole(self.text, &if span.len() >= 2 { span.start + 1..span.end - 1 } else { span })
    }

    fn word(&self, word: &str, span: Span) -> Word {
        Word { word: word.to_owned(), span: whole(self.text, &bytes(span)) }
    }

    /// Notes a secret that a text names: `${secrets["name"]}`, which is a reference in a text and no code.
    fn secrets_of(&mut self, text: &str, span: &Range<usize>) {
        for reference in text.split("${secrets[").skip(1) {
            let name = reference.strip_prefix(['"', '\'']).and_then(|rest| rest.split_once("]}")).map(|(name, _)| name);
            if let Some(name) = name.and_then(|name| name.strip_suffix(['"', '\''])) {
                self.secrets.push(Word { word: name.to_owned(), span: span.clone() });
            }
        }
    }

    /// Takes the addresses that a value may be. `goes_on` says that something is written behind it.
    fn addresses_of(&mut self, value: &Expression<'_>, goes_on: bool) {
        match value.get_inner_expression() {
            Expression::StringLiteral(literal) => {
                let span = bytes(literal.span);
                let start = span.start + 1;
                self.address(&literal.value, start..span.end.saturating_sub(1).max(start), goes_on);
            }
            Expression::TemplateLiteral(template) => {
                let Some(first) = template.quasis.first() else { return };
                self.address(&first.value.raw, bytes(first.span), goes_on || !template.expressions.is_empty());
            }
            Expression::BinaryExpression(sum) => self.addresses_of(&sum.left, true),
            Expression::LogicalExpression(either) => {
                self.addresses_of(&either.left, goes_on);
                self.addresses_of(&either.right, goes_on);
            }
            Expression::ConditionalExpression(either) => {
                self.addresses_of(&either.consequent, goes_on);
                self.addresses_of(&either.alternate, goes_on);
            }
            _ => {}
        }
    }

    fn address(&mut self, url: &str, span: Range<usize>, goes_on: bool) {
        let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else { return };
        // What follows may be the rest of the host's name.
        if !goes_on || rest.contains(['/', '?', '#']) {
            self.addresses
                .push(Address { url: url.to_owned(), span: whole(self.text, &(span.start..span.end.min(self.text.len()))) });
        }
    }

    fn arguments(&mut self, callee: &Expression<'_>, arguments: &[Argument<'_>]) {
        let name = match callee.get_inner_expression() {
            Expression::Identifier(name) => name.name.as_str(),
            Expression::StaticMemberExpression(member) => member.property.name.as_str(),
            _ => return,
        };
        if name == "error"
            && let Expression::StaticMemberExpression(member) = callee.get_inner_expression()
            && matches!(&member.object, Expression::Identifier(object) if object.name == "host")
            && let Some(Expression::StringLiteral(code)) = arguments.first().and_then(Argument::as_expression)
        {
            self.errors.push(Word { word: code.value.to_string(), span: self.between_quotes(code) });
        }
        if ASKS.contains(&name)
            && let Some(first) = arguments.first().and_then(Argument::as_expression)
        {
            self.addresses_of(first, false);
        }
    }
}

/// True for a name that says that what it holds is asked.
fn holds_a_base(name: &str) -> bool {
    let name = name.to_lowercase();
    BASES.iter().any(|part| name.contains(part)) && !SHOWN.iter().any(|part| name.contains(part))
}

impl<'a> Visit<'a> for Reading<'_> {
    fn visit_statement(&mut self, statement: &Statement<'a>) {
        match statement {
            Statement::ExportAllDeclaration(export) => {
                let types = export.export_kind.is_type();
                self.import(&export.source, types, !types && export.exported.is_none(), Vec::new());
            }
            Statement::ExportFromDeclaration(export) => {
                let types = export.export_kind.is_type()
                    || (!export.specifiers.is_empty() && export.specifiers.iter().all(|one| one.export_kind.is_type()));
                let taken = export.specifiers.iter().filter(|one| !types && !one.export_kind.is_type());
                let names = taken.map(|one| self.word(&one.local.name(), one.local.span())).collect();
                self.import(&export.source, types, false, names);
            }
            _ => {}
        }
        walk::walk_statement(self, statement);
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        let only_types = import.specifiers.as_ref().is_some_and(|specifiers| {
            !specifiers.is_empty()
                && specifiers
                    .iter()
                    .all(|one| matches!(one, ImportDeclarationSpecifier::ImportSpecifier(one) if one.import_kind.is_type()))
        });
        let types = import.import_kind.is_type() || only_types;
        let taken = import.specifiers.iter().flatten().filter(|_| !types).filter_map(|one| match one {
            ImportDeclarationSpecifier::ImportSpecifier(one) if !one.import_kind.is_type() => {
                Some(self.word(&one.imported.name(), one.imported.span()))
            }
            ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => Some(self.word("default", one.local.span)),
            _ => None,
        });
        let names = taken.collect();
        self.import(&import.source, types, false, names);
        walk::walk_import_declaration(self, import);
    }

    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        let span = self.between_quotes(text);
        self.secrets_of(&text.value, &span);
    }

    fn visit_template_element(&mut self, text: &TemplateElement<'a>) {
        if let Some(value) = &text.value.cooked {
            self.secrets_of(value, &whole(self.text, &bytes(text.span)));
        }
    }

    fn visit_binding_identifier(&mut self, name: &BindingIdentifier<'a>) {
        if FOREIGN.contains(&name.name.as_str()) {
            self.made.insert(name.name.to_string());
        }
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        if self.tried == 0 && FOREIGN.contains(&name.name.as_str()) {
            let word = self.word(&name.name, name.span);
            self.foreign.push(word);
        }
    }

    /// Names of types are nobody's values.
    fn visit_ts_type_name(&mut self, _: &TSTypeName<'a>) {}

    fn visit_ts_type_query_expr_name(&mut self, _: &TSTypeQueryExprName<'a>) {}

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator.is_typeof()
            && let Expression::Identifier(name) = &unary.argument
        {
            self.made.insert(name.name.to_string());
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_try_statement(&mut self, tried: &TryStatement<'a>) {
        let caught = usize::from(tried.handler.is_some());
        self.tried += caught;
        self.visit_block_statement(&tried.block);
        self.tried -= caught;
        if let Some(handler) = &tried.handler {
            self.visit_catch_clause(handler);
        }
        if let Some(last) = &tried.finalizer {
            self.visit_block_statement(last);
        }
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::StringLiteral(source) = &import.source {
            self.import(source, false, false, Vec::new());
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.arguments(&call.callee, &call.arguments);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.arguments(&new.callee, &new.arguments);
        walk::walk_new_expression(self, new);
    }

    fn visit_variable_declarator(&mut self, variable: &VariableDeclarator<'a>) {
        if let (BindingPattern::BindingIdentifier(name), Some(value)) = (&variable.id, &variable.init)
            && holds_a_base(&name.name)
        {
            self.addresses_of(value, false);
        }
        walk::walk_variable_declarator(self, variable);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        if let (BindingPattern::BindingIdentifier(name), Some(value)) = (&parameter.pattern, &parameter.initializer)
            && holds_a_base(&name.name)
        {
            self.addresses_of(value, false);
        }
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        if let (Some(name), Some(value)) = (property.key.static_name(), &property.value)
            && holds_a_base(&name)
        {
            self.addresses_of(value, false);
        }
        walk::walk_property_definition(self, property);
    }

    /// Of an object, `url` is as often shown as asked: an answer's link, say.
    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        if let Some(name) = property.key.static_name()
            && holds_a_base(&name)
            && !name.to_lowercase().ends_with("url")
        {
            self.addresses_of(&property.value, false);
        }
        walk::walk_object_property(self, property);
    }
}

#[cfg(test)]
mod tests;
