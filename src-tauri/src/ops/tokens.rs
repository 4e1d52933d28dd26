//! API tokens: made on the command line, shown once, stored as hashes.

use sha2::{Digest as _, Sha256};

use super::wire::{Checks, check, inputs};
use crate::{
    clock::Timestamp,
    domain::{
        activity::{Act, Actor, Change},
        staff::Role,
    },
    error::{Code, FieldCode, FieldProblem, Problem, Result},
    fields::ONE_LINE,
    ids::{self, AuditId, TokenId},
    store::{
        Conn, Store,
        api_tokens::{self, Token},
        audit_log::{self, AuditRow},
    },
};

inputs! {
    /// A token to be made.
    pub(crate) struct NewToken {
        /// The name; 1 to 100 characters.
        #[garde(length(chars, min = 1, max = 100), pattern(ONE_LINE))]
        pub(crate) name: String,
    }
    also further;
}

/// Refuses a name that the activity log gives to actors without a token: it would hide who acted.
fn further(token: &NewToken, _: Timestamp, checks: &mut Checks) {
    if Actor::ALL.iter().any(|actor| actor.as_str() == token.name) {
        checks.add(FieldProblem::new("name", FieldCode::Reserved));
    }
}

/// The stored hash of a secret of 256 random bits: it cannot be guessed, so one SHA-256 is enough.
pub(crate) fn hash(secret: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// Makes a token and returns it; it cannot be shown again. Works beside a running server.
///
/// # Errors
/// 422 for a name that is empty, longer than 100 characters, or that of an actor without a token.
pub async fn create(store: &Store, name: &str, role: Role, now: Timestamp) -> Result<String> {
    check(&NewToken { name: name.to_owned() }, now)?;
    let secret = format!("ccu_{}", ids::secret());
    let token = Token { id: TokenId::new(now), name: name.to_owned(), role, created_at: now };
    let mut tx = store.begin().await?;
    api_tokens::insert(&mut tx, &token, &hash(&secret)).await?;
    note(&mut tx, Act::TokenCreate, Some(token.id.to_string()), Change::Role { role }, now).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Revokes every token of this name at once, with the sessions they began. Returns how many there
/// were. Works beside a running server.
///
/// # Errors
/// 404 where no token has the name.
pub async fn revoke(store: &Store, name: &str, now: Timestamp) -> Result<u64> {
    let mut tx = store.begin().await?;
    let revoked = api_tokens::revoke(&mut tx, name, now).await?;
    if revoked == 0 {
        return Err(Problem::new(Code::NotFound, "no token that works has this name"));
    }
    note(&mut tx, Act::TokenRevoke, None, Change::Revoked { count: revoked, name: name.to_owned() }, now)
        .await?;
    tx.commit().await?;
    Ok(revoked)
}

async fn note(
    conn: &mut Conn,
    action: Act,
    subject: Option<String>,
    change: Change,
    now: Timestamp,
) -> sqlx::Result<()> {
    let entry = AuditRow {
        id: AuditId::new(now),
        at: now,
        actor: Actor::CommandLine.to_string(),
        action,
        subject,
        detail: Some(change.to_text()),
    };
    audit_log::add(conn, &entry).await
}
