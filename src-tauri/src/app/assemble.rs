//! Puts the core together from the settings, the secrets and the database; in practice mode with a LINE
//! of its own.

use std::{net::SocketAddr, sync::Arc};

use super::{Beside, StartError, reachable};
use crate::{
    clock::{PracticeClock, SharedClock},
    config::{Config, secrets},
    core::{Core, Parts},
    domain::clinic::Clinic,
    ids, line,
    ops::{practice_clock, settings as clinic_settings},
    store::{Store, settings},
};

pub(super) async fn core(
    config: Config,
    mut clock: SharedClock,
    store: Store,
    addr: SocketAddr,
    beside: Option<Beside>,
) -> Result<Arc<Core>, StartError> {
    let mut secret_store = secrets::SecretStore::new(&config.data_dir);
    if beside.is_some() {
        secret_store = secret_store.without_environment();
    }
    let (kept, _) = secret_store.load().map_err(StartError::Secrets)?;
    let stored_id: Option<Option<String>> = settings::get(store.read(), clinic_settings::CHANNEL_ID).await?;
    let channel_id = config.line.channel_id.clone().or(stored_id.flatten());
    let mut line = line::client::Options::from(&config.line);
    let mut credentials = clinic_settings::credentials(&kept, channel_id.as_deref());
    let mut webhook_secret = kept.channel_secret;
    let (mut sandbox, mut practice_clock) = (None, None);
    if config.sandbox {
        let ahead: Option<i64> = settings::get(store.read(), practice_clock::AHEAD).await?;
        let jumping = PracticeClock::ahead_of(clock, ahead.unwrap_or_default());
        clock = Arc::<PracticeClock>::clone(&jumping);
        practice_clock = Some(jumping);
        let Practice { running, token, secret } = practice_line(&clock, addr).await?;
        line.api_base = running.base_url();
        line.data_base = running.base_url();
        credentials = line::client::Credentials {
            token: line::client::Token(token),
            channel: Some(line::client::Channel {
                id: "practice".to_owned(),
                secret: line::client::Token(secret.clone()),
            }),
        };
        webhook_secret = Some(secret);
        sandbox = Some(running);
    }
    let clinic: Option<Clinic> = settings::get(store.read(), clinic_settings::CLINIC).await?;
    let (home, proposed) = beside.map(|Beside { home, clinic }| (home, clinic)).unzip();
    Ok(Core::new(Parts {
        line: line::Client::new(line, credentials)?,
        secrets: secret_store,
        clinic: clinic.or(proposed).unwrap_or_default(),
        config: Arc::new(config),
        store,
        clock,
        sandbox,
        practice_clock,
        home,
        webhook_secret,
    }))
}

struct Practice {
    running: line::sandbox::Running,
    token: String,
    secret: String,
}

/// Starts the practice LINE on a port of its own, with secrets of this run.
async fn practice_line(clock: &SharedClock, addr: SocketAddr) -> Result<Practice, StartError> {
    let (token, secret) = (ids::secret(), ids::secret());
    let options = line::sandbox::Options {
        access_token: Some(token.clone()),
        channel_secret: secret.clone(),
        webhook_url: Some(format!("http://{}/webhook/line", reachable(addr))),
        monthly_limit: None,
        // Patients added in practice mode have a phone without anybody plugging one in.
        everybody_is_a_friend: true,
    };
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let running = line::sandbox::Sandbox::new(options, Arc::clone(clock))
        .listen(loopback)
        .await
        .map_err(|e| StartError::Listen(loopback, e))?;
    Ok(Practice { running, token, secret })
}
