//! What a new thing needs and the compiler does not ask for: that a setting is obeyed, that a reason
//! to be on the worklist ever begins, and that a hold of a message begins and ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::visit::{self, Visit};

/// What a file of the core does, its tests left out.
#[derive(Default)]
struct Done {
    /// Members of structs it reads, and methods it calls.
    reads: BTreeSet<String>,
    /// Values of enums it makes, `Reason::Missed`; those it compares with, matches or lists are none.
    makes: BTreeSet<String>,
    /// Such values in a verdict or a report that a message waits.
    holds: BTreeSet<String>,
    /// Those of them beside a `None`: what waits without a time.
    without_time: BTreeSet<String>,
    /// All words in it.
    words: BTreeSet<String>,
}

/// The last two words of a path, `Reason::Missed`.
fn value_of(path: &syn::Path) -> Option<String> {
    let mut last = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let (name, kind) = (last.next()?, last.next()?);
    Some(format!("{kind}::{name}"))
}

fn value_in(expression: &syn::Expr) -> Option<String> {
    let syn::Expr::Path(path) = expression else { return None };
    value_of(&path.path)
}

impl Visit<'_> for Done {
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_assign(&mut self, assigned: &syn::ExprAssign) {
        // What is written is not obeyed.
        self.visit_expr(&assigned.right);
    }

    fn visit_expr_binary(&mut self, binary: &syn::ExprBinary) {
        let mut inside = Self::default();
        visit::visit_expr_binary(&mut inside, binary);
        self.reads.append(&mut inside.reads);
        if !matches!(binary.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) {
            self.makes.append(&mut inside.makes);
        }
    }

    fn visit_expr_array(&mut self, array: &syn::ExprArray) {
        let mut inside = Self::default();
        visit::visit_expr_array(&mut inside, array);
        self.reads.append(&mut inside.reads);
    }

    fn visit_expr_field(&mut self, field: &syn::ExprField) {
        if let syn::Member::Named(name) = &field.member {
            self.reads.insert(name.to_string());
        }
        visit::visit_expr_field(self, field);
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        self.reads.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &syn::ExprCall) {
        let is_none = |arg: &syn::Expr| matches!(arg, syn::Expr::Path(path) if path.path.is_ident("None"));
        let waits = value_in(&call.func).is_some_and(|of| of == "Verdict::Wait" || of.ends_with("::held"));
        if waits {
            self.holds.extend(call.args.iter().filter_map(value_in));
        }
        if waits && call.args.iter().any(is_none) {
            self.without_time.extend(call.args.iter().filter_map(value_in));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &syn::ExprPath) {
        self.makes.extend(value_of(&path.path));
    }

    fn visit_pat(&mut self, pattern: &syn::Pat) {
        if let syn::Pat::Struct(of) = pattern {
            let names = of.fields.iter().filter_map(|field| match &field.member {
                syn::Member::Named(name) => Some(name.to_string()),
                syn::Member::Unnamed(_) => None,
            });
            self.reads.extend(names);
        }
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    let is_test = |attribute: &syn::Attribute| {
        let tokens = attribute.meta.require_list().map(|list| list.tokens.to_string());
        attribute.path().is_ident("cfg") && tokens.is_ok_and(|tokens| tokens == "test")
    };
    attributes.iter().any(is_test)
}

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src")
}

fn code_of(file: &str) -> syn::File {
    syn::parse_file(&fs::read_to_string(core().join(file)).expect(file)).expect("Rust")
}

/// The text of a file of the core without its tests.
fn text_of(file: &str) -> String {
    let text = fs::read_to_string(core().join(file)).expect(file);
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// Every file of the core that is no test, by its path.
fn all() -> BTreeMap<String, Done> {
    let (root, mut folders, mut found) = (core(), vec![core()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            let inside = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
            let is_rust = path.extension().is_some_and(|kind| kind == "rs");
            if path.is_dir() {
                folders.push(path);
            } else if is_rust && !inside.contains("tests") && inside != "store/schema.rs" {
                let mut done = Done::default();
                done.visit_file(&code_of(&inside));
                let text = text_of(&inside);
                let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                done.words = words.map(str::to_owned).collect();
                found.insert(inside, done);
            }
        }
    }
    found
}

/// The names of the enum `name` of the domain, and their names in JSON and statements.
fn names_of(file: &str, name: &str) -> Vec<(String, String)> {
    let text = text_of(file);
    let (_, body) = text.split_once(&format!("    {name} {{\n")).expect("the enum");
    let lines = body.split("\n    }").next().unwrap_or_default().lines();
    let pair = |line: &str| {
        let (variant, rest) = line.trim().split_once(" = \"")?;
        Some((format!("{name}::{variant}"), rest.trim_end_matches("\",").to_owned()))
    };
    lines.filter_map(pair).collect()
}

/// The files of the settings that declare keys.
const SETTINGS: [&str; 2] = ["config/mod.rs", "config/kept.rs"];

/// The keys of the settings, each with the struct it stands in.
fn keys() -> Vec<(String, String)> {
    let items = SETTINGS.iter().flat_map(|file| code_of(file).items);
    let of_item = |item| {
        let syn::Item::Struct(of) = item else { return Vec::new() };
        let names = of.fields.iter().filter_map(|field| field.ident.as_ref());
        names.map(|name| (of.ident.to_string(), name.to_string())).collect()
    };
    items.flat_map(of_item).collect()
}

/// The methods of the settings, with the keys each reads.
fn methods() -> BTreeMap<String, BTreeSet<String>> {
    let mut methods = BTreeMap::new();
    for item in SETTINGS.iter().flat_map(|file| code_of(file).items) {
        let syn::Item::Impl(of) = item else { continue };
        for item in of.items {
            let syn::ImplItem::Fn(method) = item else { continue };
            let mut done = Done::default();
            done.visit_block(&method.block);
            methods.insert(method.sig.ident.to_string(), done.reads);
        }
    }
    // Loading touches keys and obeys none.
    methods.remove("load");
    methods
}

#[test]
fn every_setting_is_obeyed_outside_the_settings() {
    let files = all();
    let (keys, methods) = (keys(), methods());
    assert!(keys.len() > 20, "{keys:?}");
    let outside: Vec<_> = files.iter().filter(|(file, _)| !file.starts_with("config/")).collect();
    let is_read = |name: &str| {
        outside.iter().any(|(_, done)| done.words.contains("config") && done.reads.contains(name))
    };
    let is_obeyed = |key: &str| {
        is_read(key) || methods.iter().any(|(method, read)| read.contains(key) && is_read(method))
    };
    let idle: Vec<_> = keys.iter().filter(|(_, key)| !is_obeyed(key)).collect();
    assert!(idle.is_empty(), "nothing obeys {idle:?}");
}

#[test]
fn every_reason_to_be_on_the_worklist_begins_somewhere() {
    let files = all();
    let reasons = names_of("domain/work.rs", "Reason");
    assert!(reasons.len() > 10, "{reasons:?}");
    let begins = |reason: &str| {
        files.iter().any(|(file, done)| file != "domain/work.rs" && done.makes.contains(reason))
    };
    let idle: Vec<_> = reasons.iter().filter(|(reason, _)| !begins(reason)).collect();
    assert!(idle.is_empty(), "nothing begins {idle:?}");
}

/// The folders in which it is decided that a message waits or fails; what others say of it is shown.
const DECIDES: [&str; 5] = ["delivery/", "schedule/", "line/", "domain/", "store/"];

#[test]
fn every_cause_of_a_message_begins_somewhere() {
    let files = all();
    let decides = |file: &str| DECIDES.iter().any(|folder| file.starts_with(folder));
    let is_home = |file: &str| ["domain/delivery.rs", "store/fragments.rs"].contains(&file);
    let statements: String = files
        .keys()
        .filter(|f| f.starts_with("store/"))
        .filter(|f| !is_home(f))
        .map(|f| text_of(f))
        .collect();
    let begins = |(cause, name): &&(String, String)| {
        files.iter().any(|(file, done)| decides(file) && !is_home(file) && done.makes.contains(cause))
            || statements.contains(&format!("'{name}'"))
    };
    let causes = names_of("domain/delivery.rs", "Cause");
    assert!(causes.len() > 20, "{causes:?}");
    let idle: Vec<_> = causes.iter().filter(|cause| !begins(cause)).collect();
    assert!(idle.is_empty(), "nothing begins {idle:?}");
}

#[test]
fn what_holds_a_message_without_a_time_ends_somewhere() {
    let files = all();
    let sending = files.iter().filter(|(file, _)| file.starts_with("delivery/"));
    let holds: BTreeSet<_> = sending.flat_map(|(_, done)| &done.without_time).collect();
    let ends = text_of("schedule/waiting.rs") + &text_of("store/deliveries/waiting.rs");
    let causes = names_of("domain/delivery.rs", "Cause");
    let held: Vec<_> = causes.iter().filter(|(cause, _)| holds.contains(cause)).collect();
    assert!(held.len() > 5, "{holds:?}");
    let is_ended = |(cause, name): &&&(String, String)| {
        ends.contains(&format!("'{name}'"))
            || ends.split(|c: char| !c.is_alphanumeric() && c != ':').any(|word| word == cause)
    };
    let endless: Vec<_> = held.iter().filter(|pair| !is_ended(pair)).collect();
    assert!(endless.is_empty(), "these hold for ever: {endless:?}");
}

#[test]
fn the_screens_offer_every_cause_that_holds() {
    let files = all();
    let sending = files.iter().filter(|(file, _)| file.starts_with("delivery/"));
    let holds: BTreeSet<_> = sending.flat_map(|(_, done)| &done.holds).collect();
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings.ts");
    let bindings = fs::read_to_string(bindings).expect("readable");
    let (_, offered) = bindings.split_once("\"holding\":[").expect("the list");
    let offered = offered.split(']').next().unwrap_or_default();
    let causes = names_of("domain/delivery.rs", "Cause");
    let held: Vec<_> = causes.iter().filter(|(cause, _)| holds.contains(cause)).collect();
    assert!(held.len() > 8, "{holds:?}");
    let unoffered: Vec<_> =
        held.iter().filter(|(_, name)| !offered.contains(&format!("\"{name}\""))).collect();
    assert!(unoffered.is_empty(), "not offered: {unoffered:?}");
}
