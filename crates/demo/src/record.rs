//! The values of one synthetic record.

use geo_types::{Coord, Geometry, Point};
use model::{Collection, Properties};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::Feature;
use crate::geography::{place, settlement_near};
use crate::shape::{HAZARD_AREA_M2, SURVEY_AREA_M2, outline, rounded};

const WITHOUT_PLACE: f64 = 0.004;
const WITHOUT_PERIMETER: f64 = 0.03;
const ORGANISATIONS: [&str; 4] =
    ["synthetic_authority", "synthetic_operator_a", "synthetic_operator_b", "synthetic_volunteers"];

/// Makes record `index` out of its own stream of random numbers.
pub fn make(index: u64, random: &mut ChaCha8Rng) -> Feature {
    let (centre, direction) = place(random);
    let (collection, prefix, noun) = match random.random_range(0..100_u8) {
        0..60 => (Collection::HazardousAreas, "HA", "hazardous area"),
        60..80 => (Collection::HazardReports, "HR", "hazard report"),
        80..92 => (Collection::LandReleases, "LR", "land release"),
        _ => (Collection::Surveys, "SU", "survey"),
    };
    let mut fields = common(index, prefix, noun, centre, random);
    let (geometry, own) = match collection {
        Collection::HazardousAreas => hazardous_area(random, centre, direction),
        Collection::HazardReports => (Point(rounded(centre)).into(), hazard_report(random)),
        Collection::LandReleases => {
            (outline(random, centre, direction, &HAZARD_AREA_M2), land_release(index, random))
        }
        _ => (outline(random, centre, direction, &SURVEY_AREA_M2), survey(random)),
    };
    if let Value::Object(own) = own {
        fields.extend(own);
    }
    let geometry = (!random.random_bool(WITHOUT_PLACE)).then_some(geometry);
    let attributes = Properties::from_iter([("synthetic".to_owned(), json!(true))]);
    Feature { collection, geometry, fields, attributes }
}

fn common(index: u64, prefix: &str, noun: &str, centre: Coord<f64>, random: &mut ChaCha8Rng) -> Properties {
    let near = &settlement_near(centre).name;
    let fields = json!({
        "external_id": format!("SYN-{prefix}-{index:07}"),
        "name": format!("Synthetic {noun} {index} near {near}"),
        "description": "Synthetic record for demonstration. There is no such hazard.",
        "organisation": pick(random, &ORGANISATIONS),
        "reported_on": date(random, 2022, 2025),
        "position_accuracy_m": pick(random, &[1.0, 2.0, 5.0, 10.0, 25.0]),
        "sharing": "public",
    });
    fields.as_object().cloned().unwrap_or_default()
}

fn hazardous_area(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64) -> (Geometry<f64>, Value) {
    let confirmed = random.random_bool(0.35);
    let mut fields = json!({
        "classification": if confirmed { "confirmed" } else { "suspected" },
        "status": pick(random, &["open", "open", "open", "open", "open", "open", "worked_on", "suspended", "closed"]),
        "contamination": [pick(random, &["ap_mine", "av_mine", "uxo", "cluster_munition_remnant", "unknown"])],
        "emplacement": [pick(random, &["by_hand", "mechanical", "artillery", "rocket", "drone", "unknown"])],
        "evidence": [evidence(random, confirmed)],
        "marking": pick(random, &["none", "none", "improvised", "permanent", "unknown"]),
        "land_use": pick(random, &["agricultural", "agricultural", "agricultural", "forest", "grazing", "road"]),
        "priority": pick(random, &["low", "medium", "high"]),
    });
    if random.random_bool(WITHOUT_PERIMETER) {
        fields["position_accuracy_m"] = json!(pick(random, &[50.0, 100.0, 250.0]));
        return (Point(rounded(centre)).into(), fields);
    }
    (outline(random, centre, direction, &HAZARD_AREA_M2), fields)
}

fn evidence(random: &mut ChaCha8Rng, confirmed: bool) -> Value {
    let (kind, types) = if confirmed {
        ("direct", ["explosive_item", "crater", "accident"])
    } else {
        ("indirect", ["unused_land", "former_record", "reported_detonation"])
    };
    json!({"kind": kind, "type": pick(random, &types), "source": "observation", "note": "synthetic"})
}

fn hazard_report(random: &mut ChaCha8Rng) -> Value {
    json!({
        "kind": pick(random, &["item_seen", "item_seen", "suspicion", "accident_heard", "warning_sign"]),
        "triage": pick(random, &["new", "new", "new", "verified", "duplicate", "rejected"]),
        "item_category": pick(random, &["ap_mine", "av_mine", "uxo", "unknown"]),
        "seen_on": date(random, 2022, 2025),
    })
}

fn land_release(index: u64, random: &mut ChaCha8Rng) -> Value {
    json!({
        "outcome": pick(random, &["cancelled", "reduced", "cleared"]),
        "hazardous_areas": [format!("SYN-HA-{:07}", index / 2)],
        "survey": format!("SYN-SU-{:07}", index / 3),
        "method": "synthetic",
        "depth_cm": pick(random, &[15.0, 20.0, 30.0]),
        "completed_on": date(random, 2023, 2025),
    })
}

fn survey(random: &mut ChaCha8Rng) -> Value {
    json!({
        "type": pick(random, &["non_technical", "non_technical", "technical"]),
        "method": "synthetic",
        "started_on": date(random, 2022, 2022),
        "ended_on": date(random, 2023, 2025),
        "result": pick(random, &["evidence_found", "no_evidence_found", "no_evidence_found", "partly"]),
    })
}

fn date(random: &mut ChaCha8Rng, first_year: u16, last_year: u16) -> String {
    let year = random.random_range(first_year..=last_year);
    format!("{year}-{:02}-{:02}", random.random_range(1..=12), random.random_range(1..=28))
}

fn pick<T: Copy>(random: &mut ChaCha8Rng, choices: &[T]) -> T {
    *choices.choose(random).unwrap_or(&choices[0])
}
