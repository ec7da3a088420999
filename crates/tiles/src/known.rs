//! The one place where tiles read rows of the index.

use std::borrow::Cow;
use std::sync::Arc;

use access::Form;
use model::{Bounds, RecordId};
use spatial_index::{Drawn, Row};

use crate::codes::Codes;

/// A row, and what a tile needs to know of it.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a>(&'a Arc<Row>);

impl<'a> Known<'a> {
    pub fn of(row: &'a Arc<Row>) -> Self {
        Self(row)
    }

    pub fn id(self) -> RecordId {
        self.0.id
    }

    /// What it is drawn by.
    pub fn codes(self) -> Codes {
        Codes { collection: self.0.collection, tags: self.0.tags, is_synthetic: self.0.synthetic }
    }

    /// The box around its shape, grown by the position error, on the shape's own side of the 180th meridian.
    pub fn bounds(self) -> Option<Bounds> {
        self.0.bounds
    }

    /// Its shape; costly.
    pub fn drawn(self) -> Option<Cow<'a, Drawn>> {
        self.0.drawn.as_ref().map(Cow::Borrowed)
    }

    /// Whether its shape is places only, no lines or areas.
    pub fn is_of_points(self) -> bool {
        self.0.drawn.as_ref().is_some_and(|drawn| drawn.polygons.0.is_empty() && drawn.lines.0.is_empty())
    }

    /// Whether its shape is no outline that anybody entered, but the cells of a public form.
    pub fn is_in_cells(self) -> bool {
        self.0.form == Some(Form::Cells)
    }

    pub fn position_accuracy_m(self) -> f64 {
        self.0.position_accuracy_m
    }

    pub fn name(self) -> Option<Cow<'a, str>> {
        self.0.name.as_deref().map(Cow::Borrowed)
    }
}
