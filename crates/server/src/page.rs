//! The web map, which the program carries inside.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Page;

/// Names under this folder carry a hash of their content.
const HASHED: &str = "assets/";

/// `GET /`: the map.
pub(crate) async fn index(headers: HeaderMap) -> Response {
    answer("index.html", &headers)
}

/// Whatever no route knows: a file of the map, or nothing.
pub(crate) async fn asset(request: Request) -> Response {
    answer(request.uri().path().trim_start_matches('/'), request.headers())
}

fn answer(path: &str, asked: &HeaderMap) -> Response {
    match Page::get(path) {
        Some(file) => file_response(path, file, asked),
        None => Problem::not_found(format!("nothing stands at /{path}")).into_response(),
    }
}

fn file_response(path: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let hash: String = file.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let cache = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let kind = file.metadata.mimetype().to_owned();
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, etag)];
    (headers, file.data.into_owned()).into_response()
}

/// Headers that keep a browser from doing anything but showing this map.
pub(crate) async fn protect(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
