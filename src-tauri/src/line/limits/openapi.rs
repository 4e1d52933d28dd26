//! Compares the tables with LINE's OpenAPI file (`tests/line-openapi`), so that a new version of it
//! shows here what changed. LINE's documentation has more than the file; [`BEYOND_THE_FILE`] lists
//! those differences.

use std::collections::{BTreeMap, BTreeSet};

use yaml_rust2::{Yaml, YamlLoader};

use super::{
    action, flex, form, quick_reply,
    table::{Form, Member, Parts, Table, Text},
    template,
};

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/line-openapi/messaging-api.yml"));

/// Differences that LINE's documentation explains: `+` is only in the tables, `-` only in the file.
const BEYOND_THE_FILE: &[&str] = &[
    "+ FlexCarousel.contents most 12",
    "+ FlexImage.url most 2000",
    "+ FlexVideo.previewUrl most 2000",
    "+ FlexVideo.url most 2000",
    "+ FlexIcon.url most 2000",
    "+ FlexBoxLinearGradient.angle must be there",
    "+ FlexBoxLinearGradient.endColor must be there",
    "+ FlexBoxLinearGradient.startColor must be there",
    "+ ButtonsTemplate.actions most 4",
    "+ ButtonsTemplate.imageAspectRatio words rectangle square",
    "+ ButtonsTemplate.imageSize words contain cover",
    "+ ButtonsTemplate.text most 160",
    "+ ButtonsTemplate.thumbnailImageUrl most 2000",
    "+ ButtonsTemplate.title most 40",
    "+ ConfirmTemplate.actions most 2",
    "+ ConfirmTemplate.text most 240",
    "+ CarouselTemplate.columns most 10",
    "+ CarouselTemplate.imageAspectRatio words rectangle square",
    "+ CarouselTemplate.imageSize words contain cover",
    "+ ImageCarouselTemplate.columns most 10",
    "+ PostbackAction.data must be there",
    "+ PostbackAction.displayText most 300",
    "+ PostbackAction.displayText must be there",
    "+ PostbackAction.fillInText most 300",
    "+ PostbackAction.text most 300",
    "+ MessageAction.text most 300",
    "+ MessageAction.text must be there",
    "+ URIAction.uri most 1000",
    "+ URIAction.uri must be there",
    "+ DatetimePickerAction.data must be there",
    "+ DatetimePickerAction.mode must be there",
    "+ CarouselColumn.actions most 3",
    "+ CarouselColumn.text most 120",
    "+ CarouselColumn.thumbnailImageUrl most 2000",
    "+ CarouselColumn.title most 40",
    "+ ImageCarouselColumn.imageUrl most 2000",
    "+ QuickReply.items must be there",
    "+ QuickReplyItem.action must be there",
    "+ QuickReplyItem.type words action",
];

/// Schemas of the file without a table of ours, and why.
const NOT_OURS: &[(&str, &str)] = &[
    ("RichMenuSwitchAction", "stands in rich menus alone"),
    ("FlexMessage", "is made by `wire`, from an altText and a container"),
    ("TemplateMessage", "is made by `wire`, from an altText and a template"),
];

fn tables() -> Vec<&'static Table> {
    let one_of_several = flex::CONTAINERS
        .iter()
        .chain(&flex::COMPONENTS)
        .chain(&flex::GRADIENTS)
        .chain(&template::TEMPLATES)
        .chain(action::QUICK_REPLY.actions);
    let alone = [
        &flex::STYLES,
        &flex::BLOCK_STYLE,
        &template::COLUMN,
        &template::IMAGE_COLUMN,
        &action::ALT_URI,
        &quick_reply::QUICK_REPLY,
        &quick_reply::ITEM,
        &quick_reply::SENDER,
    ];
    one_of_several.copied().chain(alone).collect()
}

/// The lists of words for lengths in the file, and ours.
const WORDS: &[(&str, &[&str])] = &[
    ("FlexBoxBorderWidth", form::BORDERS),
    ("FlexBoxCornerRadius", form::SPACES),
    ("FlexBoxSpacing", form::SPACES),
    ("FlexMargin", form::SPACES),
    ("FlexBoxPadding", form::SPACES),
    ("FlexOffset", form::SPACES),
    ("FlexImageSize", form::PICTURES),
    ("FlexIconSize", form::FONTS),
    ("FlexTextFontSize", form::FONTS),
    ("FlexSpanSize", form::FONTS),
    ("TemplateImageAspectRatio", &["rectangle", "square"]),
    ("TemplateImageSize", &["cover", "contain"]),
];

/// The families that the file tells apart by `type`, with our tables.
fn families() -> [(&'static str, Vec<&'static Table>); 5] {
    [
        ("FlexContainer", flex::CONTAINERS.to_vec()),
        ("FlexComponent", flex::COMPONENTS.to_vec()),
        ("FlexBoxBackground", flex::GRADIENTS.to_vec()),
        ("Template", template::TEMPLATES.to_vec()),
        ("Action", action::QUICK_REPLY.actions.to_vec()),
    ]
}

fn schemas() -> Yaml {
    let mut documents = YamlLoader::load_from_str(FILE).expect("the file is YAML");
    documents.remove(0)["components"]["schemas"].clone()
}

fn words(list: &Yaml) -> BTreeSet<String> {
    list.as_vec().into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// A member in LINE's file: its type, whether it is required, its words and its limits.
type Facts = BTreeMap<&'static str, String>;

fn members_in_file(schemas: &Yaml, schema: &Yaml, found: &mut BTreeMap<String, Facts>) {
    for part in schema["allOf"].as_vec().into_iter().flatten() {
        match part["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            Some(name) => members_in_file(schemas, &schemas[name], found),
            None => members_in_file(schemas, part, found),
        }
    }
    for (name, property) in schema["properties"].as_hash().into_iter().flatten() {
        let mut facts = Facts::new();
        let referred = property["$ref"].as_str().map(|_| "object");
        facts.insert("type", referred.or(property["type"].as_str()).unwrap_or("none").to_owned());
        if let Some(words) = Some(words(&property["enum"])).filter(|words| !words.is_empty()) {
            facts.insert("words", words.into_iter().collect::<Vec<_>>().join(" "));
        }
        for limit in ["maxLength", "maxItems"] {
            if let Some(number) = property[limit].as_i64() {
                facts.insert("most", number.to_string());
            }
        }
        found.insert(name.as_str().expect("a name").to_owned(), facts);
    }
    for name in words(&schema["required"]) {
        // `FlexImage` names `type` itself; the others inherit it.
        if let Some(facts) = found.get_mut(&name) {
            facts.insert("must", "be there".into());
        }
    }
}

fn members_in_table(table: &Table) -> BTreeMap<String, Facts> {
    let of = |member: &Member| {
        let mut facts = Facts::new();
        facts.insert("type", type_of(member.form).to_owned());
        if member.required {
            facts.insert("must", "be there".into());
        }
        if let Form::Word(words) = member.form {
            let words: BTreeSet<_> = words.iter().copied().collect();
            facts.insert("words", words.into_iter().collect::<Vec<_>>().join(" "));
        }
        if let Some(max) = most_of(member.form) {
            facts.insert("most", max.to_string());
        }
        (member.name.to_owned(), facts)
    };
    table.all_members().map(of).collect()
}

const fn type_of(form: Form) -> &'static str {
    match form {
        Form::Flag => "boolean",
        Form::Whole => "integer",
        Form::Object(_) | Form::Part(_) | Form::Action(_) => "object",
        Form::Parts(_) | Form::Contents | Form::List { .. } | Form::Actions { .. } => "array",
        _ => "string",
    }
}

fn most_of(form: Form) -> Option<u32> {
    match form {
        Form::Text(Text { max, .. }) => max.map(|(max, _)| max),
        Form::CardText { alone, .. } => Some(alone),
        Form::File => Some(super::URL),
        Form::Uri => Some(action::MAX_URI),
        Form::Parts(Parts { max, .. }) => max,
        Form::List { max, .. } | Form::Actions { max, .. } => Some(max),
        _ => None,
    }
}

/// The members on one side only, a line each.
fn differences() -> Vec<String> {
    let schemas = schemas();
    let mut found = Vec::new();
    for table in tables() {
        let mut file = BTreeMap::new();
        members_in_file(&schemas, &schemas[table.schema], &mut file);
        if !table.kind.is_empty() {
            file.remove("type");
        }
        let ours = members_in_table(table);
        for name in file.keys().chain(ours.keys()).collect::<BTreeSet<_>>() {
            let (theirs, our) = (file.get(name), ours.get(name));
            let lines = |facts: Option<&Facts>| -> BTreeSet<String> {
                facts.into_iter().flatten().map(|(what, is)| format!("{what} {is}")).collect()
            };
            let (theirs, our) = (lines(theirs), lines(our));
            let at = format!("{}.{name}", table.schema);
            found.extend(our.difference(&theirs).map(|fact| format!("+ {at} {fact}")));
            found.extend(theirs.difference(&our).map(|fact| format!("- {at} {fact}")));
        }
    }
    found
}

#[test]
fn the_tables_differ_from_lines_file_only_where_its_documentation_says_more() {
    let found = differences();
    let news: Vec<_> = found.iter().filter(|line| !BEYOND_THE_FILE.contains(&line.as_str())).collect();
    let gone: Vec<_> = BEYOND_THE_FILE.iter().filter(|line| !found.iter().any(|f| f == *line)).collect();
    assert!(news.is_empty() && gone.is_empty(), "new: {news:#?}\nno longer: {gone:#?}");
}

#[test]
fn every_kind_the_file_names_has_a_table() {
    let schemas = schemas();
    for (family, tables) in families() {
        let mapping = schemas[family]["discriminator"]["mapping"].as_hash().expect("a mapping");
        let file: BTreeMap<_, _> = mapping
            .iter()
            .map(|(kind, path)| (kind.as_str(), path.as_str().and_then(|p| p.rsplit('/').next())))
            .filter(|(_, name)| !NOT_OURS.iter().any(|(other, _)| Some(*other) == *name))
            .collect();
        let ours: BTreeMap<_, _> = tables.iter().map(|t| (Some(t.kind), Some(t.schema))).collect();
        assert_eq!(file, ours, "{family}");
    }
}

#[test]
fn every_word_for_a_length_is_the_files() {
    let schemas = schemas();
    for (name, ours) in WORDS {
        let ours: BTreeSet<_> = ours.iter().map(|&word| word.to_owned()).collect();
        assert_eq!(words(&schemas[*name]["enum"]), ours, "{name}");
    }
}

#[test]
fn every_schema_of_flex_templates_and_actions_is_looked_at() {
    let known: BTreeSet<_> = (tables().into_iter().map(|t| t.schema))
        .chain(WORDS.iter().map(|(name, _)| *name))
        .chain(families().map(|(name, _)| name))
        .chain(NOT_OURS.iter().map(|(name, _)| *name))
        .collect();
    let schemas = schemas();
    let names = schemas.as_hash().expect("schemas").keys().filter_map(Yaml::as_str);
    let ours = names.filter(|name| {
        name.starts_with("Flex")
            || name.starts_with("Template")
            || ["Template", "Action", "Column"].iter().any(|end| name.ends_with(end))
                && !name.contains("Imagemap")
    });
    let missing: Vec<_> = ours.filter(|name| !known.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
