//! The hazards along a way, in the order in which one comes to them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use model::{Bounds, Collection, RecordId};

use crate::meeting::{Approach, Meeting};
use crate::shape::Shape;
use crate::way::{Piece, Way};
use crate::{Layer, Placed, Row, View};

/// Most corners of hazards that are looked at for one answer.
pub const CORNERS_LOOKED_AT_MAX: u64 = 200_000_000;
/// Most hazards within reach for one answer.
pub const REACHED_MAX: usize = 250_000;

/// The work for an answer is beyond the limit of that name and value: ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch {
    /// Name of the limit.
    pub limit: &'static str,
    /// Its value.
    pub most: u64,
}

/// A hazard within reach of a way.
#[derive(Debug, Clone)]
pub struct OnWay {
    /// The record.
    pub row: Arc<Row>,
    /// Lower bound of its distance from the way in metres: geodesic distance to its shape less its position accuracy,
    /// rounded down to millimetres; 0 where it may reach the way.
    pub distance_m: f64,
    /// Metres along the way from its start to the place nearest to the shape; where they touch, to the first such place.
    pub chainage_m: f64,
    /// Metres along the way to where the hazard is first within reach.
    pub chainage_from_m: f64,
    /// Metres along the way to where it is last within reach.
    pub chainage_to_m: f64,
}

/// The hazards along a way.
#[derive(Debug, Clone)]
pub struct AlongWay {
    /// In order of `chainage_m`, then of identifiers.
    pub hits: Vec<OnWay>,
    /// How many more there are further on, beyond the limit.
    pub more: u64,
}

impl View {
    /// The open hazards within `reach_m` (lower bound of the distance) of a way, at most `limit`: the first ones on it.
    ///
    /// # Errors
    /// [`TooMuch`], where so much lies along the way that there would be no answer in any useful time.
    pub fn along(&self, way: &Way, reach_m: f64, limit: usize) -> Result<AlongWay, TooMuch> {
        let mut hits: Vec<OnWay> = self.reached(way, reach_m)?;
        hits.sort_by(|one, other| {
            one.chainage_m.total_cmp(&other.chainage_m).then(one.row.id.cmp(&other.row.id))
        });
        let more = hits.len().saturating_sub(limit) as u64;
        hits.truncate(limit);
        Ok(AlongWay { hits, more })
    }

    fn reached(&self, way: &Way, reach_m: f64) -> Result<Vec<OnWay>, TooMuch> {
        let mut met: HashMap<RecordId, (&Arc<Row>, Meeting)> = HashMap::new();
        let mut glance = Meeting::default();
        let mut seen = 0;
        for piece in way.pieces() {
            for (collection, bounds) in questions(piece, reach_m) {
                self.each_in_box(collection, &bounds, |placed| {
                    let Some((shape, bounds)) = own(&placed) else { return };
                    let reach_m = reach_m + placed.position_accuracy_m();
                    match met.entry(placed.id()) {
                        Entry::Occupied(known) => {
                            seen += known.into_mut().1.look(piece, shape, &bounds, reach_m);
                        }
                        Entry::Vacant(new) => {
                            seen += glance.look(piece, shape, &bounds, reach_m);
                            match glance.is_empty() {
                                true => glance.clear(),
                                false => drop(new.insert((placed.row(), std::mem::take(&mut glance)))),
                            }
                        }
                    }
                });
            }
            within_limits(seen, met.len())?;
        }
        Ok(met.into_values().filter_map(|(row, meeting)| on_way(row, meeting.approach()?, reach_m)).collect())
    }
}

/// What is asked from a piece: the boxes around it, of each collection that may hold hazards.
fn questions(piece: &Piece, reach_m: f64) -> impl Iterator<Item = (Collection, Bounds)> {
    let boxes = piece.boxes(reach_m);
    Layer::Hazards
        .collections()
        .flat_map(move |collection| boxes.iter().map(move |bounds| (collection, bounds)))
}

/// The shape of an open hazard, and the box around it on its own side of the 180th meridian.
fn own<'v>(placed: &Placed<'v>) -> Option<(&'v Shape, Bounds)> {
    let shape = placed.row().placed().filter(|_| Layer::Hazards.holds(placed.marks()))?;
    placed.own_bounds().map(|bounds| (shape, bounds))
}

fn within_limits(corners: u64, reached: usize) -> Result<(), TooMuch> {
    if corners > CORNERS_LOOKED_AT_MAX {
        return Err(TooMuch { limit: "CORNERS_LOOKED_AT_MAX", most: CORNERS_LOOKED_AT_MAX });
    }
    if reached > REACHED_MAX {
        return Err(TooMuch { limit: "REACHED_MAX", most: REACHED_MAX as u64 });
    }
    Ok(())
}

fn on_way(row: &Arc<Row>, approach: Approach, reach_m: f64) -> Option<OnWay> {
    let at_least_m = (approach.at_least_m - row.position_accuracy_m).max(0.0);
    (at_least_m <= reach_m).then(|| OnWay {
        row: Arc::clone(row),
        distance_m: (at_least_m * 1_000.0).floor() / 1_000.0,
        chainage_m: approach.chainage_m,
        chainage_from_m: approach.from_m,
        chainage_to_m: approach.to_m,
    })
}
