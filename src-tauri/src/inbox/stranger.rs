//! Strangers, whose LINE account is no patient's: looked up at LINE, and told once a day how to be
//! linked.

use std::{collections::HashMap, sync::Arc};

use futures::StreamExt as _;

use super::{
    known::Known,
    received::{Received, Situation},
    reply::{self, Reply},
    words::{self, Words},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    domain::{clinic::Clinic, language::Language, menu::Button},
    ids::{SaidId, StrangerId},
    line::{LineError, webhook::What},
    store::{
        Conn, media,
        patient_messages::POSTBACK,
        strangers::{self, Asked, Heard, NewWords, Stranger},
    },
};

/// The least milliseconds until somebody is told again how to be linked.
pub(super) const ONCE_IN_MS: i64 = DAY_MS;

/// The most strangers looked up in one go; the next event brings the rest.
const MAX_ROUND: u32 = 50;

const MAX_AT_ONCE: usize = 8;

/// LINE's have up to 20.
const MAX_NAME: usize = 100;

const MAX_LOCALE: usize = 20;

/// A stranger to tell how to be linked; the words depend on their language, which LINE has to be
/// asked for.
pub(super) struct Greeting {
    user: String,
    reply: Reply,
}

/// The acts of strangers in a batch: gathered event by event, written in a few statements.
#[derive(Default)]
pub(super) struct Strangers {
    heard: HashMap<String, Heard>,
    words: Vec<NewWords>,
    media: Vec<media::New>,
    /// To be answered after the commit, once LINE was asked who they are.
    pub(super) greetings: Vec<Greeting>,
    /// To be sent right after the commit.
    pub(super) replies: Vec<Reply>,
}

impl Strangers {
    pub(super) fn hear(&mut self, received: &Received, user: &str, known: &Known, situation: &Situation<'_>) {
        let now = situation.now;
        self.media.extend(received.to_fetch(now));
        let mut details = None;
        let (mut token, mut quote) = (None, None);
        let (line_message_id, kind, text, press) = match &received.event.what {
            What::Message { id, kind, text, with, read_token, quote_token, .. } => {
                details.clone_from(&with.details);
                token.clone_from(read_token);
                quote.clone_from(quote_token);
                (id.clone(), kind.clone(), text.clone(), None)
            }
            What::Postback { data, params } => {
                (format!("{POSTBACK} {}", received.id), POSTBACK.to_owned(), None, Some((data, params)))
            }
            What::Unsend { .. }
            | What::Follow
            | What::Unfollow
            | What::Watched { .. }
            | What::SignOfLife
            | What::Other => return,
        };
        let heard = self.heard.entry(user.to_owned()).or_insert_with(|| Heard {
            id: StrangerId::new(now),
            line_user_id: user.to_owned(),
            opens: false,
            urgent: false,
            answered: false,
            untold_from: None,
        });
        let button = press.as_ref().and_then(|(data, _)| Button::of(data));
        heard.opens |= press.is_none() || button == Some(Button::Worse);
        let stranger = known.strangers.get(user);
        let told = heard.answered || !is_told_again(stranger.and_then(|s| s.answered_at), now);
        let speaks = press.is_none() || button.is_some();
        let how_to_link = speaks && !told && received.told.is_none();
        let alarm = alarm_of(text.as_deref(), button, stranger, situation.clinic);
        let answers = received.event.reply_token.is_some();
        heard.answered |= how_to_link && answers;
        let usual = Language::of(stranger.and_then(|s| s.locale.as_deref()), situation.clinic.time_zone);
        self.answer(received, user, (alarm, usual), how_to_link, situation);
        let label = button.map(|button| button.label(usual).to_owned());
        self.words.push(NewWords {
            id: SaidId::new(now),
            line_user_id: user.to_owned(),
            line_message_id,
            kind,
            text,
            label,
            data: press.map(|(data, _)| data.clone()),
            params: press.map(|(_, params)| params.clone()),
            alarms: alarm.is_some(),
            details,
            read_token: token,
            quote_token: quote,
            said_at: received.at,
        });
    }

    /// The answer to a stranger: whom to call where something `alarms`, in that language and at
    /// once; the result of a code, in the same language or their `usual` one; how to be linked.
    fn answer(
        &mut self,
        received: &Received,
        user: &str,
        (alarms, usual): (Option<Language>, Language),
        how_to_link: bool,
        situation: &Situation<'_>,
    ) {
        let about_code = received.told.as_ref().map(|told| told.in_language(alarms.unwrap_or(usual)));
        match (alarms, about_code) {
            (Some(language), about_code) => {
                let how = how_to_link.then(|| how_to_be_linked(situation.clinic, language));
                let emergency = Some(words::alarming(situation.clinic, language));
                let texts = [emergency, about_code, how].into_iter().flatten().collect();
                let (reply, untold_from) = Reply::urgently(received, texts, situation.now);
                self.replies.extend(reply);
                if let Some(heard) = self.heard.get_mut(user) {
                    heard.urgent = true;
                    heard.untold_from = Some(untold_from.as_millis());
                }
            }
            (None, Some(about_code)) => self.replies.extend(Reply::to(received, about_code)),
            (None, None) if how_to_link => {
                let reply = Reply::to(received, String::new()).map(|reply| reply.quoting(received));
                self.greetings.extend(reply.map(|reply| Greeting { user: user.to_owned(), reply }));
            }
            (None, None) => {}
        }
    }

    pub(super) fn met(&self) -> bool {
        !self.heard.is_empty()
    }

    pub(super) fn take_media(&mut self) -> Vec<media::New> {
        std::mem::take(&mut self.media)
    }

    pub(super) fn message_ids(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|w| w.line_message_id.as_str())
    }

    /// Writes everything except the answers and the contents to fetch.
    pub(super) async fn write(self, conn: &mut Conn, now: Timestamp) -> sqlx::Result<()> {
        let heard: Vec<_> = self.heard.into_values().collect();
        strangers::hear(conn, &heard, now).await?;
        strangers::insert_words(conn, &self.words).await
    }
}

/// The language for telling somebody whom to call; `None` where nothing they did alarms. It is the
/// one LINE told before, else that of the words, else the clinic's: asking LINE first may take
/// seconds.
fn alarm_of(
    text: Option<&str>,
    button: Option<Button>,
    stranger: Option<&Stranger>,
    clinic: &Clinic,
) -> Option<Language> {
    let locale = stranger.and_then(|s| s.locale.as_deref());
    let usual = Language::of(locale, clinic.time_zone);
    if button == Some(Button::Worse) {
        return Some(usual);
    }
    let of_words = clinic.alarm_words.language_of(text?, usual)?;
    Some(if locale.is_some() { usual } else { of_words })
}

fn how_to_be_linked(clinic: &Clinic, language: Language) -> String {
    words::say(&Words::HowToLink(clinic.name.clone()), language)
}

/// Looks the strangers up at LINE and answers those who wait, in the background. Strangers not
/// looked up when the program ends come with the next event or start; an answer that was lost stays
/// lost.
pub(super) fn meet(core: &Core, greetings: Vec<Greeting>) {
    let Some(core) = core.shared() else { return };
    core.background.clone().spawn(async move {
        if let Err(error) = ask(&core).await {
            tracing::warn!(%error, "strangers could not be looked up");
        }
        match greet(&core, greetings).await {
            Ok(replies) => reply::send(&core, replies, core.now()),
            Err(error) => tracing::warn!(%error, "strangers could not be answered"),
        }
    });
}

async fn ask(core: &Arc<Core>) -> sqlx::Result<()> {
    let unknown = strangers::unasked(core.store.read(), MAX_ROUND).await?;
    if unknown.is_empty() || core.channel().down().is_some() {
        return Ok(());
    }
    let answers: Vec<_> = futures::stream::iter(unknown)
        .map(|stranger| async move { (core.line.profile(&stranger.line_user_id).await, stranger.id) })
        .buffer_unordered(MAX_AT_ONCE)
        .collect()
        .await;
    let cut = |text: String, max: usize| text.chars().take(max).collect::<String>();
    let said = answers.into_iter().filter_map(|(answer, id)| match answer {
        Ok(profile) => Some(Asked {
            id,
            display_name: profile.display_name.map(|name| cut(name, MAX_NAME)),
            locale: profile.language.map(|tag| cut(tag, MAX_LOCALE)),
        }),
        // Blocked already, or an account that shows no profile.
        Err(LineError::Refused { status: 404, .. }) => Some(Asked { id, display_name: None, locale: None }),
        // LINE is away: asked again next time.
        Err(_) => None,
    });
    let said: Vec<_> = said.collect();
    let mut tx = core.store.begin().await?;
    strangers::asked(&mut tx, &said, core.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The reply to each, in the language LINE tells, else the clinic's.
async fn greet(core: &Core, greetings: Vec<Greeting>) -> sqlx::Result<Vec<Reply>> {
    if greetings.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<_> = greetings.iter().map(|g| g.user.clone()).collect();
    let mut conn = core.store.read().acquire().await?;
    let known = strangers::by_line_users(&mut conn, &users).await?;
    let clinic = core.clinic();
    let replies = greetings.into_iter().filter_map(|greeting| {
        // Somebody who is linked by now needs no reply.
        let stranger = known.iter().find(|s| s.line_user_id == greeting.user)?;
        let language = Language::of(stranger.locale.as_deref(), clinic.time_zone);
        Some(greeting.reply.saying(how_to_be_linked(&clinic, language)))
    });
    Ok(replies.collect())
}

/// Whether somebody last told at `answered_at` is told again.
pub(super) fn is_told_again(answered_at: Option<Timestamp>, now: Timestamp) -> bool {
    answered_at.is_none_or(|at| now.millis_since(at) >= ONCE_IN_MS)
}
