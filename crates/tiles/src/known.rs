//! The one place where tiles read rows of the index.

use access::Form;
use model::{Bounds, RecordId};
use spatial_index::{Drawn, Marks, Placed};

/// A row, and what a tile needs to know of it.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a>(Placed<'a>);

impl<'a> Known<'a> {
    pub fn of(placed: Placed<'a>) -> Self {
        Self(placed)
    }

    pub fn id(self) -> RecordId {
        self.0.id()
    }

    /// What it is drawn by: one copy of each combination.
    pub fn marks(self) -> &'static Marks {
        self.0.marks()
    }

    /// The box around its shape, grown by the position error, on the shape's own side of the 180th meridian.
    pub fn bounds(self) -> Bounds {
        self.0.bounds()
    }

    /// Its shape; costly.
    pub fn drawn(self) -> Drawn {
        self.0.drawn()
    }

    /// Whether its shape is places only, no lines or areas.
    pub fn is_of_points(self) -> bool {
        self.0.is_of_points()
    }

    /// Whether its shape is no outline that anybody entered, but the cells of a public form.
    pub fn is_in_cells(self) -> bool {
        self.0.form() == Some(Form::Cells)
    }

    pub fn position_accuracy_m(self) -> f64 {
        self.0.position_accuracy_m()
    }

    pub fn name(self) -> Option<&'a str> {
        self.0.name()
    }
}
