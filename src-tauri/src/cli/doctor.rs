//! `doctor`: checks from outside that everything is as it should be.

use super::Outcome;
use crate::{
    app::{self, StartError},
    clock::{Clock as _, DAY_MS, SystemClock, Timestamp},
    config::{Config, Folder, secrets},
    line::Client,
    ops::settings,
    store::{self, backup},
};

const OLD_MS: i64 = 3 * DAY_MS;

enum Finding {
    Well(String),
    /// The fault and its remedy, in words.
    Wrong(String),
}

pub(super) async fn run(folder: Folder) -> Outcome {
    let config = Config::load(folder.into())?;
    let now = SystemClock.now();
    let all = [
        ("settings", Finding::Well(format!("can be read; the data folder is {}", config.data_dir.display()))),
        ("program", program(&config)),
        ("database", database(&config).await),
        ("backups", backups(&config, now)),
        ("secrets", secrets_of(&config)),
        ("LINE", line(&config).await),
    ];
    let mut wrong = 0;
    for (name, found) in all {
        match found {
            Finding::Well(text) => println!("ok     {name}: {text}"),
            Finding::Wrong(text) => {
                wrong += 1;
                println!("WRONG  {name}: {text}");
            }
        }
    }
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} of these want looking after").into()) }
}

fn program(config: &Config) -> Finding {
    match app::lock_folder(&config.data_dir) {
        Ok(_) => Finding::Wrong("it does not run: nothing is sent; start it".to_owned()),
        Err(StartError::InUse { holder, .. }) => Finding::Well(format!("it runs ({holder})")),
        Err(error) => Finding::Wrong(format!("{error}; look at the folder and its rights")),
    }
}

async fn database(config: &Config) -> Finding {
    match store::look_through(&config.data_dir).await {
        Ok(None) => Finding::Wrong("there is none yet; the first start makes it".to_owned()),
        Ok(Some(bytes)) => Finding::Well(format!("is sound, {bytes} bytes")),
        Err(detail) => Finding::Wrong(format!("is damaged ({detail}); put a backup back")),
    }
}

fn backups(config: &Config, now: Timestamp) -> Finding {
    let folder = config.backup_folder();
    let newest = match backup::list(&folder) {
        Ok(all) => all.into_iter().next(),
        Err(error) => return Finding::Wrong(format!("{} cannot be read: {error}", folder.display())),
    };
    match newest {
        None => Finding::Wrong("there is none; the command `backup` makes one".to_owned()),
        Some(newest) if now.millis_since(newest.made_at) > OLD_MS => {
            Finding::Wrong(format!("the last one is of {}; the command `backup` makes one", newest.made_at))
        }
        Some(newest) => Finding::Well(format!("the last one is of {}", newest.made_at)),
    }
}

fn secrets_of(config: &Config) -> Finding {
    match secrets::SecretStore::new(&config.data_dir).load() {
        Err(error) => Finding::Wrong(format!("cannot be read: {error}")),
        Ok((secrets, _)) => match (secrets.access_token, secrets.channel_secret) {
            (Some(_), Some(_)) => {
                Finding::Well("LINE's channel access token and channel secret are there".to_owned())
            }
            (None, _) => Finding::Wrong("there is no channel access token; enter it in Settings".to_owned()),
            (_, None) => Finding::Wrong("there is no channel secret; enter it in Settings".to_owned()),
        },
    }
}

/// Checks that LINE answers and takes the token.
async fn line(config: &Config) -> Finding {
    let secrets =
        secrets::SecretStore::new(&config.data_dir).load().map(|(secrets, _)| secrets).unwrap_or_default();
    let credentials = settings::credentials(&secrets, config.line.channel_id.as_deref());
    let client = match Client::new((&config.line).into(), credentials) {
        Ok(client) => client,
        Err(error) => return Finding::Wrong(format!("cannot be asked: {error}")),
    };
    match client.bot_info().await {
        Ok(account) => Finding::Well(format!("takes the token of {}", account.display_name)),
        Err(error) => Finding::Wrong(format!("{error}; Settings shows the set-up point by point")),
    }
}
