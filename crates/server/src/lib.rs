//! The register over HTTP: the web map, questions, tiles and OGC API Features.
//!
//! Every answer is given from one snapshot, which its headers name; unknown parameters are refused.

mod account;
mod asked;
mod caller;
mod changes;
mod feature;
mod findings;
mod health;
mod history;
mod known_at;
mod layer_tile;
mod locate;
mod ogc;
mod page;
mod params;
mod problem;
mod proposals;
mod query;
mod records;
mod site;
mod style;
mod tile;
mod trail;
mod units;
mod vocabulary;
mod write;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

pub use account::{GroupGrant, Issuer};
use accounts::Accounts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post, put};
use model::Bounds;
use reference::Shelf;
use register::Handle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct App {
    register: Handle,
    tiles: Arc<tile::Cache>,
    views: Arc<known_at::Views>,
    layers: Shelf,
    units: Arc<units::Units>,
    accounts: Option<Arc<Accounts>>,
    issuers: Arc<account::Issuers>,
    programme_area: Option<Bounds>,
    /// Turns true when the server is told to stop: streams end then.
    stopping: watch::Receiver<bool>,
}

/// What the operator settles.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who there is; without accounts whoever asks reads everything, and writes nothing.
    pub accounts: Option<Arc<Accounts>>,
    /// Providers to sign in with, and the secret each gave.
    pub issuers: Vec<(Issuer, String)>,
    /// Where the programme works: what lies outside is a finding.
    pub programme_area: Option<Bounds>,
    /// Reference layers, answered beside the collections.
    pub layers: Shelf,
}

/// Every route of the program.
fn router(register: Handle, settings: Settings, stopping: watch::Receiver<bool>) -> Router {
    let (tiles, views) = (Arc::new(tile::Cache::new()), Arc::new(known_at::Views::new()));
    let (accounts, programme_area) = (settings.accounts, settings.programme_area);
    let (layers, units) = (settings.layers, Arc::new(units::Units::new()));
    let issuers = Arc::new(account::Issuers::new(settings.issuers));
    let app = App { register, tiles, views, layers, units, accounts, issuers, programme_area, stopping };
    Router::new()
        .route("/query/at", get(query::at))
        .route("/query/near", get(query::near))
        .route("/query/summary", get(query::summary))
        .route("/query/locate", get(locate::locate))
        .route("/query/traverse", post(locate::traverse))
        .route("/tiles/style.json", get(style::style))
        .route("/tiles/{layer}", get(tile::tile_json))
        .route("/tiles/{layer}/{z}/{x}/{y}", get(tile::tile))
        .nest("/ogc", ogc::routes())
        .route("/ogc/", get(ogc::landing))
        .merge(written())
        .route("/changes", get(changes::changes))
        .route("/findings", get(findings::findings))
        .route("/vocabulary.json", get(vocabulary::vocabulary))
        .route_layer(middleware::from_fn(caller::refuse_ended))
        .merge(account::routes())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/", get(page::index))
        .fallback(page::asset)
        .layer(middleware::from_fn_with_state(app.clone(), asked::one_snapshot))
        .layer(middleware::from_fn_with_state(app.clone(), caller::recognise))
        .layer(middleware::map_response(page::protect))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// The routes that write, and what was written.
fn written() -> Router<App> {
    Router::new()
        .route("/records/{collection}", post(records::create))
        .route(
            "/records/{collection}/{id}",
            put(records::change).patch(records::change).delete(records::withdraw),
        )
        .route("/records/{collection}/{id}/history", get(history::history))
        .route("/records/{collection}/{id}/findings/acceptance", post(records::accept_finding))
        .route("/proposals", get(proposals::proposals).post(proposals::propose_release))
        .route("/proposals/{number}", get(proposals::proposal))
        .route("/proposals/{number}/approval", post(proposals::approve))
        .route("/proposals/{number}/rejection", post(proposals::reject))
        .layer(DefaultBodyLimit::max(write::BODY_BYTES_MAX))
}

/// Answers on `listener` until `stop` resolves; answers under way are finished first.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    register: Handle,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // The first list of findings looks at every record's neighbours: nobody should wait for it.
    let snapshot = register.snapshot();
    tokio::task::spawn_blocking(move || snapshot.prepare_findings(&caller::scope()));
    let (told, stopping) = watch::channel(false);
    let stop = async move {
        stop.await;
        told.send_replace(true);
    };
    let router = router(register, settings, stopping).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
