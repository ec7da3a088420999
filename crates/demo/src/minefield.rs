//! Synthetic minefield records: some as complete as the treaty asks, most as armies leave them.

use geo_types::{Coord, Geometry, LineString};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::geography::moved;
use crate::record::{Made, date, pick};
use crate::shape::{HAZARD_AREA_M2, outline, rounded};

const COMPLETE: f64 = 0.4;
const AS_A_ROW: f64 = 0.3;

pub fn record(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64) -> Made {
    let row = row(random, centre, direction);
    let mut fields = json!({
        "status": pick(random, &["open", "open", "open", "worked_on", "closed"]),
        "laid_on": date(random, 2022, 2024),
        "laid_by": "synthetic unit",
        "laying_method": [pick(random, &["by_hand", "mechanical"])],
        "pattern": "rows",
        "mines": [mine(random)],
        "marking": pick(random, &["none", "improvised", "permanent"]),
    });
    if random.random_bool(COMPLETE) {
        complete(&mut fields, &row);
    }
    let geometry: Geometry<f64> = if random.random_bool(AS_A_ROW) {
        LineString(row).into()
    } else {
        outline(random, centre, direction, &HAZARD_AREA_M2)
    };
    (Some(geometry), fields)
}

fn mine(random: &mut ChaCha8Rng) -> Value {
    let (model, category) =
        pick(random, &[("TM-62M", "av_mine"), ("PMN-2", "ap_mine"), ("OZM-72", "ap_mine")]);
    json!({
        "model": model, "category": category, "quantity": random.random_range(10..=300),
        "fuze": "synthetic", "anti_handling": random.random_bool(0.2), "detectable_8g": category == "av_mine",
    })
}

/// What the treaty asks for beyond what is always there.
fn complete(fields: &mut Value, row: &[Coord<f64>]) {
    let at = |place: Coord<f64>| json!({"lon": place.x, "lat": place.y});
    let aside = |place: Coord<f64>, east: f64| at(rounded(moved(place, Coord { x: east, y: 150.0 })));
    fields["reference_points"] = json!([
        {"position": aside(row[0], 80.0), "description": "synthetic: corner of a culvert"},
        {"position": aside(row[1], -60.0), "description": "synthetic: pylon"},
    ]);
    fields["perimeter"] = json!([
        {"type": "start", "position": at(row[0]), "fixed_by": "gnss"},
        {"type": "end", "position": at(row[1]), "fixed_by": "gnss"},
    ]);
    fields["mine_positions"] = json!([{"laid_as": "row", "position": at(row[0]), "end": at(row[1])}]);
    fields["held_by"] = json!("synthetic archive");
}

/// A row of mines across the belt.
fn row(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64) -> Vec<Coord<f64>> {
    let half_m = random.random_range(50.0..600.0);
    let end = |sign: f64| {
        let metres = Coord { x: sign * half_m * direction.cos(), y: sign * half_m * direction.sin() };
        rounded(moved(centre, metres))
    };
    vec![end(-1.0), end(1.0)]
}
