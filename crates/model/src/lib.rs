//! The words, rules and units of a mine-action register, as pure functions on values.
//!
//! A file or a request becomes a [`Draft`]; [`check`] turns a draft into a [`Record`] and lists **all** its
//! [`Finding`]s; [`decide`] holds a record against the one already known. Nothing here reads a file, a clock
//! or a random number. Positions are WGS 84 degrees, longitude first.

mod ccw;
mod check;
mod closing;
pub mod codes;
mod collection;
mod decide;
mod difference;
mod draft;
mod effect;
mod event;
mod field;
mod fields;
mod finding;
mod geometry;
pub mod limits;
mod place;
mod read;
mod record;
mod remedy;
mod rules;
mod schema;
mod tags;

pub use ccw::derived;
pub use check::{Context, check};
pub use closing::may_close;
pub use codes::{Code, CodeList};
pub use collection::Collection;
pub use decide::{Decision, decide};
pub use difference::{Difference, Named, difference};
pub use draft::{Draft, Origin};
pub use effect::Effect;
pub use event::{Action, Event, Identity, Outcome, Request};
pub use field::{Field, Kind, Label};
pub use finding::{AcceptedFinding, Finding, Severity};
pub use geometry::{Bounds, bounds, coordinates, geometry_findings, is_placeable, vertex_count};
pub use record::{Measures, Record, RecordId};
pub use remedy::{refuses, remedy};
pub use schema::schema;
pub use tags::Tags;

/// A geometry in WGS 84 degrees, longitude first, as entered: it may break the rules of valid polygons.
pub type Geometry = geo_types::Geometry<f64>;

/// Named values of one record, in the order of the collection's fields.
pub type Properties = serde_json::Map<String, serde_json::Value>;

/// The sentence that goes with every answer about a place (`docs/GLOSSARY.md`, "no record").
pub const NO_RECORD_IS_NOT_SAFETY: &str =
    "No record here does not mean that the land is safe: it may never have been surveyed.";
