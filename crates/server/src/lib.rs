//! The register over HTTP: the web map, questions, tiles and OGC API Features.
//!
//! Every answer is given from one view, which its headers name; unknown parameters are refused.

mod account;
mod asked;
mod asks;
mod caller;
mod changes;
mod feature;
mod findings;
mod health;
mod held;
mod history;
mod imports;
mod known_at;
mod layer_tile;
mod limits;
mod listen;
mod locate;
mod noted;
mod ogc;
mod page;
mod params;
mod peer;
mod problem;
mod proposals;
mod query;
mod rate;
mod records;
mod sent_shape;
mod shapes_asked;
mod site;
mod style;
mod tile;
mod tile_cache;
mod trail;
mod units;
mod vocabulary;
mod warm;
mod write;

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

pub use account::{GroupGrant, Issuer};
use accounts::Accounts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post, put};
pub use imports::Importer;
pub use limits::{Limits, Rate};
pub use listen::Tls;
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
    tiles: Arc<tile_cache::Cache>,
    views: Arc<known_at::Views>,
    looked: noted::Looked,
    layers: Shelf,
    units: Arc<units::Units>,
    accounts: Option<Arc<Accounts>>,
    issuers: Arc<account::Issuers>,
    programme_area: Option<Bounds>,
    limits: Arc<Limits>,
    imports: Arc<imports::Imports>,
    /// Turns true when the server is told to stop: streams end then.
    stopping: watch::Receiver<bool>,
}

/// What the operator settles.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who there is; without accounts whoever asks reads everything, and writes nothing.
    pub accounts: Option<Arc<Accounts>>,
    /// Providers to sign in with.
    pub issuers: Vec<Issuer>,
    /// Where the programme works: what lies outside is a finding.
    pub programme_area: Option<Bounds>,
    /// Reference layers, answered beside the collections.
    pub layers: Shelf,
    /// The bounds on what callers may ask for.
    pub limits: Limits,
    /// Proxies whose word is taken for the client's address.
    pub proxies: Vec<IpAddr>,
    /// How uploaded files are read; without one they are refused.
    pub importer: Option<Importer>,
    /// The certificate to speak TLS with; plain HTTP without one.
    pub tls: Option<Tls>,
}

impl App {
    fn new(register: Handle, settings: Settings, stopping: watch::Receiver<bool>) -> Self {
        let limits = Arc::new(settings.limits);
        Self {
            register,
            imports: Arc::new(imports::Imports::new(settings.importer, &limits)),
            tiles: Arc::new(tile_cache::Cache::new()),
            views: Arc::new(known_at::Views::new()),
            looked: noted::Looked::new(),
            layers: settings.layers,
            units: Arc::new(units::Units::new()),
            accounts: settings.accounts,
            issuers: Arc::new(account::Issuers::new(settings.issuers)),
            programme_area: settings.programme_area,
            limits,
            stopping,
        }
    }

    /// Whether there is nobody yet who could sign in.
    fn is_workstation(&self) -> bool {
        let mode = self.accounts.as_ref().map(|accounts| accounts.mode());
        mode.is_none_or(|mode| matches!(mode, Ok(accounts::Mode::Workstation)))
    }
}

/// Every route of the program.
fn router(app: App) -> Router {
    let held = held::Held::to(Arc::clone(&app.limits));
    Router::new()
        .route("/query/at", get(query::at))
        .route("/query/near", get(query::near))
        .route("/query/summary", get(query::summary))
        .route("/query/route", post(shapes_asked::route))
        .route("/query/area", post(shapes_asked::area))
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
        .layer(middleware::from_fn_with_state(app.clone(), asked::one_view))
        .layer(middleware::from_fn_with_state(app.clone(), caller::recognise))
        // `held` has read the body and refused one too large.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(held, held::held))
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
        .route("/records/{collection}/{id}/verification", post(records::verify))
        .route("/records/{collection}/{id}/findings/acceptance", post(records::accept_finding))
        .route("/proposals", get(proposals::proposals).post(proposals::propose_release))
        .route("/proposals/{number}", get(proposals::proposal))
        .route("/proposals/{number}/approval", post(proposals::approve))
        .route(imports::PATH, post(imports::import))
        .route("/proposals/{number}/rejection", post(proposals::reject))
}

/// Answers on `listener` until `stop` resolves; answers under way are finished first.
pub async fn serve(
    listener: TcpListener,
    register: Handle,
    mut settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let (told, stopping) = watch::channel(false);
    let (proxies, tls) = (std::mem::take(&mut settings.proxies), settings.tls.take());
    let app = App::new(register, settings, stopping.clone());
    // The first list of findings looks at every record's neighbours: nobody should wait for it.
    let whole = access::Scope::whole();
    let view = app.views.newest(&app.register, &whole);
    tokio::task::spawn_blocking(move || view.prepare_findings());
    // Of a workstation everybody asks for everything; else most ask for what is public.
    let scope = if app.is_workstation() { whole } else { access::Caller::public().scope() };
    warm::in_background(app.clone(), scope);
    tokio::spawn(async move {
        stop.await;
        told.send_replace(true);
    });
    let limits = Arc::clone(&app.limits);
    let router = router(app);
    listen::answer(listener, listen::Listening { router, limits, proxies, tls, stopping }).await;
}
