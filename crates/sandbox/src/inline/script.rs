//! One file of an inline handler: read, its types blanked, its imports listed.
//!
//! Types are replaced by spaces, never removed: every other character keeps its line and column, so that an error in the engine
//! names the author's place without a map. What TypeScript makes code of (enums, namespaces, parameter properties) cannot be blanked
//! and is an error.

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    ArrowFunctionExpression, Class, ClassElement, Declaration, Decorator, ExportDefaultDeclarationKind, ExportSpecifier,
    Expression, FormalParameter, ImportDeclarationSpecifier, ImportExpression, ImportSpecifier, Program, PropertyDefinitionType,
    PropertyKey, Statement, StringLiteral, TSAsExpression, TSClassImplements, TSEnumDeclaration, TSImportEqualsDeclaration,
    TSNamespaceDeclaration, TSNonNullExpression, TSSatisfiesExpression, TSThisParameter, TSTypeAnnotation, TSTypeAssertion,
    TSTypeParameterDeclaration, TSTypeParameterInstantiation, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::{Parser, ParserReturn};
use oxc_span::{GetSpan, SourceType, Span};
use packwright_core::text::Text;

use super::room;

/// A file that the engine can load.
#[derive(Debug, PartialEq, Eq)]
pub struct Script {
    /// JavaScript, with the author's lines and columns.
    pub code: String,
    /// What it imports, as written, types left out.
    pub imports: Vec<String>,
}

/// Why a file cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    pub message: String,
    pub hint: String,
    /// Counted from 1.
    pub line: u32,
    pub column: u32,
}

/// What is said of a file that is not read because of its depth, and what to do.
pub(super) const TOO_DEEP: &str = "this nests deeper than there is room for";
pub(super) const TAKE_APART: &str = "Take it apart into smaller functions.";

/// Reads a file; the ending of its name says which language it is in.
pub fn read(path: &str, text: &str) -> Result<Script, ScriptError> {
    room::with_room(text, || {
        let allocator = Allocator::default();
        let parsed = parse(&allocator, path, text);
        if let Some(found) = parsed.diagnostics.iter().next() {
            let at = found.labels.iter().next().map_or(0, |label| label.offset() as usize);
            let hint = found.help.as_deref().unwrap_or("Mend the text at this place; nothing was run.");
            return Err(error_at(text, at, found.message.as_ref(), hint));
        }
        let blanks = blanks(text, &parsed.program);
        if let Some((span, message, hint)) = blanks.faults.first() {
            return Err(error_at(text, span.start as usize, message, hint));
        }
        let code = String::from_utf8(blanks.out).expect("characters are blanked whole");
        Ok(Script { code, imports: blanks.imports })
    })
    .unwrap_or_else(|| Err(error_at(text, 0, TOO_DEEP, TAKE_APART)))
}

/// A file's tree. The ending of its name says which language it is in.
pub(super) fn parse<'a>(allocator: &'a Allocator, path: &str, text: &'a str) -> ParserReturn<'a> {
    let typed = matches!(path.rsplit('.').next(), Some("ts" | "mts"));
    let language = if typed { SourceType::ts() } else { SourceType::mjs() };
    Parser::new(allocator, text, language.with_module(true)).parse()
}

/// What cannot be blanked in a program that parses: where, why, and what to write instead.
pub(super) fn refused(text: &str, program: &Program<'_>) -> Vec<(Span, &'static str, &'static str)> {
    blanks(text, program).faults
}

fn blanks<'t>(text: &'t str, program: &Program<'_>) -> Blanks<'t> {
    let mut blanks = Blanks { text, out: text.as_bytes().to_vec(), imports: Vec::new(), faults: Vec::new() };
    blanks.visit_program(program);
    blanks
}

fn error_at(text: &str, at: usize, message: &str, hint: &str) -> ScriptError {
    let place = Text::new(text.to_owned()).position(at.min(text.len()));
    ScriptError { message: message.to_owned(), hint: hint.to_owned(), line: place.line, column: place.column }
}

/// Walks a program and blanks what only TypeScript knows.
struct Blanks<'t> {
    text: &'t str,
    out: Vec<u8>,
    imports: Vec<String>,
    faults: Vec<(Span, &'static str, &'static str)>,
}

impl Blanks<'_> {
    /// Spaces for characters, one each; lines stay. Of a character of several bytes the others are dropped at the end: until then
    /// every place in the text is the same place in `out`.
    fn blank(&mut self, span: Span) {
        let start = span.start as usize;
        for (offset, character) in self.text[start..span.end as usize].char_indices() {
            let at = start + offset;
            if !matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}') {
                self.out[at] = b' ';
                self.out[at + 1..at + character.len_utf8()].fill(DROPPED);
            }
        }
    }

    /// Blanks a statement or class element. A semicolon takes its place: what stands around it must not become one.
    fn blank_whole(&mut self, span: Span) {
        self.blank(span);
        self.out[span.start as usize] = b';';
    }

    /// Where a type ended a statement without a semicolon, and the next line would go on with what stands before the type, a semicolon
    /// takes the type's last place.
    fn end_statement(&mut self, span: Span) {
        let end = span.end as usize;
        let blanked = self.out[end - 1] == b' ' && self.text.as_bytes()[end - 1] != b' ';
        let goes_on = |at: usize| self.text[end..at].contains('\n') && b"([`".contains(&self.text.as_bytes()[at]);
        if blanked && self.next_code(end).is_some_and(goes_on) {
            self.out[end - 1] = b';';
        }
    }

    /// Blanks the comma behind a place as well.
    fn blank_with_comma(&mut self, span: Span) {
        self.blank(span);
        if let Some(at) = self.next_code(span.end as usize).filter(|at| self.text.as_bytes()[*at] == b',') {
            self.out[at] = b' ';
        }
    }

    /// The first byte at or behind a place that is no white space and no comment.
    fn next_code(&self, mut at: usize) -> Option<usize> {
        loop {
            let rest = self.text.get(at..)?;
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            if let Some(comment) = trimmed.strip_prefix("//") {
                at += 2 + comment.find('\n')?;
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                at += 4 + comment.find("*/")?;
            } else {
                return (!trimmed.is_empty()).then_some(at);
            }
        }
    }

    /// Blanks `?` or `!` when it comes next.
    fn blank_mark(&mut self, behind: usize) {
        if let Some(at) = self.next_code(behind).filter(|at| matches!(self.text.as_bytes()[*at], b'?' | b'!')) {
            self.out[at] = b' ';
        }
    }

    /// Blanks the words of TypeScript before a class element's key, or before `class`.
    fn blank_modifiers(&mut self, from: u32, to: u32) {
        const WORDS: &[&str] = &["public", "private", "protected", "readonly", "override", "abstract", "declare"];
        let mut at = from as usize;
        while let Some(start) = self.next_code(at).filter(|start| *start < to as usize) {
            let rest = &self.text[start..to as usize];
            let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
            if WORDS.contains(&&rest[..length]) {
                self.out[start..start + length].fill(b' ');
                // `readonly [name]` or `private *all` would go on with the line above.
                if start == from as usize {
                    self.out[start] = b';';
                }
            }
            at = start + length.max(1);
        }
    }

    fn refuse(&mut self, span: Span, message: &'static str, hint: &'static str) {
        self.faults.push((span, message, hint));
    }

    fn import(&mut self, source: &StringLiteral<'_>) {
        self.imports.push(source.value.to_string());
    }

    /// What stands before a key: the decorators are refused, so the element begins with its modifiers.
    fn element(&mut self, span: Span, key: &PropertyKey<'_>, computed: bool) {
        let key = key.span();
        let end =
            if computed { self.next_code(key.end as usize).map_or(key.end as usize, |at| at + 1) } else { key.end as usize };
        self.blank_modifiers(span.start, key.start);
        self.blank_mark(end);
    }
}

/// Marks a byte that is not written out. It is no byte of UTF-8.
const DROPPED: u8 = 0xff;

impl<'a> Visit<'a> for Blanks<'_> {
    fn visit_program(&mut self, program: &Program<'a>) {
        walk::walk_program(self, program);
        self.out.retain(|byte| *byte != DROPPED);
    }

    fn visit_statement(&mut self, statement: &Statement<'a>) {
        let span = statement.span();
        match statement {
            Statement::ImportDeclaration(import) => {
                let only_types = |specifiers: &oxc_allocator::Vec<'_, ImportDeclarationSpecifier<'_>>| {
                    !specifiers.is_empty()
                        && specifiers.iter().all(
                            |one| matches!(one, ImportDeclarationSpecifier::ImportSpecifier(one) if one.import_kind.is_type()),
                        )
                };
                if import.import_kind.is_type() || import.specifiers.as_ref().is_some_and(only_types) {
                    return self.blank_whole(span);
                }
                self.import(&import.source);
            }
            Statement::ExportAllDeclaration(export) => {
                if export.export_kind.is_type() {
                    return self.blank_whole(span);
                }
                self.import(&export.source);
            }
            Statement::ExportFromDeclaration(export) => {
                if export.export_kind.is_type() {
                    return self.blank_whole(span);
                }
                self.import(&export.source);
            }
            Statement::ExportNamedDeclaration(export) if export.export_kind.is_type() => return self.blank_whole(span),
            Statement::ExportDeclaration(export) => {
                if is_type_only(&export.declaration) {
                    return self.blank_whole(span);
                }
            }
            Statement::ExportDefaultDeclaration(export) => match &export.declaration {
                ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return self.blank_whole(span),
                ExportDefaultDeclarationKind::FunctionDeclaration(function) if function.body.is_none() => {
                    return self.blank_whole(span);
                }
                _ => {}
            },
            Statement::TSExportAssignment(_) | Statement::TSNamespaceExportDeclaration(_) => {
                self.refuse(span, "`export =` is not known to the engine", "Write `export function …` or `export default`.");
            }
            other => {
                if other.as_declaration().is_some_and(is_type_only) {
                    return self.blank_whole(span);
                }
            }
        }
        walk::walk_statement(self, statement);
        self.end_statement(span);
    }

    fn visit_ts_type_annotation(&mut self, annotation: &TSTypeAnnotation<'a>) {
        self.blank(annotation.span);
    }

    fn visit_ts_type_parameter_declaration(&mut self, parameters: &TSTypeParameterDeclaration<'a>) {
        self.blank(parameters.span);
    }

    fn visit_ts_type_parameter_instantiation(&mut self, arguments: &TSTypeParameterInstantiation<'a>) {
        self.blank(arguments.span);
    }

    fn visit_ts_as_expression(&mut self, expression: &TSAsExpression<'a>) {
        self.visit_expression(&expression.expression);
        self.blank(Span::new(expression.expression.span().end, expression.span.end));
    }

    fn visit_ts_satisfies_expression(&mut self, expression: &TSSatisfiesExpression<'a>) {
        self.visit_expression(&expression.expression);
        self.blank(Span::new(expression.expression.span().end, expression.span.end));
    }

    fn visit_ts_non_null_expression(&mut self, expression: &TSNonNullExpression<'a>) {
        self.visit_expression(&expression.expression);
        self.blank(Span::new(expression.span.end - 1, expression.span.end));
    }

    fn visit_ts_type_assertion(&mut self, expression: &TSTypeAssertion<'a>) {
        let types = Span::new(expression.span.start, expression.expression.span().start);
        if self.text[types.start as usize..types.end as usize].contains('\n') {
            // Behind `return` the line's end would end the statement.
            self.refuse(
                types,
                "a type in angle brackets before the end of a line cannot be taken out",
                "Write `value as Type` instead.",
            );
        }
        self.blank(types);
        self.visit_expression(&expression.expression);
    }

    fn visit_ts_this_parameter(&mut self, parameter: &TSThisParameter<'a>) {
        self.blank_with_comma(parameter.span);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        if parameter.accessibility.is_some() || parameter.readonly || parameter.r#override {
            self.refuse(
                parameter.span,
                "a parameter that declares a property is code that only TypeScript's compiler writes",
                "Declare the property in the class and set it in the constructor's body.",
            );
        }
        if parameter.optional {
            self.blank_mark(parameter.pattern.span().end as usize);
        }
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if declarator.definite {
            self.blank_mark(declarator.id.span().end as usize);
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        walk::walk_arrow_function_expression(self, arrow);
        // No line may end between `)` and `=>`, nor between `async` and `(`: the bracket moves over the lines of the type.
        let spans_lines = |span: Span| self.text[span.start as usize..span.end as usize].contains('\n');
        if let Some(kind) = arrow.return_type.as_ref().filter(|kind| spans_lines(kind.span)) {
            let close = self.text[..kind.span.start as usize].rfind(')');
            if let Some(close) = close {
                self.out[close] = b' ';
                self.out[kind.span.end as usize - 1] = b')';
            }
        }
        let moves = arrow.type_parameters.as_ref().filter(|parameters| arrow.r#async && spans_lines(parameters.span));
        if let Some(parameters) = moves
            && let Some(open) = self.next_code(parameters.span.end as usize)
        {
            self.out[open] = b' ';
            self.out[parameters.span.start as usize] = b'(';
        }
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        if class.r#abstract {
            let end = class.id.as_ref().map_or(class.body.span.start, |name| name.span.start);
            let text = &self.text[class.span.start as usize..end as usize];
            if let Some(at) = text.find("abstract") {
                let start = class.span.start as usize + at;
                self.out[start..start + "abstract".len()].fill(b' ');
            }
        }
        if let (Some(first), Some(last)) = (class.implements.first(), class.implements.last()) {
            let before = &self.text[..first.span.start as usize];
            let start = before.rfind("implements").unwrap_or(before.len());
            self.blank(Span::new(u32::try_from(start).unwrap_or(first.span.start), last.span.end));
        }
        walk::walk_class(self, class);
    }

    fn visit_ts_class_implements(&mut self, _: &TSClassImplements<'a>) {}

    fn visit_class_element(&mut self, element: &ClassElement<'a>) {
        let span = element.span();
        match element {
            ClassElement::TSIndexSignature(_) => return self.blank_whole(span),
            ClassElement::MethodDefinition(method) => {
                if method.value.body.is_none() {
                    return self.blank_whole(span);
                }
                self.element(span, &method.key, method.computed);
            }
            ClassElement::PropertyDefinition(property) => {
                if property.declare || property.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition {
                    return self.blank_whole(span);
                }
                self.element(span, &property.key, property.computed);
            }
            ClassElement::AccessorProperty(property) => self.element(span, &property.key, property.computed),
            ClassElement::StaticBlock(_) => {}
        }
        walk::walk_class_element(self, element);
    }

    fn visit_import_specifier(&mut self, specifier: &ImportSpecifier<'a>) {
        if specifier.import_kind.is_type() {
            self.blank_with_comma(specifier.span);
        }
    }

    fn visit_export_specifier(&mut self, specifier: &ExportSpecifier<'a>) {
        if specifier.export_kind.is_type() {
            self.blank_with_comma(specifier.span);
        }
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::StringLiteral(source) = &import.source {
            self.import(source);
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_ts_enum_declaration(&mut self, declaration: &TSEnumDeclaration<'a>) {
        self.refuse(
            declaration.span,
            "an enum is code that only TypeScript's compiler writes",
            "Write `const Name = { … } as const` instead.",
        );
    }

    fn visit_ts_namespace_declaration(&mut self, declaration: &TSNamespaceDeclaration<'a>) {
        self.refuse(
            declaration.span,
            "a namespace is code that only TypeScript's compiler writes",
            "Put its contents into a file of their own and import it.",
        );
    }

    fn visit_ts_import_equals_declaration(&mut self, declaration: &TSImportEqualsDeclaration<'a>) {
        self.refuse(declaration.span, "`import … =` is not known to the engine", "Write `import … from \"./file.ts\"`.");
    }

    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        self.refuse(decorator.span, "decorators are not known to the engine", "Call the function where the class is used.");
    }
}

/// True for a declaration that leaves no code behind.
fn is_type_only(declaration: &Declaration<'_>) -> bool {
    match declaration {
        Declaration::TSTypeAliasDeclaration(_)
        | Declaration::TSInterfaceDeclaration(_)
        | Declaration::TSExternalModuleDeclaration(_)
        | Declaration::TSGlobalDeclaration(_) => true,
        Declaration::VariableDeclaration(declaration) => declaration.declare,
        Declaration::FunctionDeclaration(function) => function.declare || function.body.is_none(),
        Declaration::ClassDeclaration(class) => class.declare,
        Declaration::TSEnumDeclaration(declaration) => declaration.declare,
        Declaration::TSNamespaceDeclaration(declaration) => declaration.declare,
        Declaration::TSImportEqualsDeclaration(declaration) => declaration.import_kind.is_type(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let script = read("handlers/x.ts", text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(script.code.lines().count(), text.lines().count(), "lines stay: {text}");
        script.code
    }

    /// The code without its white space, and proof that what is left is JavaScript.
    fn rest(text: &str) -> String {
        let code = code(text);
        let again = read("x.js", &code).unwrap_or_else(|error| panic!("{code}: {error:?}"));
        assert_eq!(again.code, code);
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn types_leave_spaces_and_everything_else_its_place() {
        let text = "export async function f(input: In.Put, host: Host): Promise<Out> {\n  const a: number = input!.a as number;\n  return a satisfies number;\n}\n";
        let code = code(text);
        for word in ["function", "input", "const a", "input!.a".trim_end_matches("!.a"), "return a"] {
            assert_eq!(code.find(word), text.find(word), "{word}");
        }
        assert_eq!(rest(text), "export async function f(input , host ) { const a = input .a ; return a ; }");
    }

    #[test]
    fn declarations_of_types_go() {
        assert_eq!(
            rest(
                "interface A { b?: string }\ntype C = A | null;\nexport interface D {}\nexport type { E };\ndeclare const F: A;\nlet x = 1"
            ),
            "; ; ; ; ; let x = 1"
        );
        assert_eq!(rest("let x = 1\ntype A = B\n(x)"), "let x = 1 ; (x)", "what stands around it does not become one");
        assert_eq!(rest("function f(a: string): void;\nfunction f(a: any) {}"), "; function f(a ) {}");
    }

    #[test]
    fn a_type_that_ends_a_statement_keeps_it_ended() {
        for next in ["(1)", "[1].map(f)", "`t`"] {
            let code = code(&format!("let r = log satisfies Function\n{next}"));
            assert!(code.contains(';'), "{code}");
        }
        assert!(!code("let r = a as any\nlet s = 1").contains(';'));
        assert!(!code("f(a as any\n+ 1)").contains(';'), "inside an expression it goes on");
        assert!(read("x.ts", "function f() { return <any>\n 1 }").unwrap_err().hint.contains("as"));
    }

    #[test]
    fn imports_of_types_go_and_others_are_listed() {
        let script = read("x.ts", "import type { A } from 'packwright:tools';\nimport { type B } from './b.ts';\nimport c, { type D, e } from './c.ts';\nexport * from './d';\nexport type { F } from './f';\nconst g = await import('./g.js');\n").unwrap();
        assert_eq!(script.imports, ["./c.ts", "./d", "./g.js"]);
        assert_eq!(rest("import c, { type D, e } from './c.ts'"), "import c, { e } from './c.ts'");
    }

    #[test]
    fn classes_lose_their_types() {
        let text = "abstract class A<T> extends B<T> implements C, D<T> {\n  declare z: string;\n  private readonly a?: string = 'x'\n  static readonly b: number;\n  c!: string;\n  [key: string]: unknown;\n  abstract f(): void;\n  g(): void;\n  protected async g(this: A, h?: string): Promise<void> {}\n  override get i(): number { return 1 }\n}";
        assert_eq!(rest(text), "class A extends B { ; ; a = 'x' static b ; c ; ; ; ; ; async g( h ) {} ; get i() { return 1 } }");
    }

    #[test]
    fn arrows_keep_their_brackets_on_one_line() {
        assert_eq!(rest("const f = (a: number): {\n  b: string\n} => ({ b: '' })"), "const f = (a ) => ({ b: '' })");
        assert_eq!(rest("const f = async <\n  T,\n>(a: T) => a"), "const f = async ( a ) => a");
        assert_eq!(rest("const f = <T,>(a?: T) => <string>a"), "const f = (a ) => a");
    }

    #[test]
    fn letters_beyond_ascii_keep_the_column() {
        let code = code("const a: \"größe\" | \"日本\" = 1; throw a");
        assert_eq!(code.chars().position(|letter| letter == 't'), Some(4), "{code}");
        let before = "const a: \"größe\" | \"日本\" = 1; ".chars().count();
        assert_eq!(code.chars().skip(before).collect::<String>(), "throw a");
    }

    #[test]
    fn what_cannot_be_blanked_is_named_with_its_place() {
        for (text, line, word) in [
            ("\nenum A { B }", 2, "enum"),
            ("namespace A { export const b = 1 }", 1, "namespace"),
            ("class A {\n\n constructor(private b: string) {} }", 3, "parameter"),
            ("@a class B {}", 1, "decorator"),
            ("import a = require('b')", 1, "import"),
            ("export = 1", 1, "export ="),
        ] {
            let error = read("x.ts", text).expect_err(text);
            assert!(error.message.contains(word), "{text}: {error:?}");
            assert_eq!(error.line, line, "{text}");
            assert!(!error.hint.is_empty());
        }
    }

    #[test]
    fn text_that_does_not_parse_is_named_with_its_place() {
        let error = read("x.ts", "export function f() {\n  return {\n}\n").unwrap_err();
        assert!(error.line >= 3, "{error:?}");
        let error = read("x.js", "const a = 1;\nlet b: string = 2;\n").unwrap_err();
        assert_eq!((error.line, error.column), (2, 6), "JavaScript has no types: {error:?}");
        assert!(read("x.ts", "").unwrap().code.is_empty());
    }
}
