//! The window: commands from the list of operations, changes as events, one instance.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use tauri::{Emitter as _, Manager as _, RunEvent};
use tokio::sync::{Mutex, broadcast::error::RecvError};

use crate::{
    app::{App, Options, StartError},
    cli::{Care, log_to_stderr},
    config::{Config, Flags},
    core::{ALL_TOPICS, Core, Topics},
    domain::{activity::Actor, staff::Role},
    ops::{
        Caller,
        uploads::{Parts, Receiving},
    },
};

mod commands;
mod practice;
mod queries;
mod save;

pub(crate) use commands::export_bindings;

/// Delivers a clinic's care protocols over LINE.
#[derive(Debug, Parser)]
#[command(name = "clinicue", version, args_conflicts_with_subcommands = true)]
struct Args {
    /// Where the clinic's data lies [env: CLINICUE_DATA_DIR]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Where the HTTP API listens; port 0 picks one [default: 127.0.0.1:4180]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<std::net::SocketAddr>,
    /// Send to the built-in practice LINE; no message leaves this machine
    #[arg(long)]
    sandbox: bool,
    /// Load the demo clinic into an empty database (with --sandbox)
    #[arg(long, requires = "sandbox")]
    demo: bool,
    /// Write the TypeScript client and end
    #[arg(long, hide = true, value_name = "FILE")]
    export_bindings: Option<PathBuf>,
    #[command(subcommand)]
    care: Option<Care>,
}

/// The label of the program's own window, as Tauri names the first one.
const MAIN: &str = "main";

/// What the commands have at hand.
struct Window {
    core: Arc<Core>,
    who: Caller,
    /// A file that comes part by part, and with what its next part comes.
    uploading: Parts<Receiving>,
}

/// Runs the window until it is closed.
pub fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = format!("clinicue: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                text.push_str(&format!(": {cause}"));
                source = cause.source();
            }
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(file) = args.export_bindings {
        return export_bindings(&file);
    }
    if let Some(care) = args.care {
        return tokio::runtime::Runtime::new()?.block_on(care.run());
    }
    let flags =
        Flags { data_dir: args.data_dir, listen: args.listen, sandbox: args.sandbox, demo: args.demo };
    let config = Config::load(flags)?;
    log_to_stderr(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let commands = commands::builder();
    let window = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window(MAIN) {
                raise(&window);
            }
        }))
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(commands.invoke_handler())
        .build(tauri::generate_context!())?;
    let app = runtime.block_on(start(config))?;
    println!("clinicue listening on {}", app.url());
    let core = Arc::clone(&app.core);
    window.manage(Window {
        core: Arc::clone(&core),
        who: Caller { actor: Actor::Window.to_string(), role: Role::Admin },
        uploading: Parts::default(),
    });
    let handle = window.handle().clone();
    runtime.spawn(forward_changes(core, handle.clone()));
    runtime.spawn(async move {
        terminated().await;
        handle.exit(0);
    });
    let running = Mutex::new(Some(app));
    window.run(move |_, event| {
        if matches!(event, RunEvent::Exit)
            && let Some(app) = running.blocking_lock().take()
        {
            runtime.block_on(app.stop());
        }
    });
    Ok(())
}

/// Starts the core; where the usual port is taken another one serves as well, since the
/// window does not need it.
async fn start(config: Config) -> Result<App, StartError> {
    match App::start(Options::real(config.clone())).await {
        Err(StartError::Listen(addr, error)) if error.kind() == std::io::ErrorKind::AddrInUse => {
            tracing::warn!(%addr, "the port is taken; the HTTP API listens on another one");
            let mut config = config;
            config.listen.set_port(0);
            App::start(Options::real(config)).await
        }
        started => started,
    }
}

/// Shows a window that is there.
fn raise(window: &tauri::WebviewWindow) {
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// Tells the page which topics changed, at most twice a second.
async fn forward_changes(core: Arc<Core>, handle: tauri::AppHandle) {
    let mut changes = core.changes();
    loop {
        let mut topics = Topics::new();
        match changes.recv().await {
            Ok(topic) => _ = topics.insert(topic),
            Err(RecvError::Lagged(_)) => topics.extend(ALL_TOPICS),
            Err(RecvError::Closed) => return,
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        while let Ok(topic) = changes.try_recv() {
            topics.insert(topic);
        }
        // The window of the practice clinic hears of its own changes.
        if let Err(error) = handle.emit_to(MAIN, "changed", serde_json::json!({ "topics": topics })) {
            tracing::debug!(%error, "the page could not be told of a change");
        }
    }
}

async fn terminated() {
    #[cfg(unix)]
    if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        signal.recv().await;
        return;
    }
    std::future::pending::<()>().await;
}
