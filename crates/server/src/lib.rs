//! The register over HTTP: the web map, questions, tiles and OGC API Features.
//!
//! Every answer is given from one snapshot, which its headers name; unknown parameters are refused.

mod asked;
mod caller;
mod feature;
mod health;
mod locate;
mod ogc;
mod page;
mod params;
mod problem;
mod query;
mod style;
mod tile;
mod vocabulary;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use register::Handle;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct App {
    register: Handle,
    tiles: Arc<tile::Cache>,
}

/// Every route of the program.
pub fn router(register: Handle) -> Router {
    let app = App { register, tiles: Arc::new(tile::Cache::new()) };
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
        .route("/vocabulary.json", get(vocabulary::vocabulary))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/", get(page::index))
        .fallback(page::asset)
        .layer(middleware::from_fn_with_state(app.clone(), asked::one_snapshot))
        .layer(middleware::map_response(page::protect))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// Answers on `listener` until `stop` resolves; answers under way are finished first.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    register: Handle,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(register)).with_graceful_shutdown(stop).await
}
