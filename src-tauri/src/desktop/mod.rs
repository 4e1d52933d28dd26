//! The window: commands from the list of operations, changes as events, one instance, a tray.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, PoisonError, RwLock},
};

use clap::Parser;
use tauri::{AppHandle, Emitter as _, Manager as _, RunEvent, WindowEvent, Wry, plugin::TauriPlugin};
use tokio::{
    sync::{Mutex, broadcast::error::RecvError},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Options, StartError},
    cli::{Care, log_to_stderr},
    config::{Config, Flags},
    core::{Core, Topic, Topics},
    domain::{activity::Actor, staff::Role},
    error::with_sources,
    ops::{
        Caller, Nothing,
        operation::to_end,
        sending,
        uploads::{Parts, Receiving},
    },
};

mod closing;
mod commands;
mod computer;
mod menu;
mod place;
mod practice;
mod queries;
mod save;
mod tray;

pub(crate) use commands::export_bindings;

/// Delivers a clinic's care protocols over LINE.
#[derive(Debug, Parser)]
#[command(name = "clinicue", version, args_conflicts_with_subcommands = true)]
struct Args {
    #[command(flatten)]
    flags: Flags,
    #[arg(long)]
    hidden: bool,
    /// Write the TypeScript client and end
    #[arg(long, hide = true, value_name = "FILE")]
    export_bindings: Option<PathBuf>,
    #[command(subcommand)]
    care: Option<Care>,
}

/// The label of the program's own window, as Tauri names the first one.
const MAIN: &str = "main";

struct Window {
    /// Another one after a backup was put back.
    core: RwLock<Arc<Core>>,
    who: Caller,
    data_folder: PathBuf,
    /// Uploads that come part by part, with the id of the next part.
    uploading: Parts<Receiving>,
}

impl Window {
    fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_core(&self, core: &Arc<Core>) {
        *self.core.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(core);
    }
}

pub fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clinicue: {}", with_sources(&*error));
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
    let autostart = computer::autostart(&args.flags);
    let hidden = args.hidden;
    let config = Config::load(args.flags)?;
    log_to_stderr(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let window = build(autostart)?;
    let data_folder = config.data_dir.clone();
    let app = runtime.block_on(start(config))?;
    // Listens before it is announced that the program runs: a reader of that may end it at once.
    let told = {
        let _here = runtime.enter();
        told_to_end()
    };
    println!("clinicue listening on {}", app.url());
    window.manage(closing::Closing::kept_in(&window.path().app_config_dir()?));
    window.manage(tray::Tray::default());
    window.manage(Window {
        core: RwLock::new(Arc::clone(&app.core)),
        who: Caller { actor: Actor::Window.to_string(), role: Role::Admin },
        data_folder,
        uploading: Parts::default(),
    });
    let handle = window.handle().clone();
    let end = CancellationToken::new();
    let kept = runtime.spawn(keep_running(app, handle.clone(), end.clone()));
    let running = Arc::new(Running { end, kept: Mutex::new(Some(kept)) });
    runtime.spawn(end_when(told, handle, Arc::clone(&running)));
    window.run(move |handle, event| match event {
        RunEvent::Exit => {
            runtime.block_on(running.stop());
            closing::end_soon();
        }
        event => happened(handle, &event, hidden),
    });
    Ok(())
}

fn build(autostart: TauriPlugin<Wry>) -> tauri::Result<tauri::App> {
    let commands = commands::builder();
    let second_start = |app: &AppHandle, args: Vec<String>, _| {
        // The computer started what runs already.
        if !args.iter().any(|arg| arg == computer::HIDDEN) {
            place::raise(app);
        }
    };
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(second_start))
        .plugin(tauri_plugin_notification::init())
        .plugin(place::kept())
        .plugin(autostart)
        .invoke_handler(commands.invoke_handler())
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .build(tauri::generate_context!())
}

fn happened(app: &AppHandle, event: &RunEvent, hidden: bool) {
    match event {
        RunEvent::Ready => {
            tray::begin(app);
            tauri::async_runtime::spawn(closing::begin(app.clone(), hidden));
        }
        // The window of the practice clinic simply closes.
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { api, .. }, .. }
            if label == MAIN =>
        {
            api.prevent_close();
            closing::window_closed(app);
        }
        // A click on its picture in the dock.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => place::raise(app),
        _ => {}
    }
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        tray::OPEN => place::raise(app),
        tray::ACT => _ = tauri::async_runtime::spawn(pause_or_resume(app.clone())),
        tray::QUIT => closing::quit_asked(app),
        of_menu_bar => menu::chosen(app, of_menu_bar),
    }
}

/// Pauses all sending, or resumes it, as the tray entry said.
async fn pause_or_resume(app: AppHandle) {
    let Some(pauses) = tray::pauses(&app) else { return };
    let window = app.state::<Window>();
    let (core, who) = (window.core(), window.who.clone());
    let begun = Arc::clone(&core);
    let act = async move {
        if pauses {
            sending::pause_sending(&begun, &who, Nothing {}).await
        } else {
            sending::resume_sending(&begun, &who, Nothing {}).await
        }
    };
    if let Err(error) = to_end(&core, "POST", act).await {
        tracing::warn!(%error, pauses, "sending could not be paused or begun again from the tray");
        // The window's header shows the state.
        place::raise(&app);
    }
}

/// Starts the core, on another port where the usual one is taken: the window needs no fixed one.
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

/// Tells the page which topics changed, at most twice a second.
async fn forward_changes(core: Arc<Core>, handle: AppHandle) {
    let mut changes = core.changes();
    // The core that ends takes its changes with it.
    drop(core);
    loop {
        let mut topics = Topics::new();
        match changes.recv().await {
            Ok(topic) => _ = topics.insert(topic),
            Err(RecvError::Lagged(_)) => topics.extend(Topic::ALL),
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

/// The program beside the window.
struct Running {
    end: CancellationToken,
    /// `None` once it has ended.
    kept: Mutex<Option<JoinHandle<()>>>,
}

impl Running {
    /// Returns when it has ended, whoever ends it.
    async fn stop(&self) {
        self.end.cancel();
        if let Some(kept) = self.kept.lock().await.take() {
            let _ = kept.await;
        }
    }
}

/// Keeps the program running until `end`, with another core after each backup that is put back.
async fn keep_running(mut app: App, handle: AppHandle, end: CancellationToken) {
    loop {
        handle.state::<Window>().set_core(&app.core);
        tokio::spawn(forward_changes(Arc::clone(&app.core), handle.clone()));
        let backup = tokio::select! {
            backup = app.restore_asked() => backup,
            () = end.cancelled() => return app.stop().await,
        };
        app = match app.restore(&backup).await {
            Ok(app) => app,
            Err(error) => {
                tracing::error!(error = with_sources(&error), "the program cannot begin again");
                return handle.exit(1);
            }
        };
    }
}

/// Ends the program when the system says so, whether the window is open yet or not.
async fn end_when(told: impl Future<Output = ()>, handle: AppHandle, running: Arc<Running>) {
    told.await;
    running.stop().await;
    handle.exit(0);
    closing::end_soon();
}

/// Resolves when the system tells the program to end; listens from the call on.
fn told_to_end() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let told = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut told) = told {
            told.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    }
}
