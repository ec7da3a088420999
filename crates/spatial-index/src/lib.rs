//! The register at one revision, frozen, and every spatial question to it.
//!
//! A [`Snapshot`] never changes: readers share it and never wait. It is asked through a [`View`], which has only the
//! compartments that somebody may see. Candidates come from boxes that are rounded
//! outward; answers come from the exact shapes, and distances are geodesic. A shape that breaks the rules of
//! polygons is asked and drawn as one that covers it ([`Drawn`]).

mod area;
mod ask;
mod asked_area;
mod base;
mod boxes;
mod cells;
mod changed;
mod close_by;
mod compartment;
mod covering;
mod delta;
mod distance;
mod drawn;
mod findings;
mod ground;
mod layer;
mod levels;
mod log_entry;
mod marks;
mod meeting;
mod neighbours;
pub mod overlay;
mod packed_tree;
mod past;
mod personal;
mod placed;
mod proposal;
mod public_form;
mod route;
mod row;
mod shape;
mod snapshot;
mod summary;
mod text;
mod united;
mod view;
mod way;
mod within;

pub use area::{Inside, Part, Reaching};
pub use ask::{Hit, Near};
pub use asked_area::{AREA_VERTICES_MAX, AreaError, AskedArea};
pub use cells::covering_cells;
pub use changed::Changed;
pub use compartment::Home;
pub use drawn::Drawn;
pub use findings::{Found, Listed, Wanted};
pub use ground::{common_area_m2, united_area_m2};
pub use layer::Layer;
pub use log_entry::{Arrival, LogEntry};
pub use marks::Marks;
pub use neighbours::Remaining;
pub use placed::Placed;
pub use proposal::{Decision, Proposal};
pub use public_form::public_form;
pub use route::{AlongWay, CORNERS_LOOKED_AT_MAX, OnWay, REACHED_MAX, TooMuch};
pub use row::{Batch, Brief, Made, Row};
pub use snapshot::{Freezing, Repacking, Snapshot};
pub use summary::{CollectionSummary, Count, Summary};
pub use text::Dictionary;
pub use united::UNITED_EDGES_MAX;
pub use view::View;
pub use way::{WAY_M_MAX, WAY_VERTICES_MAX, Way, WayError};
