//! Messages kept to write others from.

use serde_json::Value;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page, Stored,
    sql::{Pool, query, query_as},
    to_json, to_json_unless_empty, uploads,
};
use crate::{
    clock::Timestamp,
    domain::{
        message::{FurtherMessage, MessageType},
        quick_reply::QuickReply,
    },
    ids::TemplateId,
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Template {
    pub(crate) id: TemplateId,
    pub(crate) name: String,
    /// BCP 47 tag of its language; `None` where that does not matter.
    pub(crate) locale: Option<String>,
    pub(crate) message_type: MessageType,
    #[sqlx(try_from = "Stored<Value>")]
    pub(crate) content: Value,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    pub(crate) archived: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

struct Written {
    content: String,
    further: Option<String>,
    quick_replies: Option<String>,
}

/// The content as stored; the uploads in it are kept from now on.
async fn written(conn: &mut Conn, t: &Template) -> sqlx::Result<Written> {
    let content = to_json(&t.content)?;
    let further = to_json_unless_empty(t.further_messages.as_deref().unwrap_or_default())?;
    let quick_replies = to_json_unless_empty(t.quick_replies.as_deref().unwrap_or_default())?;
    for text in [Some(&content), further.as_ref(), quick_replies.as_ref()].into_iter().flatten() {
        uploads::mark_used(conn, text, t.updated_at).await?;
    }
    Ok(Written { content, further, quick_replies })
}

pub(crate) async fn insert(conn: &mut Conn, t: &Template) -> sqlx::Result<()> {
    let Written { content, further, quick_replies } = written(conn, t).await?;
    query(
        "INSERT INTO message_templates (id, name, locale, message_type, content, further_messages,
            archived, created_at, updated_at, quick_replies)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(t.id)
    .bind(&t.name)
    .bind(&t.locale)
    .bind(t.message_type)
    .bind(content)
    .bind(further)
    .bind(t.archived)
    .bind(t.created_at)
    .bind(t.updated_at)
    .bind(quick_replies)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn update(conn: &mut Conn, t: &Template) -> sqlx::Result<()> {
    let Written { content, further, quick_replies } = written(conn, t).await?;
    query(
        "UPDATE message_templates SET name = $2, locale = $3, message_type = $4, content = $5,
            further_messages = $6, archived = $7, updated_at = $8, quick_replies = $9
         WHERE id = $1",
    )
    .bind(t.id)
    .bind(&t.name)
    .bind(&t.locale)
    .bind(t.message_type)
    .bind(content)
    .bind(further)
    .bind(t.archived)
    .bind(t.updated_at)
    .bind(quick_replies)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn get(conn: &mut Conn, id: TemplateId) -> sqlx::Result<Option<Template>> {
    query_as("SELECT * FROM message_templates WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// From the newest to the oldest.
pub(crate) async fn list(
    pool: &Pool,
    archived: bool,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Template>> {
    let rows: Vec<Template> = query_as(
        "SELECT * FROM message_templates WHERE archived = $1 AND (created_at, id) < ($2, $3)
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(archived)
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |t| Cursor { at: t.created_at.as_millis(), id: t.id.to_string() }))
}
