//! Watches whether the database can be written: after every refused write, then every second until
//! a write succeeds. So staff hear of a full disk before anything is due, and its end is noticed.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    core::{Core, Topic},
    error::{Trouble, trouble},
    store::settings,
};

/// The name of this task; its trouble is why the database cannot be written.
pub(crate) const TASK: &str = "write-watch";

/// The pause between two checks while nothing can be written.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Checks at the start and whenever the bell rings, until `stop`.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut said = None;
    loop {
        let found = settings::touch(&core.store, core.now()).await.err().as_ref().and_then(trouble);
        // A busy database can still be written.
        let found = found.filter(|t| *t != Trouble::Busy);
        if said != found {
            said = found;
            core.supervisor.set_trouble(TASK, said);
            if said.is_none() {
                // Refused webhook calls can be stored now; no call may come to show it.
                core.supervisor.set_trouble("intake", None);
            }
            core.announce(Topic::Status);
            core.tick_bell.notify_one();
        }
        let again = async {
            match said {
                Some(_) => tokio::time::sleep(AGAIN_AFTER).await,
                None => core.write_bell.notified().await,
            }
        };
        tokio::select! {
            () = again => {}
            () = stop.cancelled() => return,
        }
    }
}
