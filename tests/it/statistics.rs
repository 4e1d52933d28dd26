//! Rates, times and values, and that the sums are true.

use chrono::TimeDelta;
use clinicue::store::statistics::{self, Scope};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{NOON, TestApp, asking, at, id, line_user};

async fn answers(app: &TestApp, query: &str) -> Value {
    app.get(&format!("/api/statistics/answers{query}")).await.expect(200)
}

#[tokio::test]
async fn statistics_tell_rates_times_and_values_by_protocol_step_and_patient() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let protocol = app.protocol(json!([asking()])).await;
    let mut ids = Vec::new();
    for n in 1..=4 {
        let patient = app.patient(n).await;
        let body = json!({ "patientId": patient, "protocolId": protocol });
        let assignment = id(&app.post("/api/assignments", body).await.expect(201));
        app.act(&assignment, "start").await.expect(200);
        ids.push(patient);
    }
    app.drain().await;
    for (n, label) in [(1, "Done"), (2, "Done"), (3, "Not today")] {
        app.clock.advance(TimeDelta::minutes(1));
        app.press(n, label).await;
    }
    app.pass(TimeDelta::hours(24)).await;
    let all = answers(&app, "").await["all"].clone();
    assert_eq!((&all["asked"], &all["responded"], &all["missed"]), (&json!(4), &json!(3), &json!(1)));
    assert_eq!((&all["responseRate"], &all["adherence"]), (&json!(0.75), &json!(0.5)));
    assert_eq!((&all["medianAnswerMs"], &all["averageAnswerMs"]), (&json!(120_000.0), &json!(120_000.0)));
    assert_eq!(all["values"], json!([{ "value": "done", "count": 2 }, { "value": "no", "count": 1 }]));
    let by = answers(&app, &format!("?protocolId={protocol}")).await;
    assert_eq!(by["protocols"][0]["steps"][0]["name"], "Morning dose");
    assert_eq!(by["protocols"][0]["steps"][0]["answers"]["completed"], 2);
    let one = answers(&app, &format!("?patientId={}", ids[2])).await;
    assert_eq!((&one["all"]["asked"], &one["all"]["skipped"]), (&json!(1), &json!(1)));
}

#[derive(Clone, Debug)]
enum Act {
    Send(u32),
    Press(u32, usize),
    Write(u32),
    Block(u32, bool),
    Pass(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let user = 1_u32..4;
    let act = prop_oneof![
        user.clone().prop_map(Act::Send),
        (user.clone(), 0_usize..4).prop_map(|(n, b)| Act::Press(n, b)),
        user.clone().prop_map(Act::Write),
        (user, any::<bool>()).prop_map(|(n, b)| Act::Block(n, b)),
        (1_i64..2_000).prop_map(Act::Pass),
    ];
    prop::collection::vec(act, 5..40)
}

async fn live(app: &TestApp, act: &Act, protocol: &str, patients: &[String]) {
    match act {
        Act::Send(n) => {
            let body = json!({ "patientId": patients[*n as usize - 1], "protocolId": protocol });
            let assignment = id(&app.post("/api/assignments", body).await.expect(201));
            app.act(&assignment, "start").await.expect(200);
            app.drain().await;
        }
        Act::Press(n, which) => {
            let buttons = app.buttons(*n);
            if let Some((label, data)) = buttons.get(*which) {
                app.line.sandbox.tap(&line_user(*n), data, Some(label)).await;
                app.hear().await;
            }
        }
        Act::Write(n) => {
            app.line.sandbox.text(&line_user(*n), "hello").await;
            app.hear().await;
        }
        Act::Block(n, blocked) => {
            app.line.sandbox.block(&line_user(*n), *blocked).await;
            app.hear().await;
        }
        Act::Pass(minutes) => app.pass(TimeDelta::minutes(*minutes)).await,
    }
}

/// The sums and a plain recount agree, over everything and over odd spans, in two zones.
async fn agree(app: &TestApp) {
    let pool = app.core().store.read();
    let mut conn = pool.acquire().await.expect("a connection");
    let end = app.core().now().plus_millis(1);
    let begin = at(NOON).plus_millis(-86_400_000);
    let length = end.millis_since(begin);
    for (from, to) in [(0, 1), (1, 3), (2, 5), (0, 2)].map(|(n, d)| (length * n / d, length)) {
        let (from, to) = (begin.plus_millis(from), begin.plus_millis(to));
        let sums = statistics::sums(pool, from, to).await.expect("sums");
        assert_eq!(sums, statistics::recount(&mut conn, from, to).await.expect("a recount"));
        let zone = app.core().clinic().time_zone;
        let sorted = |mut by: statistics::ByStep| {
            by.values_mut().for_each(|a| a.times.sort_unstable());
            by.retain(|_, a| a.sent + a.failed > 0);
            by
        };
        let summed = statistics::answers(pool, Scope::default(), from, to, zone).await.expect("sums");
        let counted =
            statistics::recount_answers(&mut conn, Scope::default(), from, to).await.expect("a recount");
        assert_eq!(sorted(summed), sorted(counted));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn statistics_always_agree_with_a_plain_recount(acts in acts()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let app = TestApp::start().await;
            app.listen_to_phones();
            let protocol = app.protocol(json!([asking()])).await;
            let mut patients = Vec::new();
            for n in 1..=3 {
                patients.push(app.patient(n).await);
            }
            for act in &acts {
                live(&app, act, &protocol, &patients).await;
            }
            agree(&app).await;
            let zone = json!({ "timeZone": "Asia/Kathmandu" });
            app.call_as(&app.token, "PATCH", "/api/settings", Some(zone)).await.expect(200);
            agree(&app).await;
            clinicue::schedule::recount::all(app.core()).await.expect("counted anew");
            agree(&app).await;
        });
    }
}
