use super::*;

const ALARMING: &[&str] = &[
    "I am BLEEDING a lot",
    "ｆｅｖｅｒ since monday",
    "breathless",
    "it is a severe   pain",
    "ฉันหายใจไม่ออก",
    "คุณหมอ มีไข้ค่ะ",
    "傷口から出血しています",
    "我一直發燒",
    "เลือด\u{200b}ออก",
    "เลือด ออก มาก",
    "เเน่นหน้าอก",
    "ble\u{ad}eding",
    "I feel suicidal",
    "it bleeds again",
    "there is blood in it",
    "I want to die",
    "อยากตาย",
    "เจ็บหน้าอกมาก",
    "แผลมีเลือดซึม",
    "もう死にたいです",
    "息苦しいです",
    "我想死",
    "喘不過氣來",
    "胸痛",
    "the pain is severe",
    "pain is unbearable",
    "the wound bled a lot",
    "เป็นไข้ค่ะ",
    "ไข้ขึ้นสูง",
    "มีอาการ ไข้ 39 องศา",
    "หายใจติดขัด",
    "เหนื่อยหอบ",
    "ปวดรุนแรง",
    "ปวดแผลมาก",
    "熱があります",
    "熱が出ました",
    "39度の熱です",
    "激しく痛みます",
    "すごく痛いです",
    "とても痛い",
    "胸口痛",
    "胸口悶",
    "胸部疼痛",
    "劇烈疼痛",
    "痛到受不了",
    "非常痛",
    "しにたい",
    "じさつしたい",
    "むねがいたい",
    "いきができない",
    "ねつがあります",
    "しゅっけつしています",
    "シュッケツ",
    "ｼｭｯｹﾂ",
    "ちが止まりません",
    "強い痛みがあります",
    "痛くて眠れない",
    "ปวดท้องมากค่ะ",
    "ปวดหัวมาก",
    "ปวดฟันมากๆ",
    "เจ็บแผลมาก",
    "ไม่มีไข้ แต่มีเลือดออก",
    "ไม่ มีไข้ค่ะ",
    "痛死了",
    "燒到三十九度",
    "发烧了",
    "我想自杀",
    "剧痛",
    "沒有發燒，可是胸痛",
    "ไม่มีเลือดไปเลี้ยงที่เท้า",
    "不知道有沒有發燒",
    "有沒有出血",
    "沒有發燒嗎？",
    "昨日は出血はありませんでしたが、今はあります",
    "เมื่อวานไม่มีไข้ วันนี้มี",
    "ไม่มีไข้ไหมคะ",
    "ไม่มีไข้ 39 องศา",
    "ไข้ไม่ลดค่ะ",
    "ちがとまりません",
    "熱が下がりません",
    "熱が39.2",
    "死のうと思う",
    "血流不止",
    "體溫38.5",
];

#[test]
fn the_signs_a_phone_writes_for_others_hide_no_word() {
    let words = AlarmWords::default();
    for text in ["There’s blood everywhere", "there´s blood", "thoughts of self harm", "SELF‑HARM", "ไข้ ๓๙.๕"]
    {
        assert!(words.are_in(text), "{text}");
    }
    let own = AlarmWords {
        ja: vec!["シュッケツ".into()], th: vec!["ไม่มีไข้".into()], ..words.clone()
    };
    assert!(own.are_in("しゅっけつ") && own.are_in("ไม่มีไข้ค่ะ"), "what staff write counts");
    let own = AlarmWords { en: vec!["can’t breathe".into()], ..words };
    assert!(own.are_in("I can't breathe"));
}

#[test]
fn a_word_that_alarms_is_found_however_it_is_written() {
    let words = AlarmWords::default();
    for text in ALARMING {
        assert!(words.are_in(text), "{text}");
    }
}

#[test]
fn a_word_within_another_and_what_is_well_alarm_nobody() {
    let words = AlarmWords::default();
    for text in [
        "",
        "thank you",
        "I play in an orchestra",
        "my blood pressure is 128/80",
        "when is my blood test?",
        "คนไข้สบายดีค่ะ",
        "นัดตรวจเลือดวันไหนคะ",
        "元気です",
        "熱はありません",
        "熱がありません",
        "chestnut soup",
        "ไม่มีไข้ค่ะ",
        "ไม่มีเลือดออกแล้ว",
        "沒有發燒",
        "今天沒有發燒了，謝謝",
        "วันนี้ไม่มีไข้ค่ะ ไม่มีเลือดออกครับ",
        "出血はありません",
        "友だちができました",
        "話がちがいます",
        "謝謝",
    ] {
        assert!(!words.are_in(text), "{text}");
    }
}

#[test]
fn an_alarm_has_the_language_of_its_words() {
    let words = AlarmWords::default();
    let of = |text, usual| words.language_of(text, usual);
    assert_eq!(of("息苦しい", Language::Thai), Some(Language::Japanese));
    assert_eq!(of("出血", Language::TraditionalChinese), Some(Language::TraditionalChinese));
    assert_eq!(of("出血", Language::Thai), Some(Language::Japanese));
    assert_eq!(of("bleeding", Language::Thai), Some(Language::English));
    assert_eq!(of("hello", Language::English), None);
}

#[test]
fn a_list_that_nobody_edited_grows_with_ours_and_an_edited_one_stays() {
    #[derive(Deserialize)]
    struct Kept(#[serde(deserialize_with = "stored")] AlarmWords);
    let read = |words: &AlarmWords| {
        let json = serde_json::to_value(words).expect("JSON");
        serde_json::from_value::<Kept>(json).expect("the form is right").0
    };
    let now = AlarmWords::default();
    let first = |words: &[String], n: usize| words[..n].to_vec();
    let as_it_was = |[en, th, ja, zh_tw]: [usize; 4]| AlarmWords {
        en: first(&now.en, en),
        th: first(&now.th, th),
        ja: first(&now.ja, ja),
        zh_tw: first(&now.zh_tw, zh_tw),
    };
    for counts in EARLIER {
        assert_eq!(read(&as_it_was(counts)), now);
    }
    let ([en, th, ja, zh_tw], before) = (EARLIER[0], as_it_was(EARLIER[0]));
    let edited = AlarmWords { en: vec!["dizzy".into()], th: Vec::new(), ..before };
    let kept = read(&edited);
    assert_eq!((&kept.en, &kept.th), (&edited.en, &edited.th));
    assert_eq!((&kept.ja, &kept.zh_tw), (&now.ja, &now.zh_tw));
    assert_eq!(now.en[en - 1], "overdose");
    assert_eq!(now.th[th - 1], "หมดสติ");
    assert_eq!(now.ja[ja - 1], "意識が");
    assert_eq!(now.zh_tw[zh_tw - 1], "昏迷");
    let [en, th, ja, zh_tw] = EARLIER[1];
    let last = (&now.en[en - 1], &now.th[th - 1], &now.ja[ja - 1], &now.zh_tw[zh_tw - 1]);
    assert_eq!(last, (&"collaps".into(), &"เป็นลม".into(), &"失神".into(), &"暈倒".into()));
    let [en, th, ja, zh_tw] = EARLIER[2];
    let last = (&now.en[en - 1], &now.th[th - 1], &now.ja[ja - 1], &now.zh_tw[zh_tw - 1]);
    assert_eq!(last, (&"bled through".into(), &"ทนไม่ไหว".into(), &"耐えられな".into(), &"40度".into()));
}

#[test]
fn an_empty_list_alarms_nobody() {
    let none = AlarmWords { en: vec![], th: vec![], ja: vec![], zh_tw: vec![] };
    assert!(!none.are_in("bleeding"));
    for nothing in [" ", "\u{200b}"] {
        let blank = AlarmWords { en: vec![nothing.into()], th: vec![nothing.into()], ..none.clone() };
        assert!(!blank.are_in("anything at all"), "{nothing:?}");
    }
}

#[test]
fn the_clinics_own_words_come_first_and_an_empty_text_is_none() {
    let text = EmergencyText { th: " โทร 1669 ".into(), ..EmergencyText::default() };
    assert_eq!(text.of(Language::Thai), Some("โทร 1669"));
    assert_eq!(text.of(Language::English), None);
}
