//! The practice LINE reads LINE's reference by rules of its own. Both readings must agree: a
//! message valid here is taken there, and one wrong here is refused there.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    flex,
    generated::{Maker, change},
    quick_reply,
    table::Table,
    template,
};
use crate::line::sandbox::objection;

/// A message object with `part` in the place of its kind.
fn message(part: &Value, kind: &str) -> Value {
    match kind {
        "contents" => json!({ "type": "flex", "altText": "x", "contents": part }),
        "template" => json!({ "type": "template", "altText": "x", "template": part }),
        _ => json!({ "type": "text", "text": "x", "quickReply": part }),
    }
}

/// Whether the practice LINE ignores it: outside Flex, unknown members and `null`.
fn is_passed_over(field: &str, part: &Value, kind: &str) -> bool {
    kind != "contents" && (field.ends_with(".surprise") || part.to_string().contains(":null"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_practice_line_takes_what_is_right_and_refuses_what_is_wrong(seed: u64, kind in 0..3_usize) {
        let (kind, roots): (_, &[&'static Table]) = match kind {
            0 => ("contents", &flex::CONTAINERS),
            1 => ("template", &template::TEMPLATES),
            _ => ("quickReply", &[&quick_reply::QUICK_REPLY]),
        };
        let mut maker = Maker::new(seed);
        let mut part = if kind == "quickReply" { maker.object(roots[0]) } else { maker.part(roots) };
        prop_assume!(part.to_string().len() < 30_000);
        prop_assert_eq!(objection(&message(&part, kind)), None, "{}", part);
        let field = change(&mut part, kind, roots, &mut maker.dice);
        let is_refused = objection(&message(&part, kind)).is_some();
        prop_assert!(is_refused || is_passed_over(&field, &part, kind), "{field} of {part}");
    }
}
