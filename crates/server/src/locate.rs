//! Where is that: coordinates in any notation, and traverses, answered as places.
//!
//! One thread of its own works with PROJ: a transformer belongs to the thread that made it, takes some 3.5 MB, and
//! would be lost with every thread of the runtime's pool that ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use geo_types::Coord;
use geodesy::{Leg, LocateError, NOTATIONS, North, Reading, Traverse};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use crate::params::Params;
use crate::problem::Problem;

/// Questions that wait for the thread; further ones wait for a place.
const WAITING_MAX: usize = 64;
/// Longest body of a traverse, in bytes.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// What a traverse looks like.
const TRAVERSE: &str = r#"{"reference": {"text", "crs"} or {"lon","lat"}, "north": "true" or "magnetic", "date": "YYYY-MM-DD", "legs": [{"bearing_deg", "distance_m"}], "closes": true}"#;

type Job = Box<dyn FnOnce() + Send>;

/// `GET /query/locate?text[&crs]`: a place for each way the text can be read.
pub(crate) async fn locate(RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["text", "crs"])?;
    let text = params.text("text").ok_or_else(|| Problem::missing_parameter("text", NOTATIONS))?.to_owned();
    let crs = params.text("crs").map(str::to_owned);
    let readings = on_thread(move || read(&text, crs.as_deref())).await??;
    let mut answer = json!({
        "type": "FeatureCollection",
        "features": readings.iter().map(feature).collect::<Vec<_>>(),
        "numberReturned": readings.len(),
    });
    if let [one] = &readings[..] {
        answer["lon"] = json!(one.place.x);
        answer["lat"] = json!(one.place.y);
        answer["accuracy_m"] = json!(one.accuracy_m);
        answer["read_as"] = json!(one.read_as);
    }
    Ok(geojson(&answer))
}

fn read(text: &str, crs: Option<&str>) -> Result<Vec<Reading>, Problem> {
    geodesy::locate(text, crs).map_err(|error| match &error {
        LocateError::Crs(_) | LocateError::TwoSystems { .. } => {
            Problem::bad_parameter("crs", crs.unwrap_or_default(), error.to_string())
        }
        LocateError::NoPlace { why, .. } => Problem::bad_parameter(
            "text",
            text,
            format!("a place, which this is not: {why}. Readable: {NOTATIONS}"),
        ),
        LocateError::TooLong { .. } => Problem::bad_parameter("text", "", error.to_string()),
        LocateError::Unreadable { .. } => Problem::bad_parameter("text", text, NOTATIONS),
    })
}

fn feature(reading: &Reading) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [reading.place.x, reading.place.y]},
        "properties": {
            "accuracy_m": reading.accuracy_m,
            "read_as": reading.read_as,
            "crs": reading.crs,
            "operation": reading.operation,
            "notes": reading.notes,
        },
    })
}

fn geojson(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/geo+json")], value.to_string()).into_response()
}

/// Where a traverse starts.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged, deny_unknown_fields)]
enum Reference {
    Text {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        crs: Option<String>,
    },
    Place {
        lon: f64,
        lat: f64,
    },
}

#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Bearings {
    #[default]
    True,
    Magnetic,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Step {
    bearing_deg: f64,
    distance_m: f64,
}

/// A traverse as asked.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Walk {
    reference: Reference,
    #[serde(default)]
    north: Bearings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    legs: Vec<Step>,
    #[serde(default)]
    closes: bool,
}

/// `POST /query/traverse`: where bearings and distances lead from a reference point.
pub(crate) async fn traverse(RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Problem> {
    Params::known(query.as_deref(), &[])?;
    if body.len() > BODY_BYTES_MAX {
        return Err(refused(format!("at most {BODY_BYTES_MAX} bytes")));
    }
    let walk: Walk =
        serde_json::from_slice(&body).map_err(|error| refused(format!("{TRAVERSE}; {error}")))?;
    let north = north(&walk)?;
    let (walk, walked) = on_thread(move || walked(&walk, north).map(|walked| (walk, walked))).await??;
    Ok(axum::Json(answer(&walk, &walked)?).into_response())
}

fn north(walk: &Walk) -> Result<North, Problem> {
    let read = |date: &String| {
        date.parse::<Date>().map_err(|_| refused(format!("a date such as 2026-05-31, not {date:?}")))
    };
    let date = walk.date.as_ref().map(read).transpose()?;
    match (walk.north, date) {
        (Bearings::True, _) => Ok(North::True),
        (Bearings::Magnetic, Some(date)) => Ok(North::Magnetic { date }),
        (Bearings::Magnetic, None) => {
            Err(refused("magnetic bearings with the date on which they were taken"))
        }
    }
}

fn refused(allowed: impl Into<String>) -> Problem {
    Problem::bad_parameter("body", "", allowed)
}

fn walked(walk: &Walk, north: North) -> Result<Traverse, Problem> {
    let legs: Vec<Leg> = walk.legs.iter().map(|step| step.leg()).collect();
    let reference = walk.reference.place()?;
    geodesy::traverse(reference, north, &legs, walk.closes).map_err(|error| refused(error.to_string()))
}

impl Step {
    fn leg(self) -> Leg {
        Leg { bearing_deg: self.bearing_deg, distance_m: self.distance_m }
    }
}

impl Reference {
    /// The one place that is meant: a traverse does not start in two.
    fn place(&self) -> Result<Coord<f64>, Problem> {
        match self {
            Reference::Place { lon, lat } => Ok(Coord { x: *lon, y: *lat }),
            Reference::Text { text, crs } => match &read(text, crs.as_deref())?[..] {
                [one] => Ok(one.place),
                several => {
                    let ways: Vec<&str> = several.iter().map(|reading| reading.read_as.as_str()).collect();
                    Err(refused(format!("a reference that can be read in one way, not: {}", ways.join("; "))))
                }
            },
        }
    }
}

/// The outline of a traverse that closes begins and ends at the reference: where the last leg really ended is in
/// `points`, and how far off in `misclosure_m`.
fn answer(walk: &Walk, walked: &Traverse) -> Result<Value, Problem> {
    let points: Vec<[f64; 2]> = walked.points.iter().map(|place| [place.x, place.y]).collect();
    let geometry = if walk.closes {
        let mut ring = points.clone();
        if let (Some(last), Some(first)) = (ring.last_mut(), points.first()) {
            *last = *first;
        }
        json!({"type": "Polygon", "coordinates": [ring]})
    } else {
        json!({"type": "LineString", "coordinates": points})
    };
    let mut as_entered = serde_json::to_value(walk).map_err(|error| Problem::internal(&error.to_string()))?;
    as_entered["notation"] = json!("traverse");
    as_entered["declination_deg"] = json!(walked.declination_deg);
    Ok(json!({
        "points": points,
        "misclosure_m": walked.misclosure_m,
        "length_m": walked.length_m,
        "declination_deg": walked.declination_deg,
        "geometry": geometry,
        "as_entered": as_entered,
    }))
}

/// Does something on the thread that holds PROJ's transformers.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let (tell, told) = oneshot::channel();
    let job: Job = Box::new(move || drop(tell.send(work())));
    let lost = || Problem::internal("the thread for coordinates does not answer");
    desk().send(job).await.map_err(|_| lost())?;
    told.await.map_err(|_| lost())
}

fn desk() -> &'static mpsc::Sender<Job> {
    static DESK: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    DESK.get_or_init(|| {
        let (sender, mut jobs) = mpsc::channel::<Job>(WAITING_MAX);
        let work = move || {
            while let Some(job) = jobs.blocking_recv() {
                // A panic is the end of its question only: the one who asked hears that it failed.
                drop(catch_unwind(AssertUnwindSafe(job)));
            }
        };
        if let Err(error) = std::thread::Builder::new().name("coordinates".to_owned()).spawn(work) {
            tracing::error!(%error, "no thread for coordinates");
        }
        sender
    })
}
