//! The command line of `clinicue-server`.

use std::{fs::File, net::SocketAddr, pin::pin, process::ExitCode, sync::Arc};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    app::{self, App, Options, StartError},
    clock::{Clock as _, SystemClock},
    config::{Config, Flags, Folder},
    domain::staff::Role,
    error::with_sources,
    http::openapi,
    line::sandbox,
    logs::Tail,
    memory,
    ops::tokens,
    queue,
    store::Store,
};

use backup::{BackupArgs, RestoreArgs};

mod backup;
mod doctor;

/// Delivers a clinic's care protocols over LINE, without a window.
#[derive(Debug, Parser)]
#[command(name = "clinicue-server", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Delivers messages and serves the HTTP API and the web UI until it is stopped
    Serve(Flags),
    /// Makes API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    #[command(flatten)]
    Care(Care),
    /// Runs the practice LINE alone
    ///
    /// It answers LINE's Messaging API on this machine, keeps the chats of practice users and
    /// signs webhooks to your program; nothing reaches anybody. Clients need its address as the
    /// base of both of LINE's hosts, and any access token. What the users do and which faults
    /// there are is set under /sandbox: docs/sandbox.md.
    #[command(after_long_help = "Try it:
  clinicue-server sandbox --everybody &
  curl localhost:4190/v2/bot/message/push -H 'Authorization: Bearer any' \\
    -H 'Content-Type: application/json' \\
    -d '{\"to\":\"U00000000000000000000000000000001\",\"messages\":[{\"type\":\"text\",\"text\":\"Hello\"}]}'
  curl localhost:4190/sandbox/users/U00000000000000000000000000000001/messages")]
    Sandbox(SandboxArgs),
    /// Shows the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Prints the OpenAPI document of the HTTP API
    Openapi,
}

/// Care for the data of a clinic: commands the window's program has as well.
#[derive(Debug, Subcommand)]
pub(crate) enum Care {
    /// Makes a backup now, or lists those there are; works while the program runs
    Backup(BackupArgs),
    /// Puts a backup back; the program must not run
    ///
    /// What is in the data folder now is kept in a folder `replaced-…` beside it, for as many days
    /// as backups are. At the next start nothing is sent until somebody resumes it, and what was due since the backup was
    /// made, which may have been sent before, is there to be looked through.
    Restore(RestoreArgs),
    /// Looks whether everything is as it should be, and says what to do where it is not
    Doctor {
        #[command(flatten)]
        folder: Folder,
    },
}

impl Care {
    /// # Errors
    /// The reason in words, for whoever typed the command.
    pub(crate) async fn run(self) -> Outcome {
        match self {
            Self::Backup(args) => backup::run(args).await,
            Self::Restore(args) => backup::restore(args).await,
            Self::Doctor { folder } => doctor::run(folder).await,
        }
    }
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Makes a token and prints it, once; works while the server runs
    Create {
        #[command(flatten)]
        folder: Folder,
        /// What to call it in the activity log
        #[arg(long)]
        name: String,
        /// What it may do
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// Revokes a token by its name and ends its sessions, at once; works while the server runs
    Revoke {
        #[command(flatten)]
        folder: Folder,
        /// What it is called
        #[arg(long)]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    /// Look
    Viewer,
    /// Also care for patients: write, assign, send, retry
    Operator,
    /// Also settings and maintenance
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Viewer => Self::Viewer,
            RoleArg::Operator => Self::Operator,
            RoleArg::Admin => Self::Admin,
        }
    }
}

#[derive(Debug, Args)]
struct SandboxArgs {
    /// Where to listen; port 0 picks one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4190")]
    listen: SocketAddr,
    /// The channel access token it takes; any where it is left out
    #[arg(long)]
    access_token: Option<String>,
    /// The channel secret it signs webhooks with
    #[arg(long, default_value = "sandbox-secret")]
    channel_secret: String,
    /// Where it sends webhooks
    #[arg(long, value_name = "URL")]
    webhook_url: Option<String>,
    /// Messages a month before it answers 429
    #[arg(long, value_name = "MESSAGES")]
    monthly_limit: Option<u64>,
    /// Add whoever a message is sent to as a friend, where the id is well-formed
    #[arg(long)]
    everybody: bool,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Prints every key with its default, as a file to start from
    Default,
    /// Prints the settings in use; never a secret
    Print {
        #[command(flatten)]
        folder: Folder,
    },
}

pub fn main() -> ExitCode {
    memory::share_heaps();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(run(Cli::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("clinicue-server: {}", with_sources(error));
    ExitCode::FAILURE
}

pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn run(cli: Cli) -> Outcome {
    match cli.command {
        Command::Serve(flags) => serve(flags).await,
        Command::Token(TokenCommand::Create { folder, name, role }) => {
            create_token(folder, &name, role.into()).await
        }
        Command::Token(TokenCommand::Revoke { folder, name }) => revoke_token(folder, &name).await,
        Command::Care(care) => care.run().await,
        Command::Sandbox(args) => run_sandbox(args).await,
        Command::Config(ConfigCommand::Default) => {
            print!("{}", include_str!("../../config.default.toml"));
            Ok(())
        }
        Command::Config(ConfigCommand::Print { folder }) => {
            println!("{:#?}", Config::load(folder.into())?);
            Ok(())
        }
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&openapi::document())?);
            Ok(())
        }
    }
}

async fn serve(flags: Flags) -> Outcome {
    let config = Config::load(flags)?;
    log_to_stderr(&config.log);
    // Does nothing but in a build for tests.
    let _fail_points = fail::FailScenario::setup();
    let mut stopped = pin!(stop_signal());
    let mut app = App::start(Options::real(config)).await?;
    eprintln!("Open this link once to sign in: {}", app.sign_in_link());
    println!("clinicue listening on {}", app.url());
    memory::forget_start();
    loop {
        let backup = tokio::select! {
            backup = app.restore_asked() => backup,
            () = &mut stopped => break,
        };
        app = app.restore(&backup).await?;
        eprintln!("Open this link once to sign in: {}", app.sign_in_link());
    }
    tracing::info!("stopping");
    app.stop().await;
    Ok(())
}

/// Resolves at SIGTERM or Ctrl+C; listening begins at the call.
fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Logs to stderr as `filter` says; stdout is for the answers of commands.
pub(crate) fn log_to_stderr(filter: &str) {
    use std::io::IsTerminal as _;
    use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};
    // The queue's library logs every start and stop; our own lines say the same with more sense.
    let quiet = format!("apalis_core=warn,{filter}");
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry().with(EnvFilter::new(quiet)).with(to_stderr).with(Tail).try_init();
}

/// The store, with the lock on its folder; `None` where a server holds the lock.
async fn open_store(config: &Config) -> Result<(Store, Option<File>), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&config.data_dir)?;
    match app::lock_folder(&config.data_dir) {
        Ok(lock) => Ok((Store::open(&config.data_dir, queue::migrations()).await?, Some(lock))),
        // The server is at work and looks after its database.
        Err(StartError::InUse { .. }) => {
            Ok((Store::join(&config.data_dir, queue::migrations()).await?, None))
        }
        Err(error) => Err(error.into()),
    }
}

async fn create_token(folder: Folder, name: &str, role: Role) -> Outcome {
    let (store, _lock) = open_store(&Config::load(folder.into())?).await?;
    let token = tokens::create(&store, name, role, SystemClock.now()).await?;
    store.close().await;
    println!("{token}");
    Ok(())
}

async fn revoke_token(folder: Folder, name: &str) -> Outcome {
    let (store, _lock) = open_store(&Config::load(folder.into())?).await?;
    let revoked = tokens::revoke(&store, name, SystemClock.now()).await;
    store.close().await;
    eprintln!("{} revoked", revoked?);
    Ok(())
}

async fn run_sandbox(args: SandboxArgs) -> Outcome {
    log_to_stderr("info");
    let options = sandbox::Options {
        access_token: args.access_token,
        channel_secret: args.channel_secret,
        webhook_url: args.webhook_url,
        monthly_limit: args.monthly_limit,
        everybody_is_a_friend: args.everybody,
    };
    let stopped = stop_signal();
    let running = sandbox::Sandbox::new(options, Arc::new(SystemClock)).listen(args.listen).await?;
    println!("practice LINE listening on {}", running.base_url());
    stopped.await;
    running.stop();
    Ok(())
}
