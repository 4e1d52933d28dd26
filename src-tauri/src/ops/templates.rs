//! Messages that staff keep to write others from: inserted as a copy, so that messages written from
//! one do not change with it.

use serde_json::Value;

use super::{
    Caller, Paged, audit,
    contents::{self, Push},
    found, line_check, unchanged,
    wire::{CURSOR, Checks, MAX_ROWS, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        activity::Act,
        message::{Content, FurtherMessage, MAX_FURTHER, MessageType},
        quick_reply::{MAX_QUICK_REPLIES, QuickReply},
    },
    error::{Result, Thing},
    fields::{ONE_LINE, or_default},
    ids::TemplateId,
    store::{
        Conn,
        message_templates::{self, Template},
    },
};

/// The most characters of a template's name.
const MAX_NAME: usize = 200;

inputs! {
    /// Which templates are listed: offered or archived ones.
    pub(crate) struct ListTemplates {
        /// Whether archived ones are listed instead of offered ones; false where left out.
        #[serde(default)]
        pub(crate) archived: Option<bool>,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    pub(crate) struct OneTemplate {
        /// The id of the template, a UUID.
        pub(crate) id: TemplateId,
    }

    /// A template as staff write it.
    pub(crate) struct CreateTemplate {
        /// The name; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
        /// BCP 47 tag of its language; left out where that does not matter.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 35), pattern(ONE_LINE))]
        pub(crate) locale: Option<String>,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`, variables included, as in a step.
        #[specta(type = specta_typescript::Unknown)]
        #[schemars(with = "Content")]
        pub(crate) content: Value,
        /// Up to four more messages of the same push, in order.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<FurtherMessage>)]
        #[garde(length(max = MAX_FURTHER), dive)]
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Up to 13 quick replies under the last of them.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<QuickReply>)]
        #[garde(length(max = MAX_QUICK_REPLIES), dive)]
        pub(crate) quick_replies: Vec<QuickReply>,
    } also written;

    /// Replaces the content of a template.
    pub(crate) struct UpdateTemplate {
        /// The id of the template, a UUID.
        pub(crate) id: TemplateId,
        /// The `updatedAt` the caller last read; 409 where the template changed since.
        #[serde(default)]
        pub(crate) unchanged_since: Option<Timestamp>,
        /// The name; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
        /// BCP 47 tag of its language; left out where that does not matter.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 35), pattern(ONE_LINE))]
        pub(crate) locale: Option<String>,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`, variables included, as in a step.
        #[specta(type = specta_typescript::Unknown)]
        #[schemars(with = "Content")]
        pub(crate) content: Value,
        /// Up to four more messages of the same push, in order.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<FurtherMessage>)]
        #[garde(length(max = MAX_FURTHER), dive)]
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Up to 13 quick replies under the last of them.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<QuickReply>)]
        #[garde(length(max = MAX_QUICK_REPLIES), dive)]
        pub(crate) quick_replies: Vec<QuickReply>,
    } also rewritten;
}

outputs! {
    /// A message kept to write others from.
    pub(crate) struct MessageTemplate {
        /// A UUID that never changes.
        pub(crate) id: TemplateId,
        /// The name, 1 to 200 characters.
        pub(crate) name: String,
        /// BCP 47 tag of its language; null where that does not matter.
        pub(crate) locale: Option<String>,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`, as written.
        #[specta(type = specta_typescript::Unknown)]
        pub(crate) content: Value,
        /// The further messages of the same push, in order; may be empty.
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// The quick replies under the last message; may be empty.
        pub(crate) quick_replies: Vec<QuickReply>,
        /// Whether it is no longer offered.
        pub(crate) archived: bool,
        /// When it was made; it never changes.
        pub(crate) created_at: Timestamp,
        /// When it last changed; `unchangedSince` of a write takes this.
        pub(crate) updated_at: Timestamp,
    }
}

impl From<Template> for MessageTemplate {
    fn from(t: Template) -> Self {
        Self {
            id: t.id,
            name: t.name,
            locale: t.locale,
            message_type: t.message_type,
            content: t.content,
            further_messages: t.further_messages.unwrap_or_default(),
            quick_replies: t.quick_replies.unwrap_or_default(),
            archived: t.archived,
            created_at: t.created_at,
            updated_at: t.updated_at,
        }
    }
}

fn written(input: &CreateTemplate, _: Timestamp, checks: &mut Checks) {
    checks.extend(said_new(input).problems(contents::IN_FOLLOW_UP));
}

fn rewritten(input: &UpdateTemplate, _: Timestamp, checks: &mut Checks) {
    checks.extend(said_anew(input).problems(contents::IN_FOLLOW_UP));
}

/// The push of a template, for checks that hold for any message. Whether its variables have values
/// is checked in messages written from it.
const fn said<'a>(
    message_type: MessageType,
    content: &'a Value,
    further: &'a [FurtherMessage],
    quick_replies: &'a [QuickReply],
) -> Push<'a> {
    Push { prefix: String::new(), message_type, content, further, feedback: None, quick_replies }
}

fn said_new(input: &CreateTemplate) -> Push<'_> {
    said(input.message_type, &input.content, &input.further_messages, &input.quick_replies)
}

fn said_anew(input: &UpdateTemplate) -> Push<'_> {
    said(input.message_type, &input.content, &input.further_messages, &input.quick_replies)
}

/// Where LINE answers in time.
async fn line_takes(core: &Core, said: Push<'_>) -> Result<()> {
    let sets: Vec<_> = line_check::Set::of(said, None).into_iter().collect();
    line_check::ask(core, &sets).await.map(|_| ())
}

async fn uploads_are_there(conn: &mut Conn, core: &Core, template: &Template) -> Result<()> {
    let further = template.further_messages.as_deref().unwrap_or_default();
    let quick_replies = template.quick_replies.as_deref().unwrap_or_default();
    let said = said(template.message_type, &template.content, further, quick_replies);
    contents::uploads_are_there(conn, core, std::iter::once(said), None).await
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListTemplates) -> Result<Paged<MessageTemplate>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let archived = input.archived.unwrap_or(false);
    let rows = message_templates::list(core.store.read(), archived, &after, limit).await?;
    Ok(Paged::of(rows, MessageTemplate::from))
}

pub(crate) async fn get(core: &Core, _: &Caller, input: OneTemplate) -> Result<MessageTemplate> {
    let mut conn = core.store.read().acquire().await?;
    Ok(found(message_templates::get(&mut conn, input.id).await?, Thing::Template, input.id)?.into())
}

pub(crate) async fn create(core: &Core, who: &Caller, input: CreateTemplate) -> Result<MessageTemplate> {
    line_takes(core, said_new(&input)).await?;
    let now = core.now();
    let template = Template {
        id: TemplateId::new(now),
        name: input.name,
        locale: input.locale,
        message_type: input.message_type,
        content: input.content,
        further_messages: Some(input.further_messages),
        quick_replies: Some(input.quick_replies),
        archived: false,
        created_at: now,
        updated_at: now,
    };
    let mut tx = core.store.begin().await?;
    uploads_are_there(&mut tx, core, &template).await?;
    message_templates::insert(&mut tx, &template).await?;
    audit(&mut tx, core, who, Act::TemplateCreate, Some(template.id.to_string()), None).await?;
    tx.commit().await?;
    Ok(template.into())
}

pub(crate) async fn update(core: &Core, who: &Caller, input: UpdateTemplate) -> Result<MessageTemplate> {
    line_takes(core, said_anew(&input)).await?;
    let (id, seen) = (input.id, input.unchanged_since);
    change(core, who, id, seen, Act::TemplateUpdate, |template| {
        template.name = input.name;
        template.locale = input.locale;
        template.message_type = input.message_type;
        template.content = input.content;
        template.further_messages = Some(input.further_messages);
        template.quick_replies = Some(input.quick_replies);
        template.archived = false;
    })
    .await
}

/// Writing it anew brings it back.
pub(crate) async fn archive(core: &Core, who: &Caller, input: OneTemplate) -> Result<MessageTemplate> {
    change(core, who, input.id, None, Act::TemplateArchive, |template| template.archived = true).await
}

async fn change(
    core: &Core,
    who: &Caller,
    id: TemplateId,
    seen: Option<Timestamp>,
    action: Act,
    set: impl FnOnce(&mut Template),
) -> Result<MessageTemplate> {
    let mut tx = core.store.begin().await?;
    let mut template = found(message_templates::get(&mut tx, id).await?, Thing::Template, id)?;
    unchanged(seen, template.updated_at, Thing::Template)?;
    set(&mut template);
    // An archived template is offered to nobody.
    if !template.archived {
        uploads_are_there(&mut tx, core, &template).await?;
    }
    // Two changes within a millisecond must differ.
    template.updated_at = core.now().max(template.updated_at.plus_millis(1));
    message_templates::update(&mut tx, &template).await?;
    audit(&mut tx, core, who, action, Some(id.to_string()), None).await?;
    tx.commit().await?;
    Ok(template.into())
}
