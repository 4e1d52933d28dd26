//! The flags of a start, the server's and the window's alike.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

/// The flags of the command line; they beat everything else.
#[derive(Clone, Debug, Default, Args)]
pub struct Flags {
    #[command(flatten)]
    pub folder: Folder,
    /// Where the HTTP API listens; port 0 picks one [default: 127.0.0.1:4180] [env: CLINICUE_LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Send to the built-in practice LINE; no message leaves this machine
    #[arg(long)]
    pub sandbox: bool,
    /// Load the demo clinic into an empty database (with --sandbox)
    #[arg(long, requires = "sandbox")]
    pub demo: bool,
}

/// The one flag that every command takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Folder {
    /// Where the clinic's data lies [env: CLINICUE_DATA_DIR]
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
}

impl From<Folder> for Flags {
    fn from(folder: Folder) -> Self {
        Self { folder, ..Self::default() }
    }
}

impl Flags {
    /// Those of a start on the data in `dir`.
    pub fn on(dir: impl Into<PathBuf>) -> Self {
        Folder { data_dir: Some(dir.into()) }.into()
    }
}
