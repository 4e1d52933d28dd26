//! Messages to one patient: one-off ones are sent from here, those of protocols shown.

mod acts;
mod input;
mod keys;
mod look;
mod send;
mod shown;
mod tries;

pub(super) use acts::fresh_from;
pub(crate) use acts::{MoveMessage, RetryMessage, cancel, hold, move_to, release, retry, undo_retry};
pub use input::SendBulk;
pub(crate) use input::SendMessage;
pub(super) use input::check_at;
pub(crate) use look::{LookAtMessages, LookedAtMessages, look};
pub use send::send_bulk;
pub(crate) use send::{Accepted, send};
pub(super) use shown::with_answers;
pub(crate) use shown::{ListMessages, Message, MessageAnswer, OneMessage, get, list};
pub(crate) use tries::{FailedTries, tries};
