//! The records of a collection as GeoJSON features, page by page.
//!
//! A page ends with the identifier of its last record and the next page begins after it. Records keep their
//! order and new ones come last, so paging neither skips nor repeats a record while others write.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use model::{Collection, RecordId};
use serde_json::{Value, json};
use spatial_index::Row;

use super::{GEOJSON, JSON, collection_named, layers, link, typed};
use crate::asked::Asked;
use crate::feature::{full_feature, write_feature};
use crate::params::Params;
use crate::problem::Problem;

/// Records on a page where the request does not say.
pub(super) const PAGE: usize = 100;
/// Most records on a page.
pub(super) const PAGE_MAX: usize = 10_000;

const KNOWN: [&str; 7] = ["f", "bbox", "datetime", "limit", "after", "not-placed", "known-at"];

/// `GET /ogc/collections/{collection}/items`.
pub(crate) async fn items(
    asked: Asked,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if let Some(layer) = asked.layer(&id)? {
        return layers::items(&asked, layer, query.as_deref());
    }
    let collection = collection_named(&id)?;
    let params = Params::known(query.as_deref(), &KNOWN)?;
    only_json(&params)?;
    let limit = params.limit(PAGE, PAGE_MAX)?;
    let after = params.text("after").map(id_named).transpose()?;
    let (mut page, matched) = match matching(&asked, collection, &params)? {
        None => (
            asked.view.items_after(collection, after).take(limit + 1).collect(),
            asked.view.count(collection),
        ),
        Some(rows) => {
            let from = after.map_or(0, |after| rows.partition_point(|row| row.id <= after));
            (rows[from..].iter().take(limit + 1).copied().collect::<Vec<_>>(), rows.len() as u64)
        }
    };
    let has_more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().map(|row| row.id).filter(|_| has_more);
    let links = page_links(&asked, (collection.id(), collection.label().en), query.as_deref(), limit, next);
    Ok(answer(&asked, &page, matched, links))
}

fn id_named(text: &str) -> Result<RecordId, Problem> {
    text.parse().map_err(|_| Problem::bad_parameter("after", text, "the value in a link `next`"))
}

/// The records that the parameters select, in order; nothing where they select all. A bbox matches records without
/// geometry, as the standard says (OGC 17-069r4, 7.15.3).
fn matching<'a>(
    asked: &'a Asked,
    collection: Collection,
    params: &Params,
) -> Result<Option<Vec<&'a Arc<Row>>>, Problem> {
    let mut rows = match params.bbox()? {
        Some(bbox) => asked.view.items_in_bbox(collection, bbox),
        None if params.text("not-placed").is_none() && params.text("datetime").is_none() => return Ok(None),
        None => asked.view.items(collection).collect(),
    };
    match params.text("not-placed") {
        None => {}
        Some("true") => rows.retain(is_not_placed),
        Some("false") => rows.retain(|row| !is_not_placed(row)),
        Some(other) => return Err(Problem::bad_parameter("not-placed", other, "true, false")),
    }
    if let Some(text) = params.text("datetime") {
        let interval = Interval::read(text)?;
        rows.retain(|row| interval.holds(row));
    }
    Ok(Some(rows))
}

fn is_not_placed(row: &&Arc<Row>) -> bool {
    !row.has_geometry() && row.collection().needs_place()
}

pub(super) fn only_json(params: &Params) -> Result<(), Problem> {
    match params.text("f") {
        None | Some("json" | "geojson") => Ok(()),
        Some(other) => Err(Problem::bad_parameter("f", other, "json")),
    }
}

/// `of` is the collection's identifier and title.
pub(super) fn page_links(
    asked: &Asked,
    of: (&str, &str),
    query: Option<&str>,
    limit: usize,
    next: Option<impl Display>,
) -> Vec<Value> {
    let (id, title) = of;
    let here = format!("{}/ogc/collections/{id}", asked.base);
    let query = query.unwrap_or("");
    let itself = if query.is_empty() { format!("{here}/items") } else { format!("{here}/items?{query}") };
    let mut links =
        vec![link("self", GEOJSON, "This page", itself), link("collection", JSON, title, here.clone())];
    if let Some(last) = next {
        let kept = query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("after=") && !p.starts_with("limit="));
        let own = [format!("limit={limit}"), format!("after={last}")];
        let query = kept.map(str::to_owned).chain(own).collect::<Vec<_>>().join("&");
        links.push(link("next", GEOJSON, "Next page", format!("{here}/items?{query}")));
    }
    links
}

fn answer(asked: &Asked, page: &[&Arc<Row>], matched: u64, links: Vec<Value>) -> Response {
    let mut body = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (index, row) in page.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        write_feature(&mut body, row, asked.admin(row).as_deref(), &[]);
    }
    let not_placed = asked.view.summary().not_placed;
    let rest = json!({
        "numberMatched": matched, "numberReturned": page.len(), "timeStamp": asked.as_of,
        "not_placed": not_placed, "links": links,
    });
    body.push_str("],");
    body.push_str(rest.to_string().trim_start_matches('{'));
    typed(GEOJSON, body)
}

/// `GET /ogc/collections/{collection}/items/{id}`.
pub(crate) async fn item(
    asked: Asked,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if let Some(layer) = asked.layer(&collection)? {
        return layers::item(&asked, layer, &id, query.as_deref());
    }
    let collection = collection_named(&collection)?;
    only_json(&Params::known(query.as_deref(), &["f", "known-at"])?)?;
    let missing = || Problem::not_found(format!("no record {id:?} in {collection}"));
    let known: RecordId = id.parse().map_err(|_| missing())?;
    let row = match asked.view.get(collection, known) {
        Some(row) => row,
        None => return Err(withdrawn(&asked, collection, known).unwrap_or_else(missing)),
    };
    let here = format!("{}/ogc/collections/{collection}", asked.base);
    let links = json!([
        link("self", GEOJSON, "This record", format!("{here}/items/{}", row.id)),
        link("collection", JSON, collection.label().en, here),
    ]);
    let mut feature = full_feature(&asked.view, row);
    if let Some(admin) = asked.admin(row) {
        feature["properties"]["admin"] = serde_json::from_str(&admin).unwrap_or_default();
    }
    feature["links"] = links;
    let crs = (HeaderName::from_static("content-crs"), format!("<{}>", super::CRS84));
    let etag = (header::ETAG, format!("\"{}\"", row.revision));
    Ok(([(header::CONTENT_TYPE, GEOJSON.to_owned()), crs, etag], feature.to_string()).into_response())
}

/// A record that was withdrawn is gone, but its history is not.
fn withdrawn(asked: &Asked, collection: Collection, id: RecordId) -> Option<Problem> {
    let row = asked.view.version(id).filter(|row| row.collection() == collection)?;
    let history = format!("/records/{collection}/{id}/history");
    let detail = format!("record {id} was withdrawn at revision {}; {history} tells its story", row.revision);
    let gone = axum::http::StatusCode::GONE;
    Some(Problem::of(gone, "withdrawn", "Withdrawn", detail).with("history", json!(history)))
}

/// A date and time, or an interval of them, open at either end (RFC 3339; `..` or nothing is open).
pub(super) struct Interval {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Interval {
    pub fn read(text: &str) -> Result<Self, Problem> {
        let allowed = "an RFC 3339 date-time, or two of them (or ..) with a slash between";
        let refused = || Problem::bad_parameter("datetime", text, allowed);
        let (start, end) = text.split_once('/').unwrap_or((text, text));
        let interval = Self {
            start: instant(start, "T00:00:00Z").map_err(|()| refused())?,
            end: instant(end, "T23:59:59.999Z").map_err(|()| refused())?,
        };
        let is_backwards = interval.start.zip(interval.end).is_some_and(|(start, end)| start > end);
        if is_backwards || (interval.start.is_none() && interval.end.is_none() && text != "../..") {
            return Err(refused());
        }
        Ok(interval)
    }

    /// Whether the record was reported within it. A record without a date always matches.
    fn holds(&self, row: &Row) -> bool {
        let properties: Value = serde_json::from_str(&row.properties()).unwrap_or_default();
        let Some(day) = properties["reported_on"].as_str() else { return true };
        let first = instant(day, "T00:00:00Z").ok().flatten();
        let last = instant(day, "T23:59:59.999Z").ok().flatten();
        let Some((first, last)) = first.zip(last) else { return true };
        self.start.is_none_or(|start| last >= start) && self.end.is_none_or(|end| first <= end)
    }
}

/// An instant; a bare date stands for the moment of that day that `time_of_day` says.
fn instant(text: &str, time_of_day: &str) -> Result<Option<Timestamp>, ()> {
    match text {
        "" | ".." => Ok(None),
        date if date.len() == 10 => format!("{date}{time_of_day}").parse().map(Some).map_err(|_| ()),
        moment => moment.parse().map(Some).map_err(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_may_be_open_and_backwards_ones_are_refused() {
        for good in
            ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z/..", "../2026-01-01", "2025-01-01/2026-01-01"]
        {
            assert!(Interval::read(good).is_ok(), "{good}");
        }
        for bad in ["", "yesterday", "2026-01-01/2025-01-01", "2026-13-01T00:00:00Z", "/"] {
            assert!(Interval::read(bad).is_err(), "{bad}");
        }
    }
}
