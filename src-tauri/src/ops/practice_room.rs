//! A practice clinic beside the real one: the same program in a folder of its own, where no message
//! leaves the machine, while the real messages go on.

use tokio::sync::oneshot;

use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    core::{AskToPractise, Core},
    error::{Code, Problem, Refusal, Result},
};

outputs! {
    /// The link into the practice clinic.
    pub(crate) struct PracticeRoom {
        /// A one-time link that signs the caller in there with the role they have here. It leads to
        /// another port of this machine.
        pub(crate) link: String,
    }
}

/// Opens the practice clinic, unless it is open, and lets the caller in.
pub(crate) async fn open(core: &Core, who: &Caller, _: Nothing) -> Result<PracticeRoom> {
    let Some(room) = core.practice_offered() else {
        return Err(Problem::conflict(Refusal::PractisingAlready, "this is practice mode already"));
    };
    let (link, answer) = oneshot::channel();
    let ask = AskToPractise { actor: who.actor.clone(), role: who.role, link };
    let ended = || not_opened("the program is about to end".to_owned());
    room.send(ask).await.map_err(|_| ended())?;
    let link = answer.await.map_err(|_| ended())?.map_err(not_opened)?;
    Ok(PracticeRoom { link })
}

fn not_opened(error: String) -> Problem {
    let detail = format!("the practice clinic could not be opened: {error}");
    Problem::new(Code::Unavailable, detail).because(Refusal::PracticeNotOpened { error })
}
