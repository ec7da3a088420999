//! OGC API Tiles: map tiles (OGC 20-057, clause 6 with the path templates of table 8), for programs that show pictures only.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tiles::TileSize;

use crate::App;
use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;
use crate::tile::{Form, Found, given, layer_named, tile_named};

/// The one tile matrix set: its rows and columns are those of XYZ.
const MATRIX_SET: &str = "WebMercatorQuad";

/// `GET /ogc/map/tiles/{matrixSet}/{z}/{row}/{col}`: every open hazard.
pub(crate) async fn of_hazards(
    State(app): State<App>,
    asked: Asked,
    Path((set, z, row, column)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    picture(app, asked, "hazards", [&set, &z, &row, &column], query.as_deref(), &headers).await
}

/// `GET /ogc/collections/{collection}/map/tiles/{matrixSet}/{z}/{row}/{col}`.
pub(crate) async fn of_collection(
    State(app): State<App>,
    asked: Asked,
    Path((collection, set, z, row, column)): Path<(String, String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    picture(app, asked, &collection, [&set, &z, &row, &column], query.as_deref(), &headers).await
}

async fn picture(
    app: App,
    asked: Asked,
    layer: &str,
    [set, z, row, column]: [&str; 4],
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::known(query, &["f", "known-at"])?;
    match params.text("f") {
        None | Some("png") => {}
        Some(other) => return Err(Problem::bad_parameter("f", other, "png")),
    }
    if set != MATRIX_SET {
        return Err(Problem::not_found(format!("no tile matrix set {set:?}; there is {MATRIX_SET}")));
    }
    let found = Found::Records(layer_named(layer)?, Form::Raster(TileSize::Px256));
    given(app, asked, found, tile_named(z, column, row)?, headers).await
}
