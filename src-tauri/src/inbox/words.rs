//! Replies that Clinicue words itself, in the patient's language. Short and plain; no medical word,
//! and never a promise that somebody reads at once.

use chrono_tz::Tz;

use crate::{
    clock::Timestamp,
    domain::{
        calendar::local_of,
        clinic::Clinic,
        feedback::FeedbackAction,
        language::{DateForm, Language},
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// The answer is noted: its meaning, and its label.
    Noted(FeedbackAction, String),
    /// The question comes again at this instant, shown in the patient's zone.
    AskedAgain(Timestamp, Tz),
    /// The same, on another day.
    AskedAgainOn(Timestamp, Tz),
    /// It does not come again by itself.
    PostponedTooOften,
    /// An answer with this label was given before.
    AnsweredBefore(String),
    NotOffered,
    /// What was chosen has passed.
    Passed,
    NoSuchButton,
    /// Added to an answer that worries.
    Worrying,
    /// The account is linked now, to the clinic of this name.
    Linked(String),
    WrongCode,
    UsedCode,
    ExpiredCode,
    /// Staff decide about the link first.
    StaffDecide,
    TooManyCodes,
    /// The words alarm; the text says whom to call.
    Alarming(String),
    /// The next message is planned for this instant, shown in the patient's zone.
    Planned(Timestamp, Tz),
    /// A message is planned, and nobody can say for when.
    Waiting,
    NothingPlanned,
    /// The writer is unknown; the clinic has this name.
    HowToLink(String),
}

pub(super) fn say(words: &Words, language: Language) -> String {
    let text = text_of(words).in_language(language);
    match words {
        Words::Noted(_, about)
        | Words::AnsweredBefore(about)
        | Words::Linked(about)
        | Words::Alarming(about)
        | Words::HowToLink(about) => text.replace("{}", about),
        Words::AskedAgain(at, zone) => text.replace("{}", &local_of(*at, *zone).format("%H:%M").to_string()),
        Words::Planned(at, zone) | Words::AskedAgainOn(at, zone) => {
            let local = local_of(*at, *zone);
            let day = language.day(local.date(), DateForm::Long);
            text.replace("{day}", &day).replace("{time}", &language.time(local.time()))
        }
        _ => text.to_owned(),
    }
}

/// That a question is asked again at `at`, with its day where that is not today's.
pub(super) fn asked_again(at: Timestamp, now: Timestamp, zone: Tz) -> Words {
    if local_of(at, zone).date() == local_of(now, zone).date() {
        Words::AskedAgain(at, zone)
    } else {
        Words::AskedAgainOn(at, zone)
    }
}

/// The results of the codes of a text, said in the language of the answer they stand in, so that
/// one answer speaks one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The result of one or several codes.
    pub(super) words: Vec<Words>,
    /// The locale of the patient the code belongs to; `None` where it belongs to none.
    pub(super) locale: Option<String>,
}

impl Told {
    pub(super) fn in_language(&self, language: Language) -> String {
        let mut lines: Vec<_> = self.words.iter().map(|words| say(words, language)).collect();
        lines.dedup();
        lines.join("\n")
    }
}

/// The emergency text in one language: the clinic's own, else ours with the clinic's number.
pub(super) fn alarming(clinic: &Clinic, language: Language) -> String {
    let whom_to_call = match clinic.emergency_text.of(language) {
        Some(own) => own.to_owned(),
        None => with_number(Text::EMERGENCY.in_language(language), clinic, language),
    };
    say(&Words::Alarming(whom_to_call), language)
}

/// The words below the answer to a worrying press, in one language.
pub(super) fn worrying(clinic: &Clinic, language: Language) -> String {
    with_number(&say(&Words::Worrying, language), clinic, language)
}

/// Words that ask to call the clinic, with its number where it is known.
fn with_number(words: &str, clinic: &Clinic, language: Language) -> String {
    let number = clinic.phone.as_deref().map(str::trim).filter(|number| !number.is_empty());
    number.map_or_else(
        || words.to_owned(),
        |number| format!("{words}\n{}", Text::NUMBER.in_language(language).replace("{}", number)),
    )
}

fn text_of(words: &Words) -> Text {
    match words {
        Words::Noted(FeedbackAction::Skip, _) => Text::SKIPPED,
        Words::Noted(..) => Text::NOTED,
        Words::AskedAgain(..) => Text::ASKED_AGAIN,
        Words::AskedAgainOn(..) => Text::ASKED_AGAIN_ON,
        Words::PostponedTooOften => Text::POSTPONED_TOO_OFTEN,
        Words::AnsweredBefore(_) => Text::ANSWERED_BEFORE,
        Words::NotOffered => Text::NOT_OFFERED,
        Words::Passed => Text::PASSED,
        Words::NoSuchButton => Text::NO_SUCH_BUTTON,
        Words::Worrying => Text::WORRYING,
        Words::Linked(_) => Text::LINKED,
        Words::WrongCode => Text::WRONG_CODE,
        Words::UsedCode => Text::USED_CODE,
        Words::ExpiredCode => Text::EXPIRED_CODE,
        Words::StaffDecide => Text::STAFF_DECIDE,
        Words::TooManyCodes => Text::TOO_MANY_CODES,
        Words::Alarming(_) => Text::ALARMING,
        Words::Planned(..) => Text::PLANNED,
        Words::Waiting => Text::WAITING,
        Words::NothingPlanned => Text::NOTHING_PLANNED,
        Words::HowToLink(_) => Text::HOW_TO_LINK,
    }
}

/// A text in every language; `{}` is the place of a name, a label or a time.
struct Text {
    english: &'static str,
    thai: &'static str,
    japanese: &'static str,
    traditional_chinese: &'static str,
}

impl Text {
    const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Thai => self.thai,
            Language::Japanese => self.japanese,
            Language::TraditionalChinese => self.traditional_chinese,
        }
    }

    const SKIPPED: Self = Self {
        english: "Noted: {}.",
        thai: "บันทึกแล้ว: {}",
        japanese: "記録しました：{}",
        traditional_chinese: "已記錄：{}",
    };

    const NOTED: Self = Self {
        english: "Thank you. We have noted: {}.",
        thai: "ขอบคุณค่ะ บันทึกแล้ว: {}",
        japanese: "ありがとうございます。記録しました：{}",
        traditional_chinese: "謝謝您，已記錄：{}",
    };

    const ASKED_AGAIN: Self = Self {
        english: "All right. We will ask again at {}.",
        thai: "รับทราบค่ะ เราจะถามอีกครั้งเวลา {} น.",
        japanese: "わかりました。{}にもう一度おたずねします。",
        traditional_chinese: "好的，我們會在 {} 再次詢問您。",
    };

    const PASSED: Self = Self {
        english: "This day or time has already passed. Please press the button once more and choose a later one, \
         or ask the clinic.",
        thai: "วันหรือเวลานี้ผ่านไปแล้ว โปรดกดปุ่มอีกครั้งแล้วเลือกวันหรือเวลาหลังจากนี้ หรือสอบถามคลินิก",
        japanese: "この日時はすでに過ぎています。もう一度ボタンを押して、これより後の日時をお選びいただくか、クリニックにお問い合わせください。",
        traditional_chinese: "這個日期或時間已經過了。請再按一次按鈕，選擇之後的時間，或詢問診所。",
    };

    const ASKED_AGAIN_ON: Self = Self {
        english: "All right. We will ask again on {day}, {time}.",
        thai: "รับทราบค่ะ เราจะถามอีกครั้งวันที่ {day} เวลา {time}",
        japanese: "わかりました。{day} {time}にもう一度おたずねします。",
        traditional_chinese: "好的，我們會在 {day} {time} 再次詢問您。",
    };

    const POSTPONED_TOO_OFTEN: Self = Self {
        english: "Noted. We will not ask again by message; the clinic will see that this is still open.",
        thai: "บันทึกแล้วค่ะ เราจะไม่ส่งข้อความถามซ้ำอีก ทางคลินิกจะเห็นว่ารายการนี้ยังค้างอยู่",
        japanese: "記録しました。これ以上メッセージではおたずねしませんが、未完了であることはクリニックに伝わります。",
        traditional_chinese: "已記錄。我們不會再以訊息詢問，診所會看到這一項尚未完成。",
    };

    const ANSWERED_BEFORE: Self = Self {
        english: "We already have your first answer: {}. The clinic sees this one, too.",
        thai: "เราได้รับคำตอบแรกของคุณแล้ว: {} ทางคลินิกจะเห็นคำตอบนี้ด้วย",
        japanese: "最初の回答をすでに受け取っています：{}。今回の回答もクリニックに伝わります。",
        traditional_chinese: "我們已收到您的第一次回覆：{}。診所也會看到這次的回覆。",
    };

    const NOT_OFFERED: Self = Self {
        english: "We could not take this choice. Please press the button once more and choose one of the days or times it \
         offers.",
        thai: "ไม่สามารถบันทึกวันหรือเวลานี้ได้ โปรดกดปุ่มอีกครั้งแล้วเลือกวันหรือเวลาที่มีให้เลือก",
        japanese: "この日時は受け付けられませんでした。もう一度ボタンを押して、選べる日時の中からお選びください。",
        traditional_chinese: "無法接受這個日期或時間。請再按一次按鈕，並從可選的日期或時間中選擇。",
    };

    const NO_SUCH_BUTTON: Self = Self {
        english: "We could not take this answer. Please press one of the buttons under the question once more.",
        thai: "ไม่สามารถบันทึกคำตอบนี้ได้ โปรดกดปุ่มใดปุ่มหนึ่งใต้คำถามอีกครั้ง",
        japanese: "この回答は受け付けられませんでした。質問の下にあるボタンからもう一度お選びください。",
        traditional_chinese: "無法接受這個回覆。請再按一次問題下方的其中一個按鈕。",
    };

    const WORRYING: Self = Self {
        english: "The clinic will look at your answer. If you feel very unwell, do not wait: call the clinic or the \
         emergency number now.",
        thai: "ทางคลินิกจะดูคำตอบของคุณ หากรู้สึกไม่สบายมาก อย่ารอ โปรดโทรหาคลินิกหรือเบอร์ฉุกเฉินทันที",
        japanese: "クリニックが回答を確認します。つらいときは待たずに、すぐにクリニックか救急に電話してください。",
        traditional_chinese: "診所會查看您的回覆。若您覺得很不舒服，請不要等待，立即致電診所或緊急電話。",
    };

    const LINKED: Self = Self {
        english: "Thank you. From now on you get messages from {} here.",
        thai: "ขอบคุณค่ะ ต่อไปนี้คุณจะได้รับข้อความจาก {} ที่นี่",
        japanese: "ありがとうございます。今後はこちらに{}からのメッセージが届きます。",
        traditional_chinese: "謝謝您。今後您會在這裡收到 {} 的訊息。",
    };

    const WRONG_CODE: Self = Self {
        english: "We do not know this code. Please check it, or ask the clinic for a new one.",
        thai: "ไม่พบรหัสนี้ โปรดตรวจสอบอีกครั้ง หรือขอรหัสใหม่จากคลินิก",
        japanese: "このコードは見つかりませんでした。もう一度ご確認いただくか、クリニックで新しいコードをお受け取りください。",
        traditional_chinese: "找不到這組代碼。請再確認一次，或向診所索取新的代碼。",
    };

    const USED_CODE: Self = Self {
        english: "This code was used already. Please ask the clinic for a new one.",
        thai: "รหัสนี้ถูกใช้ไปแล้ว โปรดขอรหัสใหม่จากคลินิก",
        japanese: "このコードはすでに使用されています。クリニックで新しいコードをお受け取りください。",
        traditional_chinese: "這組代碼已使用過。請向診所索取新的代碼。",
    };

    const EXPIRED_CODE: Self = Self {
        english: "This code has expired. Please ask the clinic for a new one.",
        thai: "รหัสนี้หมดอายุแล้ว โปรดขอรหัสใหม่จากคลินิก",
        japanese: "このコードは有効期限が切れています。クリニックで新しいコードをお受け取りください。",
        traditional_chinese: "這組代碼已過期。請向診所索取新的代碼。",
    };

    const STAFF_DECIDE: Self = Self {
        english: "Thank you. The clinic will check this and link your account.",
        thai: "ขอบคุณค่ะ ทางคลินิกจะตรวจสอบและเชื่อมบัญชีของคุณ",
        japanese: "ありがとうございます。クリニックが確認のうえ、アカウントを登録します。",
        traditional_chinese: "謝謝您。診所會確認後為您連結帳號。",
    };

    const ALARMING: Self = Self {
        english: "The clinic has your message. {}",
        thai: "ทางคลินิกได้รับข้อความของคุณแล้ว {}",
        japanese: "クリニックがメッセージを受け取りました。{}",
        traditional_chinese: "診所已收到您的訊息。{}",
    };

    const EMERGENCY: Self = Self {
        english: "Nobody may read it at once. In an emergency do not wait: call the emergency number or the clinic now.",
        thai: "อาจไม่มีผู้อ่านข้อความในทันที หากเป็นเหตุฉุกเฉิน อย่ารอ โปรดโทรเบอร์ฉุกเฉินหรือคลินิกทันที",
        japanese: "すぐに読まれるとは限りません。緊急のときは待たずに、すぐに救急かクリニックに電話してください。",
        traditional_chinese: "訊息不一定會立刻被看到。若情況緊急，請不要等待，立即撥打緊急電話或致電診所。",
    };

    const NUMBER: Self = Self {
        english: "The clinic's number: {}",
        thai: "เบอร์โทรคลินิก: {}",
        japanese: "クリニックの電話番号：{}",
        traditional_chinese: "診所電話：{}",
    };

    const PLANNED: Self = Self {
        english: "Your next message is planned for {day}, {time}.",
        thai: "ข้อความถัดไปของคุณกำหนดไว้วันที่ {day} เวลา {time}",
        japanese: "次のメッセージは{day} {time}の予定です。",
        traditional_chinese: "您的下一則訊息預定於 {day} {time} 傳送。",
    };

    const WAITING: Self = Self {
        english: "A message is planned for you, but its time is not certain yet. If you have a question, please ask the clinic.",
        thai: "มีข้อความที่กำหนดไว้สำหรับคุณ แต่ยังไม่แน่นอนว่าจะส่งเมื่อใด หากมีคำถาม โปรดสอบถามคลินิก",
        japanese: "お送りする予定のメッセージがありますが、日時はまだ決まっていません。ご不明な点はクリニックにお問い合わせください。",
        traditional_chinese: "有一則為您預定的訊息，但傳送時間尚未確定。如有疑問，請詢問診所。",
    };

    const NOTHING_PLANNED: Self = Self {
        english: "No message is planned for you at the moment.",
        thai: "ขณะนี้ยังไม่มีข้อความที่กำหนดไว้สำหรับคุณ",
        japanese: "現在、予定されているメッセージはありません。",
        traditional_chinese: "目前沒有為您預定的訊息。",
    };

    const HOW_TO_LINK: Self = Self {
        english: "Thank you for writing to {}. We do not know yet who you are here; the clinic sees your message. \
         To be linked, send us the code on the slip from the clinic, or ask the clinic for one.",
        thai: "ขอบคุณที่ส่งข้อความถึง {} ค่ะ เรายังไม่ทราบว่าคุณคือใคร ทางคลินิกจะเห็นข้อความของคุณ หากต้องการเชื่อมบัญชี โปรดส่งรหัสบนใบที่ได้รับจากคลินิก หรือขอรหัสจากคลินิก",
        japanese: "{}へのご連絡ありがとうございます。まだどなたか確認できていませんが、メッセージはクリニックに届いています。登録するには、クリニックでお渡しした用紙のコードを送るか、クリニックでコードをお受け取りください。",
        traditional_chinese: "謝謝您傳訊息給 {}。我們還不知道您是哪一位，診所會看到您的訊息。若要連結帳號，請傳送診所給您的單子上的代碼，或向診所索取代碼。",
    };

    const TOO_MANY_CODES: Self = Self {
        english: "That were too many codes. Please ask the clinic for help.",
        thai: "ลองรหัสหลายครั้งเกินไป โปรดขอความช่วยเหลือจากคลินิก",
        japanese: "コードの入力回数が多すぎます。クリニックにお問い合わせください。",
        traditional_chinese: "嘗試次數過多，請洽診所協助。",
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_the_patients_zone() {
        let at = Timestamp::from_millis(0);
        let said = say(&Words::AskedAgain(at, Tz::Asia__Tokyo), Language::Japanese);
        assert!(said.contains("09:00"), "{said}");
    }
}
