//! Synthetic organisations, contributions and capacity: a handful, each once.

use model::Collection;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::record::{ORGANISATIONS, date, external_id, near, pick};

/// The organisation at that place of the list.
pub fn organisation(place: u64) -> Value {
    const KINDS: [&str; 4] = ["authority", "operator", "operator", "other"];
    let place = usize::try_from(place).unwrap_or(0) % ORGANISATIONS.len();
    json!({
        "code": ORGANISATIONS[place],
        "kind": KINDS[place],
        "country": "UA",
        "accreditation": [{
            "from": "2024-01-01", "until": "2027-12-31",
            "scope": ["non_technical_survey", "technical_survey", "clearance"], "by": ORGANISATIONS[0],
        }],
        "contact": "synthetic office",
    })
}

pub fn contribution(index: u64, seed: u64, random: &mut ChaCha8Rng) -> Value {
    let organisation = near(Collection::Organisations, index, seed);
    let kind = pick(random, &["funds", "vehicle", "detector", "machine", "training"]);
    let mut fields = json!({
        "contributor": external_id(Collection::Organisations, organisation),
        "kind": kind,
        "pledged_on": date(random, 2023, 2024),
        "tasks": [external_id(Collection::Tasks, near(Collection::Tasks, index, seed))],
    });
    let (pledged, delivered) = (random.random_range(10..=400_u32), random.random_range(1..=10_u32));
    if kind == "funds" {
        fields["pledged_amount"] = json!(f64::from(pledged) * 10_000.0);
        fields["delivered_amount"] = json!(f64::from(pledged * delivered) * 1_000.0);
        fields["currency"] = json!("EUR");
    } else {
        fields["pledged_quantity"] = json!(pledged);
        fields["delivered_quantity"] = json!(pledged * delivered / 10);
    }
    fields
}

pub fn capacity(random: &mut ChaCha8Rng) -> Value {
    json!({
        "kind": pick(random, &["team", "team", "machine", "detector", "dog"]),
        "quantity": random.random_range(1..=12),
        "activities": ["technical_survey", "clearance"],
        "accreditation_until": date(random, 2026, 2028),
        "available_from": "2024-01-01",
    })
}
