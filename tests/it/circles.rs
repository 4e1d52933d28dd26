//! No circles: of two files, one is the ground of the other, never each of both. A file and the
//! folder it stands in are one subject and may use each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::visit::{self, Visit};

/// Where a circle is meant, and why.
const MEANT: &[(&str, &str)] = &[(
    "line::limits",
    "a box holds buttons, a button an action: the tables name each other, and the walk goes by them",
)];

type Names = Vec<String>;

/// What a file uses of others.
#[derive(Default)]
struct Uses {
    /// Every path in it, as it is written.
    paths: Vec<Names>,
    /// What a name of a `use` stands for.
    names: BTreeMap<String, Names>,
}

impl Uses {
    fn in_text(text: &str) -> Self {
        let mut uses = Self::default();
        uses.visit_file(&syn::parse_file(text).expect("Rust"));
        uses
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
            syn::UseTree::Glob(_) => self.paths.push(before.to_vec()),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.known_as(before.last().cloned().unwrap_or_default(), before.to_vec());
            }
            syn::UseTree::Name(name) => self.known_as(name.ident.to_string(), with(&name.ident)),
            syn::UseTree::Rename(renamed) => {
                self.known_as(renamed.rename.to_string(), with(&renamed.ident));
            }
        }
    }

    fn known_as(&mut self, name: String, path: Names) {
        self.paths.push(path.clone());
        self.names.insert(name, path);
    }
}

impl Visit<'_> for Uses {
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        let of_tests = |attribute: &syn::Attribute| attribute.path().is_ident("cfg") && is_test(attribute);
        if !item.attrs.iter().any(of_tests) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
}

/// The files of the program by their modules.
struct Files(BTreeMap<Names, Uses>);

impl Files {
    fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        add(root, &[], &mut files);
        Self(files)
    }

    /// A path of the module `from`, from the crate's root on; `None` for one that leads outside.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Names> {
        let first = path.first()?;
        let child = || [from, path].concat();
        match first.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([from, &path[1..]].concat()),
            "super" => {
                let up = path.iter().take_while(|name| *name == "super").count();
                Some([&from[..from.len().checked_sub(up)?], &path[up..]].concat())
            }
            _ if self.0.contains_key(&child()[..=from.len()]) => Some(child()),
            name => {
                let meant = self.0.get(from)?.names.get(name)?;
                let meant = if meant.first() == Some(first) { return None } else { meant };
                self.absolute(from, &[meant, &path[1..]].concat())
            }
        }
    }

    /// The file in which stands what a path names, also where another hands it on.
    fn home(&self, path: &[String], steps: u32) -> Option<Names> {
        let file = (0..=path.len()).rev().map(|n| &path[..n]).find(|part| self.0.contains_key(*part))?;
        let handed_on = path.get(file.len()).and_then(|name| self.0[file].names.get(name));
        let further = handed_on.filter(|_| steps > 0).and_then(|meant| {
            let absolute = self.absolute(file, meant)?;
            self.home(&[&absolute, &path[file.len() + 1..]].concat(), steps - 1)
        });
        Some(further.unwrap_or_else(|| file.to_vec()))
    }

    /// Which files each one uses, those of its own line up to the root left out.
    fn arrows(&self) -> BTreeMap<&Names, BTreeSet<Names>> {
        self.0.iter().map(|(from, uses)| (from, self.used(from, uses))).collect()
    }

    fn used(&self, from: &Names, uses: &Uses) -> BTreeSet<Names> {
        let paths = uses.paths.iter().filter_map(|path| self.absolute(from, path));
        let homes = paths.filter_map(|path| self.home(&path, 9));
        homes.filter(|home| !home.starts_with(from) && !from.starts_with(home)).collect()
    }
}

fn add(folder: &Path, module: &[String], files: &mut BTreeMap<Names, Uses>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let inside = match name.as_str() {
            "lib" | "mod" => module.to_vec(),
            "main" | "server" => continue,
            _ => [module, &[name]].concat(),
        };
        if path.is_dir() {
            add(&path, &inside, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.insert(inside, Uses::in_text(&fs::read_to_string(&path).expect("readable")));
        }
    }
}

/// All that can be reached from `start`, itself only by a circle.
fn reached<'a>(start: &'a Names, arrows: &'a BTreeMap<&Names, BTreeSet<Names>>) -> BTreeSet<&'a Names> {
    let (mut found, mut next) = (BTreeSet::new(), vec![start]);
    while let Some(at) = next.pop() {
        next.extend(arrows.get(at).into_iter().flatten().filter(|to| found.insert(*to)));
    }
    found
}

/// The files that use each other, each group once.
fn circles(files: &Files) -> BTreeSet<Names> {
    let arrows = files.arrows();
    let of = |from: &Names| {
        let both_ways = |to: &&Names| reached(to, &arrows).contains(from);
        reached(from, &arrows).into_iter().filter(both_ways).map(|file| file.join("::")).collect()
    };
    arrows.keys().map(|from| of(from)).filter(|group: &Names| !group.is_empty()).collect()
}

#[test]
fn no_two_files_use_each_other_whatever_lies_between() {
    let files = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src"));
    let uses: usize = files.arrows().values().map(BTreeSet::len).sum();
    assert!(uses > 500, "only {uses} uses were found: the reader is broken");
    let meant = |file: &String| MEANT.iter().any(|(folder, _)| file.starts_with(folder));
    let wrong: Vec<_> = circles(&files).into_iter().filter(|group| !group.iter().all(meant)).collect();
    assert!(wrong.is_empty(), "these use each other: {wrong:#?}");
}

#[test]
fn a_circle_is_seen_through_what_a_folder_hands_on() {
    let texts = [
        ("", "mod a; mod b;"),
        ("a", "use crate::b::{Thing, deep}; fn f() { deep::g() }"),
        ("b", "mod thing; mod deep; pub use thing::Thing;"),
        ("b::thing", "pub struct Thing; #[cfg(test)] mod tests { use crate::a; }"),
        ("b::deep", "pub fn g() { super::super::a::f() }"),
    ];
    let names = |path: &str| path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let files = Files(texts.iter().map(|(path, text)| (names(path), Uses::in_text(text))).collect());
    assert_eq!(circles(&files), BTreeSet::from([vec!["a".to_owned(), "b::deep".to_owned()]]));
}
