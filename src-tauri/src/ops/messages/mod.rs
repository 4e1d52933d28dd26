//! Messages to one patient: one-off ones from here, those of protocols to look at.

mod acts;
mod send;
mod shown;

pub use acts::{cancel, retry};
pub use send::{Accepted, Schedule, SendBulk, SendMessage, send, send_bulk};
pub(super) use shown::with_answers;
pub use shown::{ListMessages, Message, MessageAnswer, OneMessage, PatientWords, get, list};
