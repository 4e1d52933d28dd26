//! `backup` and `restore`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio_util::sync::CancellationToken;

use super::{Outcome, open_store};
use crate::{
    app,
    clock::{Clock as _, SystemClock},
    config::{Config, Folder},
    store::backup::{self, Backup},
};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct BackupArgs {
    #[command(subcommand)]
    command: Option<BackupCommand>,
    #[command(flatten)]
    folder: Folder,
    /// The folder it is made in [default: that of the settings, `backups` in the data folder]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum BackupCommand {
    /// Lists the backups, from the newest to the oldest
    List {
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    folder: Folder,
    /// Its name in the list of backups, or its folder
    backup: PathBuf,
}

/// Prints the folder of a new backup, or the list.
pub(super) async fn run(args: BackupArgs) -> Outcome {
    match args.command {
        Some(BackupCommand::List { folder }) => list(&Config::load(folder.into())?),
        None => make(args.folder, args.to).await,
    }
}

async fn make(folder: Folder, to: Option<PathBuf>) -> Outcome {
    let config = Config::load(folder.into())?;
    if !config.data_dir.join(crate::store::FILE_NAME).exists() {
        return Err(format!("{} has no clinic to back up", config.data_dir.display()).into());
    }
    let into = to.unwrap_or_else(|| config.backup_folder());
    let (store, _lock) = open_store(&config).await?;
    let stop = CancellationToken::new();
    let made = backup::make(&store, &config.data_dir, &into, SystemClock.now(), stop).await;
    store.close().await;
    println!("{}", into.join(made?.name).display());
    Ok(())
}

fn list(config: &Config) -> Outcome {
    let folder = config.backup_folder();
    let all = backup::list(&folder)?;
    if all.is_empty() {
        eprintln!("there is no backup in {}", folder.display());
    }
    for Backup { name, made_at, database_bytes, files, .. } in all {
        println!("{name}  {made_at}  {database_bytes} bytes, {files} files");
    }
    Ok(())
}

/// Says where what was there lies now.
pub(super) async fn restore(args: RestoreArgs) -> Outcome {
    let config = Config::load(args.folder.into())?;
    let _lock = app::lock_folder(&config.data_dir)?;
    let named = config.backup_folder().join(&args.backup);
    let from = if named.is_dir() { named } else { args.backup };
    let kept = backup::restore(&config.data_dir, &from, SystemClock.now()).await?;
    println!("{} was put back into {}", from.display(), config.data_dir.display());
    if let Some(kept) = kept {
        println!("What was there before lies in {}", kept.display());
    }
    println!(
        "At the next start nothing is sent until you resume sending; look through first what may have been sent."
    );
    Ok(())
}
