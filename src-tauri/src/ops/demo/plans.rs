//! The care plans of the demo clinic.

use serde_json::json;

/// The care plans, each as the input that makes it; the last one has a history.
pub(super) fn all() -> [serde_json::Value; 3] {
    [after_extraction(), medication(), knee_exercises()]
}

fn after_extraction() -> serde_json::Value {
    json!({
        "name": "Demo: After a tooth extraction",
        "description": "An example. Have a clinician check a care plan before it is used.",
        "steps": [
            { "name": "Welcome", "trigger": { "type": "immediate" }, "messageType": "text",
              "content": { "text": "🦷 Bite on the gauze for 30 minutes. No hot drinks today.\nกัดผ้าก๊อซไว้ 30 นาที วันนี้งดเครื่องดื่มร้อน" } },
            { "name": "Bleeding check", "trigger": { "type": "delay", "value": "30s" }, "messageType": "text",
              "content": { "text": "A short question about how you are doing." }, "requiresFeedback": true,
              "feedback": { "question": "Has the bleeding stopped? / เลือดหยุดหรือยัง", "buttons": [
                { "label": "Yes / หยุดแล้ว", "value": "stopped", "action": "complete" },
                { "label": "Not yet / ยังไม่หยุด", "value": "bleeding", "action": "postpone" },
                { "label": "It hurts / ปวดมาก", "value": "pain", "action": "complete", "worrying": true } ] } },
            { "name": "Painkiller", "trigger": { "type": "scheduled", "value": "09:00,21:00", "days": 3 }, "messageType": "text",
              "content": { "text": "Time for your painkiller.\nได้เวลายาแก้ปวด" }, "freshnessHours": 3 },
            { "name": "How is it healing?", "trigger": { "type": "delay", "value": "2d" }, "messageType": "text",
              "content": { "text": "Two days have passed. Rinse gently with salt water." } },
        ]
    })
}

fn medication() -> serde_json::Value {
    json!({
        "name": "Demo: Blood pressure medicine",
        "description": "An example. Have a clinician check a care plan before it is used.",
        "steps": [
            { "name": "Welcome", "trigger": { "type": "immediate" }, "messageType": "flex",
              "content": { "altText": "Your medicine plan / お薬のご案内 / 用藥提醒", "contents": {
                "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": [
                    { "type": "text", "text": "Your medicine plan", "weight": "bold", "size": "lg" },
                    { "type": "text", "text": "毎日同じ時間に / 每天固定時間服藥", "wrap": true, "color": "#666666" } ] } } } },
            { "name": "Taken?", "trigger": { "type": "delay", "value": "1m" }, "messageType": "text",
              "content": { "text": "💊 Time for your medicine." }, "requiresFeedback": true,
              "feedback": { "question": "Taken?", "buttons": [
                { "label": "Done", "value": "taken", "action": "complete" },
                { "label": "Later", "value": "later", "action": "postpone" },
                { "label": "Skip today", "value": "skipped", "action": "skip" } ] },
              "translations": {
                "ja": asked("💊 お薬の時間です。", "飲みましたか",
                    [("taken", "はい"), ("later", "あとで"), ("skipped", "今日は休む")]),
                "zh-TW": asked("💊 服藥時間到了。", "吃藥了嗎？",
                    [("taken", "吃了"), ("later", "稍後"), ("skipped", "今天跳過")]),
                "th": asked("💊 ได้เวลาทานยาแล้ว", "ทานยาแล้วหรือยัง",
                    [("taken", "ทานแล้ว"), ("later", "ไว้ทีหลัง"), ("skipped", "วันนี้ขอข้าม")]) } },
            { "name": "Every morning", "trigger": { "type": "recurring", "value": "0 8 * * *" }, "messageType": "text",
              "content": { "text": "Good morning. Time for your medicine." }, "freshnessHours": 3 },
        ]
    })
}

/// A step with a question, translated: its text, its question and its buttons.
fn asked(text: &str, question: &str, buttons: [(&str, &str); 3]) -> serde_json::Value {
    let buttons = buttons.map(|(value, label)| json!({ "value": value, "label": label }));
    json!({ "messageType": "text", "content": { "text": text },
            "feedback": { "question": question, "buttons": buttons } })
}

/// The number of evenings that ask about the exercises.
pub(super) const EVENINGS: i64 = 14;

fn knee_exercises() -> serde_json::Value {
    json!({
        "name": "Demo: After a knee replacement",
        "description": "An example. Have a clinician check a care plan before it is used.",
        "steps": [
            { "name": "Exercises", "trigger": { "type": "scheduled", "value": "18:00", "days": EVENINGS },
              "messageType": "text", "content": { "text": "🦵 Ten slow knee bends, lying down." },
              "requiresFeedback": true,
              "feedback": { "question": "Did you do the exercises today?", "buttons": [
                { "label": "Done", "value": "done", "action": "complete" },
                { "label": "Not today", "value": "not_today", "action": "skip" },
                { "label": "It hurts", "value": "pain", "action": "complete", "worrying": true } ] },
              "translations": {
                "ja": asked("🦵 横になって、ゆっくり膝の曲げ伸ばしを10回。", "今日の運動はできましたか",
                    [("done", "できた"), ("not_today", "今日は休む"), ("pain", "痛い")]),
                "zh-TW": asked("🦵 平躺，慢慢彎曲膝蓋十次。", "今天做運動了嗎？",
                    [("done", "做了"), ("not_today", "今天沒做"), ("pain", "會痛")]),
                "th": asked("🦵 นอนหงาย งอเข่าช้า ๆ 10 ครั้ง", "วันนี้ได้ออกกำลังเข่าหรือยังคะ",
                    [("done", "ทำแล้ว"), ("not_today", "วันนี้ไม่ได้ทำ"), ("pain", "ปวด")]) } },
        ]
    })
}
