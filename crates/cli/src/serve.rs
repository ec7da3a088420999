//! `minemap serve`: opens the store and answers over HTTP until it is told to stop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accounts::{Accounts, Mode};
use clap::Args;
use model::Context;
use reference::Shelf;
use register::Handle;
use server::{Importer, Settings};
use store_sqlite::Store;
use tokio::net::TcpListener;

use crate::StoreArgument;
use crate::config;
use crate::control;
use crate::demo_country;
use crate::descriptors;
use crate::exit::{Exit, Stopped};
use crate::owner_only;
use crate::user;
use crate::writer::opened;

/// Answers over HTTP: the web map, questions, tiles, OGC API.
#[derive(Args)]
#[command(after_help = "Example:\n  minemap serve --store var/minemap.gpkg --demo\n\n\
    A register without an administrator answers this machine only; the first one is made with the link that is shown,\n\
    or with `minemap user add`.")]
pub struct Serve {
    #[command(flatten)]
    store: StoreArgument,
    /// Address to listen on. Beyond this machine only once there is an administrator.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Begin with the synthetic demo country where the store is empty.
    #[arg(long)]
    demo: bool,
    /// TOML file with the programme's area.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer beyond this machine without TLS: passwords and places can be read by whoever is on the way.
    #[arg(long)]
    insecure_http: bool,
}

impl Serve {
    /// Serves until Ctrl+C or a termination signal.
    pub fn run(self) -> Result<Exit, Stopped> {
        let mut settings = config::settings(self.config.as_deref())?;
        settings.limits.connections = descriptors::connections(settings.limits.connections);
        owner_only::new_files();
        owner_only::make_folder_of(&self.store.store)?;
        let accounts = Arc::new(user::open(&self.store)?);
        self.refuse_open_door(&accounts, settings.tls.is_some())?;
        let policy = config::publication(self.config.as_deref(), accounts.publication_secret())?;
        let store = Store::open(&self.store.store).map_err(Stopped::machine)?;
        let path = store.path().to_owned();
        owner_only::warn_of_readable(&path);
        let register = opened(store, Some(policy))?;
        if self.demo {
            demo_country::fill(
                &register,
                &Context { today: jiff::Zoned::now().date(), programme_area: settings.programme_area },
            )?;
        }
        settings.layers = Shelf::beside(&path);
        settings.accounts = Some(Arc::clone(&accounts));
        settings.importer = Some(importer(&path, self.config.as_deref())?);
        control::listen(&path, register.handle(), settings.layers.clone())
            .map_err(|error| Stopped::machine(format!("{}: {error}", control::socket_of(&path).display())))?;
        read_layers(&settings.layers)?;
        calibrate(&accounts);
        let runtime = tokio::runtime::Runtime::new().map_err(Stopped::machine)?;
        runtime.block_on(answer(self.listen, register.handle(), settings, &accounts))?;
        let _ = std::fs::remove_file(control::socket_of(&path));
        register.close().map_err(Stopped::machine)?;
        Ok(Exit::Done)
    }

    /// What is reached from other machines has an administrator, and speaks TLS unless the operator says otherwise.
    fn refuse_open_door(&self, accounts: &Accounts, has_tls: bool) -> Result<(), Stopped> {
        if self.listen.ip().is_loopback() {
            return Ok(());
        }
        let listen = self.listen;
        if accounts.mode().map_err(user::stopped)? == Mode::Workstation {
            return Err(Stopped::usage(format!(
                "{listen}: there is no administrator yet, so only this machine may be served; make one \
                 (minemap user add ID --name NAME --role administrator), or listen on an address such as 127.0.0.1:8080"
            )));
        }
        if !has_tls && !self.insecure_http {
            return Err(Stopped::usage(format!(
                "{listen}: without TLS passwords and places can be read by whoever is on the way; listen on an address \
                 such as 127.0.0.1:8080 behind a proxy that speaks TLS, or say --insecure-http"
            )));
        }
        Ok(())
    }
}

/// Finds out beside the first requests how much a password's hash may cost on this machine.
fn calibrate(accounts: &Arc<Accounts>) {
    let accounts = Arc::clone(accounts);
    std::thread::spawn(move || match accounts.calibrate() {
        Ok((cost, takes)) => tracing::info!(passes = cost.passes, ?takes, "cost of a password's hash"),
        Err(error) => tracing::warn!(%error, "the cost of hashes stays the least"),
    });
}

/// This program, to read uploaded files in a process of its own. It works in another folder, so paths are absolute.
fn importer(store: &Path, config: Option<&Path>) -> Result<Importer, Stopped> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(Stopped::machine);
    Ok(Importer {
        program: std::env::current_exe().map_err(Stopped::machine)?,
        store: absolute(store)?,
        config: config.map(absolute).transpose()?,
    })
}

/// Reads the layers, once commands can say that they change. A damaged one is said and answered as damaged;
/// hazards are served all the same.
fn read_layers(shelf: &Shelf) -> Result<(), Stopped> {
    let layers = shelf.reload().map_err(Stopped::machine)?;
    layers.damaged().for_each(|(name, why)| tracing::warn!(name, why, "a layer cannot be read"));
    Ok(())
}

async fn answer(
    address: SocketAddr,
    register: Handle,
    settings: Settings,
    accounts: &Accounts,
) -> Result<(), Stopped> {
    let failed = |error: std::io::Error| Stopped::machine(format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    // Before the address is said: whoever reads it may stop the server at once.
    let stop = told_to_stop().map_err(failed)?;
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    if let Some(token) = accounts.begin_setup().map_err(user::stopped)? {
        eprintln!("To make the first administrator open {scheme}://{bound}/#setup={token}");
    }
    eprintln!("minemap listens on {scheme}://{bound}/ (revision {})", register.revision());
    server::serve(listener, register, settings, stop).await;
    Ok(())
}

fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
