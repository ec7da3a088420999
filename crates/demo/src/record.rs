//! The values of one synthetic record.

use geo_types::{Coord, Geometry, Point};
use model::{Collection, Properties};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::geography::{place, settlement_near};
use crate::shape::{HAZARD_AREA_M2, SURVEY_AREA_M2, outline, rounded};
use crate::{Feature, minefield, partners, work};

/// Geometry and own values of a record.
pub type Made = (Option<Geometry<f64>>, Value);

const WITHOUT_PLACE: f64 = 0.004;
const WITHOUT_PERIMETER: f64 = 0.03;
pub const ORGANISATIONS: [&str; 4] =
    ["synthetic_authority", "synthetic_operator_a", "synthetic_operator_b", "synthetic_volunteers"];

/// Records of who works in the programme stand together, each once, whatever the number of records.
const PARTNERS_FROM: u64 = 400;

/// The collection of record `index` of the country that `seed` makes.
pub fn collection_of(index: u64, seed: u64) -> Collection {
    match index.checked_sub(PARTNERS_FROM) {
        Some(0..4) => return Collection::Organisations,
        Some(4..9) => return Collection::Contributions,
        Some(9..16) => return Collection::Capacity,
        Some(16..) | None => {}
    }
    let mut random = stream(index, seed);
    random.set_word_pos(FAR);
    match random.random_range(0..100_u8) {
        0..58 => Collection::HazardousAreas,
        58..76 => Collection::HazardReports,
        76..86 => Collection::LandReleases,
        86..93 => Collection::Surveys,
        93..96 => Collection::MinefieldRecords,
        96..98 => Collection::ExplosiveItems,
        98 => Collection::Accidents,
        _ => Collection::Tasks,
    }
}

/// A place in a record's random numbers that its values never reach.
const FAR: u128 = 1 << 40;

/// The random numbers of one record.
pub fn stream(index: u64, seed: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(index);
    random
}

/// Makes record `index` out of its own stream of random numbers.
pub fn make(index: u64, seed: u64) -> Feature {
    let collection = collection_of(index, seed);
    let mut random = stream(index, seed);
    let random = &mut random;
    let (centre, direction) = place(random);
    let mut fields = common(index, collection, centre, random);
    let own = match collection {
        Collection::HazardousAreas => hazardous_area(random, centre, direction),
        Collection::MinefieldRecords => minefield::record(random, centre, direction),
        Collection::HazardReports => (Some(Point(rounded(centre)).into()), hazard_report(random)),
        Collection::ExplosiveItems => (Some(Point(rounded(centre)).into()), explosive_item(random)),
        Collection::Accidents => (Some(Point(rounded(centre)).into()), accident(random)),
        Collection::Tasks => work::task(index, seed, random),
        Collection::LandReleases => work::land_release(index, seed, random),
        Collection::Surveys => {
            (Some(outline(random, centre, direction, &SURVEY_AREA_M2)), work::survey(random))
        }
        Collection::Organisations => (None, partners::organisation(index - PARTNERS_FROM)),
        Collection::Contributions => (None, partners::contribution(index, seed, random)),
        Collection::Capacity => (None, partners::capacity(random)),
    };
    let (geometry, own) = own;
    if let Value::Object(own) = own {
        fields.extend(own);
    }
    let geometry = geometry.filter(|_| !random.random_bool(WITHOUT_PLACE));
    let attributes = Properties::from_iter([("synthetic".to_owned(), json!(true))]);
    Feature { collection, geometry, fields, attributes }
}

/// The operator's identifier of a synthetic record.
pub fn external_id(collection: Collection, index: u64) -> String {
    format!("SYN-{}-{index:07}", words(collection).0)
}

/// The nearest record of a collection that stands before (or, at the very beginning, after) record `index`.
pub fn near(collection: Collection, index: u64, seed: u64) -> u64 {
    const FAR_MAX: u64 = 2_000;
    let before = (index.saturating_sub(FAR_MAX)..index).rev();
    let mut candidates = before.chain(index + 1..index + FAR_MAX);
    candidates.find(|other| collection_of(*other, seed) == collection).unwrap_or(index)
}

/// Levels by turns: half is shared with everybody.
const SHARING: [&str; 10] = [
    "public",
    "partners",
    "public",
    "restricted",
    "public",
    "public",
    "partners",
    "public",
    "restricted",
    "partners",
];

fn words(collection: Collection) -> (&'static str, &'static str) {
    match collection {
        Collection::HazardousAreas => ("HA", "hazardous area"),
        Collection::MinefieldRecords => ("MR", "minefield record"),
        Collection::HazardReports => ("HR", "hazard report"),
        Collection::ExplosiveItems => ("EI", "explosive item"),
        Collection::Accidents => ("AC", "accident"),
        Collection::Tasks => ("TA", "task"),
        Collection::LandReleases => ("LR", "land release"),
        Collection::Surveys => ("SU", "survey"),
        Collection::Organisations => ("OR", "organisation"),
        Collection::Contributions => ("CO", "contribution"),
        Collection::Capacity => ("CA", "capacity"),
    }
}

fn common(index: u64, collection: Collection, centre: Coord<f64>, random: &mut ChaCha8Rng) -> Properties {
    let (near, noun) = (&settlement_near(centre).name, words(collection).1);
    let place = if collection.is_spatial() { format!(" near {near}") } else { String::new() };
    let mut fields = json!({
        "external_id": external_id(collection, index),
        "name": format!("Synthetic {noun} {index}{place}"),
        "description": "Synthetic record for demonstration. There is no such hazard.",
        "organisation": pick(random, &ORGANISATIONS),
        "reported_on": date(random, 2022, 2025),
        "sharing": SHARING[(index % 10) as usize],
    });
    if collection.is_spatial() {
        fields["position_accuracy_m"] = json!(pick(random, &[1.0, 2.0, 5.0, 10.0, 25.0]));
    }
    fields.as_object().cloned().unwrap_or_default()
}

fn hazardous_area(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64) -> Made {
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
        return (Some(Point(rounded(centre)).into()), fields);
    }
    (Some(outline(random, centre, direction, &HAZARD_AREA_M2)), fields)
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

fn explosive_item(random: &mut ChaCha8Rng) -> Value {
    let mut fields = json!({
        "category": pick(random, &["ap_mine", "av_mine", "uxo", "uxo", "cluster_munition_remnant"]),
        "quantity": random.random_range(1..=4),
        "found_on": date(random, 2022, 2024),
        "depth_cm": pick(random, &[0.0, 5.0, 10.0, 20.0]),
        "condition": pick(random, &["fuzed", "unfuzed", "damaged", "unknown"]),
    });
    if random.random_bool(0.6) {
        fields["disposal"] = json!(pick(random, &["destroyed_in_place", "moved_and_destroyed"]));
        fields["disposed_on"] = json!(date(random, 2025, 2025));
    }
    fields
}

fn accident(random: &mut ChaCha8Rng) -> Value {
    json!({
        "type": pick(random, &["mine", "mine", "uxo_axo", "cluster_munition", "demining"]),
        "occurred_on": date(random, 2022, 2025),
        "killed": {"men": random.random_range(0..=1), "women": 0},
        "injured": {"men": random.random_range(0..=2), "boys": random.random_range(0..=1)},
        "activity": pick(random, &["synthetic: farming", "synthetic: travelling", "synthetic: playing"]),
        "device_category": pick(random, &["ap_mine", "av_mine", "uxo", "unknown"]),
    })
}

pub fn date(random: &mut ChaCha8Rng, first_year: u16, last_year: u16) -> String {
    let year = random.random_range(first_year..=last_year);
    format!("{year}-{:02}-{:02}", random.random_range(1..=12), random.random_range(1..=28))
}

pub fn pick<T: Copy>(random: &mut ChaCha8Rng, choices: &[T]) -> T {
    *choices.choose(random).unwrap_or(&choices[0])
}
