//! Rules across several members, each where LINE's reference states it for the object.

use serde_json::{Map, Value};

use super::{
    Step, Walk, form,
    rules::{Also, Unit},
};

/// The most bytes of a bubble as JSON (Messaging API, "Flex Message size").
const MAX_BUBBLE: usize = 30 * 1024;
const MAX_CAROUSEL: usize = 50 * 1024;

/// The most characters of a text beside a picture or a title.
const MAX_TEXT_BESIDE: usize = 60;

const MAX_ANIMATED: usize = 10;

type Members = Map<String, Value>;

pub(super) fn text<'a>(object: &'a Members, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn is_there(object: &Members, name: &str) -> bool {
    object.get(name).is_some_and(|value| !value.is_null())
}

impl<'a> Walk<'a> {
    pub(super) fn also(&mut self, also: Also, object: &'a Members) {
        match also {
            Also::Buttons | Also::Column => self.text_beside(object),
            Also::Carousel => self.columns(object),
            Also::Postback => self.postback(object),
            Also::QuickPostback => self.quick_postback(object),
            Also::Picker => self.picker(object),
            Also::Bubble => self.bubble(object),
            Also::Bubbles => self.bubbles(object),
            Also::Box => self.contents(object),
            Also::Text => self.text_or_contents(object),
            Also::Image => self.animated(object),
            Also::Emojis => self.emojis(object),
            Also::Placeholders => self.placeholders(object),
            Also::Sender => self.sender(object),
            Also::RichMenu => self.menu_areas(object),
        }
    }

    fn text_beside(&mut self, object: &'a Members) {
        if (is_there(object, "title") || is_there(object, "thumbnailImageUrl"))
            && let Some(text) = text(object, "text")
        {
            self.path.push(Step::Name("text"));
            self.length(1, MAX_TEXT_BESIDE, Unit::Clusters, text);
            self.path.pop();
        }
    }

    /// Checks that columns agree in title, picture and number of actions.
    fn columns(&mut self, object: &'a Members) {
        let form = |column: &Value| {
            column.as_object().map(|column| {
                let actions = column.get("actions").and_then(Value::as_array).map(Vec::len);
                (is_there(column, "title"), is_there(column, "thumbnailImageUrl"), actions)
            })
        };
        let columns = object.get("columns").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if columns.windows(2).any(|pair| form(&pair[0]) != form(&pair[1])) {
            self.wrong_as_a_whole();
        }
    }

    fn postback(&mut self, object: &'a Members) {
        if is_there(object, "displayText") && is_there(object, "text") {
            self.at("text", "invalid property", "displayText and text cannot be used together");
        }
    }

    /// Checks that a postback in a quick reply has the `displayText` it seems to say.
    fn quick_postback(&mut self, object: &'a Members) {
        if is_there(object, "text") {
            self.at("text", "invalid property", "text cannot be used in a quick reply");
        }
    }

    fn picker(&mut self, object: &'a Members) {
        let Some(mode) = text(object, "mode") else { return };
        for name in ["initial", "max", "min"] {
            if text(object, name).is_some_and(|moment| !form::is_moment(moment, mode)) {
                self.at(name, "invalid property", "Invalid value");
            }
        }
        if let (Some(min), Some(max)) = (text(object, "min"), text(object, "max"))
            && min.to_ascii_lowercase() >= max.to_ascii_lowercase()
        {
            self.at("max", "invalid property", "Must be greater than min");
        }
        let at = |name| text(object, name).map(str::to_ascii_lowercase);
        let initial = at("initial");
        let is_early = initial.as_ref().zip(at("min")).is_some_and(|(initial, min)| *initial < min);
        let is_late = initial.as_ref().zip(at("max")).is_some_and(|(initial, max)| *initial > max);
        if is_early || is_late {
            self.at("initial", "invalid property", "Must be between min and max");
        }
    }

    fn bubble(&mut self, object: &'a Members) {
        if !["header", "hero", "body", "footer"].iter().any(|block| is_there(object, block)) {
            self.wrong("At least one block must be specified", "");
        }
        let shows_video = object.get("hero").and_then(|hero| hero["type"].as_str()) == Some("video");
        let is_wide = matches!(text(object, "size"), None | Some("kilo" | "mega" | "giga"));
        if shows_video && !is_wide {
            self.at("size", "invalid property", "");
        }
        if is_longer(object, MAX_BUBBLE) {
            self.wrong_as_a_whole();
        }
    }

    /// Checks that the bubbles of a carousel have one size, and that none shows a video.
    fn bubbles(&mut self, object: &'a Members) {
        let bubbles = object.get("contents").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let size = |bubble: &Value| bubble["size"].as_str().unwrap_or("mega").to_owned();
        let first = bubbles.first().map(size);
        self.path.push(Step::Name("contents"));
        for (index, bubble) in bubbles.iter().enumerate() {
            self.path.push(Step::Index(index));
            if Some(size(bubble)) != first {
                self.at("size", "invalid property", "");
            }
            if bubble["hero"]["type"] == "video" {
                self.at("hero", "invalid property", "");
            }
            self.path.pop();
        }
        self.path.pop();
        if is_longer(object, MAX_CAROUSEL) {
            self.wrong_as_a_whole();
        }
    }

    fn contents(&mut self, object: &'a Members) {
        let holds = if text(object, "layout") == Some("baseline") { "inLine" } else { "inRow" };
        let Some(table) = self.rules.named(holds) else { return };
        let contents = object.get("contents").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        self.path.push(Step::Name("contents"));
        for (index, component) in contents.iter().enumerate() {
            self.path.push(Step::Index(index));
            match component.as_object() {
                Some(component) => self.table(table, component),
                None => self.mistyped(),
            }
            self.path.pop();
        }
        self.path.pop();
    }

    fn text_or_contents(&mut self, object: &'a Members) {
        let has_spans = object.get("contents").and_then(Value::as_array).is_some_and(|c| !c.is_empty());
        match text(object, "text") {
            _ if has_spans => {}
            None => self.at("text", "must be specified", ""),
            Some("") => self.at("text", "must be non-empty text", ""),
            Some(_) => {}
        }
    }

    fn menu_areas(&mut self, object: &'a Members) {
        let number = |value: &Value, name: &str| value[name].as_i64().unwrap_or(0);
        let Some(size) = object.get("size") else { return };
        let areas = object.get("areas").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        self.path.push(Step::Name("areas"));
        for (index, area) in areas.iter().enumerate() {
            let bounds = &area["bounds"];
            let end = |from: &str, length: &str| number(bounds, from).saturating_add(number(bounds, length));
            if end("x", "width") > number(size, "width") || end("y", "height") > number(size, "height") {
                self.path.push(Step::Index(index));
                self.at("bounds", "", "Must be within the size of the rich menu");
                self.path.pop();
            }
        }
        self.path.pop();
    }

    fn animated(&mut self, object: &'a Members) {
        if object.get("animated") == Some(&Value::Bool(true)) {
            self.animated += 1;
            if self.animated > MAX_ANIMATED {
                self.at("animated", "invalid property", "");
            }
        }
    }
}

fn is_longer(object: &Members, max: usize) -> bool {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, object).is_ok() && count.0 > max
}
