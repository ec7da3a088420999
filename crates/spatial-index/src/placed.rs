//! A row that has a place on the map, as the index finds it: its box and marks at hand, the rest when asked for.

use std::sync::Arc;

use access::Form;
use model::{Bounds, Collection, RecordId, Tags};

use crate::marks::Marks;
use crate::shape::Shape;
use crate::{Drawn, Row};

/// A row of the map. Box and marks cost nothing; its shape is made each time it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'v> {
    row: &'v Arc<Row>,
    marks: &'static Marks,
    bounds: Bounds,
    is_beyond: bool,
}

impl<'v> Placed<'v> {
    pub(crate) fn new(row: &'v Arc<Row>, marks: &'static Marks, bounds: Bounds) -> Self {
        Self { row, marks, bounds, is_beyond: false }
    }

    /// The same, found where its position error reaches over the 180th meridian.
    pub(crate) fn beyond(self, is_beyond: bool) -> Self {
        Self { is_beyond, ..self }
    }

    /// Whether it was found beyond the 180th meridian, where only its position error reaches.
    pub(crate) fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// The box by which it was found: holds the drawn shape and its position error, rounded outward by up to 2e-5°.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The box on the shape's own side of the 180th meridian.
    pub(crate) fn own_bounds(&self) -> Option<Bounds> {
        if self.is_beyond { self.row.bounds() } else { Some(self.bounds) }
    }

    /// All that rows are grouped by on maps: one copy of each, so that two may be told apart by their address.
    pub fn marks(&self) -> &'static Marks {
        self.marks
    }

    /// Collection.
    pub fn collection(&self) -> Collection {
        self.marks.collection
    }

    /// The codes it is drawn by.
    pub fn tags(&self) -> &'static Tags {
        &self.marks.tags
    }

    /// Whether it belongs to a synthetic demonstration.
    pub fn is_synthetic(&self) -> bool {
        self.marks.synthetic
    }

    /// How its shape is shown, where it is a public form.
    pub fn form(&self) -> Option<Form> {
        self.marks.form
    }

    /// Identifier.
    pub fn id(&self) -> RecordId {
        self.row.id
    }

    /// Name, where one is recorded.
    pub fn name(&self) -> Option<&'v str> {
        self.row.name()
    }

    /// Position accuracy in metres; 0 where none is recorded.
    pub fn position_accuracy_m(&self) -> f64 {
        self.row.position_accuracy_m
    }

    /// The shape it is drawn and asked by.
    pub fn drawn(&self) -> Drawn {
        self.row.drawn().unwrap_or_default()
    }

    /// Whether its shape is places only, no lines or areas.
    pub fn is_of_points(&self) -> bool {
        self.row.placed().is_some_and(Shape::is_of_points)
    }

    /// The row itself.
    pub fn row(&self) -> &'v Arc<Row> {
        self.row
    }
}
