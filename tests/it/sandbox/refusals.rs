//! What LINE refuses and a practice LINE might let pass.

use clinicue::line::sandbox::Options;
use serde_json::{Value, json};

use super::Line;
use crate::support::line_user;

const PUSH: &str = "/v2/bot/message/push";

/// The place that is refused in a push with these members beside `to`.
async fn wrong_in_push(line: &Line, mut push: Value) -> Value {
    push["to"] = json!(line_user(1));
    let refused = line.call("POST", PUSH, None, Some(push)).await.expect(400);
    refused["details"][0]["property"].clone()
}

#[tokio::test]
async fn names_and_tokens_have_lines_letters_alone() {
    let line = Line::start(Options::default()).await;
    let text = json!([{ "type": "text", "text": "a" }]);
    for unit in ["a-b", "หน่วย", ""] {
        let push = json!({ "messages": text, "customAggregationUnits": [unit] });
        assert_eq!(wrong_in_push(&line, push).await, "customAggregationUnits[0]", "{unit}");
    }
    let quoting = json!({ "messages": [{ "type": "text", "text": "a", "quoteToken": "q1" }] });
    assert_eq!(wrong_in_push(&line, quoting).await, "messages[0].quoteToken");
    let sent = line.push(&line_user(1), None, "a").await.expect(200);
    let token = &sent["sentMessages"][0]["quoteToken"];
    let quoting =
        json!({ "to": line_user(1), "messages": [{ "type": "text", "text": "a", "quoteToken": token }] });
    line.call("POST", PUSH, None, Some(quoting.clone())).await.expect(200);
    line.running.sandbox.add_user(&line_user(2), "Malee");
    let elsewhere = json!({ "to": line_user(2), "messages": quoting["messages"] });
    let refused = line.call("POST", PUSH, None, Some(elsewhere)).await.expect(400);
    assert_eq!(refused["details"][0]["property"], "messages[0].quoteToken", "said in another chat");
    let url = "https://example.com/a";
    let video =
        json!({ "type": "video", "originalContentUrl": url, "previewImageUrl": url, "trackingId": "a b" });
    assert_eq!(wrong_in_push(&line, json!({ "messages": [video] })).await, "messages[0].trackingId");
    for menu in ["Main", "haupt ü"] {
        let alias = json!({ "richMenuAliasId": menu, "richMenuId": "richmenu-1" });
        let refused = line.call("POST", "/v2/bot/richmenu/alias", None, Some(alias)).await.expect(400);
        assert_eq!(refused["details"][0]["property"], "richMenuAliasId", "{menu}");
    }
}

#[tokio::test]
async fn a_retry_key_is_a_uuid_with_its_hyphens_and_a_user_has_small_letters() {
    let line = Line::start(Options::default()).await;
    let key = "123e4567-e89b-12d3-a456-426614174000";
    for key in [&key.replace('-', ""), &format!("{{{key}}}"), &format!("urn:uuid:{key}")] {
        line.push(&line_user(1), Some(key), "a").await.expect(400);
    }
    line.push(&line_user(1), Some(&key.to_uppercase()), "a").await.expect(200);
    line.push(&line_user(0xab).to_uppercase(), None, "a").await.expect(400);
    for id in ["U0", "somebody", &line_user(0xab).to_uppercase()] {
        let user = json!({ "lineUserId": id, "displayName": "Nok" });
        line.call("POST", "/sandbox/users", None, Some(user)).await.expect(400);
    }
}

#[tokio::test]
async fn what_is_tapped_lies_on_the_menu_and_a_coupon_has_a_zone() {
    let line = Line::start(Options::default()).await;
    let menu = |width: u32| {
        let bounds = json!({ "x": 1, "y": 0, "width": width, "height": 843 });
        let action = json!({ "type": "uri", "uri": "https://example.com" });
        json!({ "size": { "width": 2500, "height": 843 }, "selected": false, "name": "n",
            "chatBarText": "Menu", "areas": [{ "bounds": bounds, "action": action }] })
    };
    let refused = line.call("POST", "/v2/bot/richmenu", None, Some(menu(2500))).await.expect(400);
    assert_eq!(refused["details"][0]["property"], "areas[0].bounds");
    line.call("POST", "/v2/bot/richmenu", None, Some(menu(2499))).await.expect(200);
    let coupon = |zone: &str| {
        json!({ "title": "t", "startTimestamp": 1, "endTimestamp": 2, "maxUseCountPerTicket": 1,
            "visibility": "PUBLIC", "timezone": zone, "acquisitionCondition": { "type": "normal" },
            "reward": { "type": "free" } })
    };
    let refused = line.call("POST", "/v2/bot/coupon", None, Some(coupon("Asia/Tokyo"))).await.expect(400);
    assert_eq!(refused["details"][0]["property"], "timezone");
    line.call("POST", "/v2/bot/coupon", None, Some(coupon("ASIA_TOKYO"))).await.expect(200);
}

#[tokio::test]
async fn what_a_quick_reply_seems_to_say_is_its_display_text_and_a_picker_begins_within_its_range() {
    let line = Line::start(Options::default()).await;
    let push = |action: Value| {
        let items = json!([{ "type": "action", "action": action }]);
        json!({ "messages": [{ "type": "text", "text": "a", "quickReply": { "items": items } }] })
    };
    let action = "messages[0].quickReply.items[0].action";
    let postback = |more: &str| {
        let mut action = json!({ "type": "postback", "label": "l", "data": "d", "displayText": "say" });
        match more {
            "" => drop(action.as_object_mut().map(|members| members.remove("displayText"))),
            member => action[member] = json!("say"),
        }
        action
    };
    assert_eq!(wrong_in_push(&line, push(postback(""))).await, format!("{action}.displayText"));
    assert_eq!(wrong_in_push(&line, push(postback("text"))).await, format!("{action}.text"));
    for (initial, wrong) in [("2026-11-01", true), ("2026-12-05", true), ("2026-11-20", false)] {
        let picker = json!({ "type": "datetimepicker", "label": "l", "data": "d", "mode": "date",
            "min": "2026-11-10", "max": "2026-12-01", "initial": initial });
        let mut call = push(picker);
        call["to"] = json!(line_user(1));
        let answer = line.call("POST", PUSH, None, Some(call)).await;
        assert_eq!(answer.status == 400, wrong, "{initial}");
    }
}

#[tokio::test]
async fn the_bar_of_a_rich_menu_is_counted_as_it_is_seen() {
    let line = Line::start(Options::default()).await;
    let bounds = json!({ "x": 0, "y": 0, "width": 2500, "height": 843 });
    let menu = |bar: &str| {
        json!({ "size": { "width": 2500, "height": 843 }, "selected": false, "name": "ข้".repeat(300),
            "chatBarText": bar,
            "areas": [{ "bounds": bounds, "action": { "type": "uri", "uri": "https://example.com" } }] })
    };
    let path = "/v2/bot/richmenu/validate";
    line.call("POST", path, None, Some(menu(&"ข้".repeat(14)))).await.expect(200);
    line.call("POST", path, None, Some(menu(&"ข้".repeat(15)))).await.expect(400);
}

#[tokio::test]
async fn a_path_or_query_that_cannot_be_read_is_refused_in_json() {
    let line = Line::start(Options::default()).await;
    for path in ["/v2/bot/followers/ids?limit=many", "/v2/bot/richmenu/%ff"] {
        let refused = line.call("GET", path, None, None).await.expect(400);
        assert!(refused["message"].is_string(), "{path}: {refused}");
    }
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_one_ended_and_nowhere_else() {
    let line = Line::start(Options::default()).await;
    let friends: Vec<_> = (1..=5).map(line_user).collect();
    for friend in &friends {
        line.running.sandbox.add_user(friend, "a friend");
    }
    let page = async |query: &str| {
        let path = format!("/v2/bot/followers/ids?limit=2{query}");
        line.call("GET", &path, None, None).await
    };
    let first = page("").await.expect(200);
    assert_eq!(first["userIds"], json!(friends[..2]));
    let next = first["next"].as_str().expect("more").to_owned();
    assert!(line.running.sandbox.block(&next, true).await, "whoever the next page begins with has gone");
    let second = page(&format!("&start={next}")).await.expect(200);
    assert_eq!(second["userIds"], json!(friends[3..]));
    assert!(second.get("next").is_none());
    assert_eq!(page("&start=").await.expect(200)["userIds"], json!([friends[0], friends[1]]));
    for unknown in ["elsewhere", &line_user(9)] {
        page(&format!("&start={unknown}")).await.expect(400);
        let units = format!("/v2/bot/message/aggregation/list?start={unknown}");
        line.call("GET", &units, None, None).await.expect(400);
    }
}
