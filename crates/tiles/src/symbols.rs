//! How records are drawn: the classes of `data/symbology.json`, which the page's map and the map style read as well.

use std::sync::LazyLock;

use model::{Collection, Tags};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Red, green, blue, and how much of what lies below it hides (255: all).
pub(crate) type Colour = [u8; 4];

/// How the records of one class are drawn.
#[derive(Debug, Clone)]
pub(crate) struct Symbol {
    pub fill: Colour,
    pub outline: Colour,
    pub hatch_colour: Colour,
    pub hatch: Hatch,
    /// Lengths of dashes and gaps in pixels; none where the outline runs through.
    pub dash: Vec<f64>,
    /// Greater is drawn later.
    pub order: i32,
    layer: String,
    when: Map<String, Value>,
}

/// The pattern that says the class without its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hatch {
    Cross,
    Forward,
    Backward,
    Dots,
    None,
}

/// As `symbology.json` says it.
#[derive(Deserialize)]
struct Class {
    layer: String,
    when: Map<String, Value>,
    fill: String,
    fill_opacity: f64,
    outline: String,
    dash: Option<Vec<f64>>,
    hatch: Hatch,
    order: i32,
}

#[derive(Deserialize)]
struct Symbology {
    classes: Vec<Class>,
}

/// All symbols, those drawn first at the beginning.
static SYMBOLS: LazyLock<Vec<Symbol>> = LazyLock::new(|| {
    let text = include_str!("../../../data/symbology.json");
    let read: Symbology =
        serde_json::from_str(text).expect("data/symbology.json is built with the program and tested");
    read.classes.into_iter().map(Symbol::of).collect()
});

/// No area hides what lies under it, whatever the file says of its sign.
const FILL_OPACITY_MAX: f64 = 0.5;
/// How much hatches hide.
const HATCH_OPACITY: f64 = 0.75;

/// All symbols, in the order of the file.
pub(crate) fn all() -> &'static [Symbol] {
    &SYMBOLS
}

/// The number of the symbol in [`all`]: the first class of its collection whose conditions hold.
pub(crate) fn number_of(collection: Collection, tags: &Tags) -> Option<usize> {
    let holds = |symbol: &Symbol| symbol.layer == collection.id() && symbol.is_for(tags);
    SYMBOLS.iter().position(holds)
}

impl Symbol {
    fn of(class: Class) -> Self {
        let Class { layer, when, fill, fill_opacity, outline, dash, hatch, order } = class;
        let hatch_colour = match hatch {
            // The hatch belongs to the class, the outline to the status: those of open areas.
            Hatch::Cross => "#8E0000",
            Hatch::Forward => "#8A5A00",
            Hatch::Backward | Hatch::Dots | Hatch::None => &outline,
        };
        Self {
            fill: colour(&fill, fill_opacity.min(FILL_OPACITY_MAX)),
            hatch_colour: colour(hatch_colour, HATCH_OPACITY),
            outline: colour(&outline, 1.0),
            hatch,
            dash: dash.unwrap_or_default(),
            order,
            layer,
            when,
        }
    }

    /// Identifier of its collection.
    pub fn collection(&self) -> &str {
        &self.layer
    }

    fn is_for(&self, tags: &Tags) -> bool {
        let code_of = |name: &str| tags.iter().find(|(known, _)| *known == name).map(|(_, code)| code);
        self.when.iter().all(|(name, wanted)| match wanted {
            Value::Array(codes) => codes.iter().any(|code| code.as_str() == code_of(name)),
            code => code.as_str() == code_of(name),
        })
    }
}

/// A colour of `#RRGGBB`; black where the text is none.
fn colour(text: &str, opacity: f64) -> Colour {
    let part = |from: usize| text.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    let [red, green, blue] = [1, 3, 5].map(|from| part(from).unwrap_or(0));
    [red, green, blue, (opacity * 255.0).round() as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spatial_collection_has_a_symbol_for_whatever_codes() {
        for collection in Collection::ALL.into_iter().filter(|c| c.is_spatial()) {
            assert!(number_of(collection, &Tags::default()).is_some(), "{collection}");
        }
    }

    #[test]
    fn the_confirmed_lies_above_the_suspected_and_is_hatched_otherwise() {
        let symbol = |classification| {
            let tags = Tags { classification, status: Some("open"), ..Tags::default() };
            &all()[number_of(Collection::HazardousAreas, &tags).expect("a symbol")]
        };
        let (confirmed, suspected) = (symbol(Some("confirmed")), symbol(Some("suspected")));
        assert!(confirmed.order > suspected.order && confirmed.hatch != suspected.hatch);
        assert_eq!(confirmed.fill, [0xC0, 0, 0, 128]);
    }
}
