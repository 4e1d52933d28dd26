//! Messages to one patient: one-off ones from here, those of protocols to look at.

mod acts;
mod keys;
mod send;
mod shown;

pub(crate) use acts::{cancel, retry};
pub(crate) use send::{Accepted, SendMessage, send};
pub use send::{SendBulk, send_bulk};
pub(super) use shown::with_answers;
pub(crate) use shown::{
    ListMessages, Message, MessageAnswer, OneMessage, PatientWords, PressedButton, get, list,
};
