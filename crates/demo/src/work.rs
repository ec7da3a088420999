//! Synthetic tasks, land releases and surveys, on the synthetic areas that they name.

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use model::Collection;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::geography::place;
use crate::record::{Made, date, external_id, make, near, pick, stream};
use crate::shape::{HAZARD_AREA_M2, outline, rounded};

pub fn task(index: u64, seed: u64, random: &mut ChaCha8Rng) -> Made {
    let area = near(Collection::HazardousAreas, index, seed);
    let start = random.random_range(2024..=2026_u16);
    let fields = json!({
        "hazardous_areas": [external_id(Collection::HazardousAreas, area)],
        "activity": pick(random, &["non_technical_survey", "technical_survey", "clearance", "marking"]),
        "state": pick(random, &["planned", "in_progress", "in_progress", "suspended", "completed"]),
        "planned_start": format!("{start}-03-01"),
        "planned_end": format!("{}-10-31", start + 1),
        "progress_m2": f64::from(random.random_range(0..200_u16)) * 100.0,
    });
    (Some(ground(area, seed, random, false)), fields)
}

pub fn land_release(index: u64, seed: u64, random: &mut ChaCha8Rng) -> Made {
    let area = near(Collection::HazardousAreas, index, seed);
    let fields = json!({
        "outcome": pick(random, &["cancelled", "reduced", "cleared"]),
        "hazardous_areas": [external_id(Collection::HazardousAreas, area)],
        "survey": external_id(Collection::Surveys, near(Collection::Surveys, index, seed)),
        "method": "synthetic",
        "depth_cm": pick(random, &[15.0, 20.0, 30.0]),
        "completed_on": date(random, 2023, 2025),
    });
    (Some(ground(area, seed, random, true)), fields)
}

pub fn survey(random: &mut ChaCha8Rng) -> Value {
    json!({
        "type": pick(random, &["non_technical", "non_technical", "technical"]),
        "method": "synthetic",
        "started_on": date(random, 2022, 2022),
        "ended_on": date(random, 2023, 2025),
        "result": pick(random, &["evidence_found", "no_evidence_found", "no_evidence_found", "partly"]),
    })
}

/// The ground of a hazardous area, or a part of it; around its point where it has no perimeter.
fn ground(area: u64, seed: u64, random: &mut ChaCha8Rng, may_be_part: bool) -> Geometry<f64> {
    let (centre, direction) = place(&mut stream(area, seed));
    let whole = make(area, seed).geometry.unwrap_or(Point(centre).into());
    let share = if may_be_part { pick(random, &[0.4, 0.6, 0.8, 1.0]) } else { 1.0 };
    match whole {
        Geometry::Point(_) => outline(random, centre, direction, &HAZARD_AREA_M2),
        // A star shrunk to its centre stays inside; one with a hole would reach into the hole.
        Geometry::Polygon(star) if star.interiors().is_empty() => {
            let ring = star.exterior().0.iter().map(|c| shrunk(*c, centre, share)).collect();
            Polygon::new(LineString(ring), Vec::new()).into()
        }
        Geometry::MultiPolygon(parts) if may_be_part => {
            parts.0.into_iter().next().map_or(Point(centre).into(), Geometry::Polygon)
        }
        other => other,
    }
}

fn shrunk(place: Coord<f64>, centre: Coord<f64>, share: f64) -> Coord<f64> {
    rounded(centre + (place - centre) * share)
}
