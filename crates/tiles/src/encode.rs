//! Features as a Mapbox vector tile, version 2.1.

use fast_mvt::{MvtCoord, MvtFeatureBuilder, MvtGeomType, MvtResult, MvtTileBuilder, MvtValueRef};
use model::Collection;
use spatial_index::overlay::Cell;

use crate::feature::{Feature, Form, Who};

/// The bytes of a tile; none where there are no features.
///
/// # Errors
/// What the encoder says.
pub(crate) fn tile(features: &[Feature<'_>]) -> Result<Vec<u8>, String> {
    let mut tile = MvtTileBuilder::new();
    for collection in Collection::ALL {
        let own = || features.iter().filter(move |feature| feature.codes.collection == collection);
        if own().next().is_some() {
            tile = layer(tile, collection, own()).map_err(|e| e.to_string())?;
        }
    }
    Ok(tile.encode())
}

fn layer<'f>(
    tile: MvtTileBuilder,
    collection: Collection,
    features: impl Iterator<Item = &'f Feature<'f>>,
) -> MvtResult<MvtTileBuilder> {
    let mut layer = tile.layer(collection.id())?;
    for feature in features {
        let mut builder = match &feature.form {
            Form::Areas(_) => layer.feature_of(MvtGeomType::Polygon),
            Form::Points(_) => layer.feature_of(MvtGeomType::Point),
        };
        shape(&mut builder, &feature.form)?;
        properties(&mut builder, feature)?;
        layer = builder.end();
    }
    Ok(layer.end())
}

fn shape(builder: &mut MvtFeatureBuilder, form: &Form) -> MvtResult<()> {
    let coords = |cells: &[Cell]| cells.iter().map(|c| MvtCoord { x: c[0], y: c[1] }).collect::<Vec<_>>();
    match form {
        Form::Points(cells) => {
            builder.points(coords(cells))?;
        }
        Form::Areas(shapes) => {
            for rings in shapes {
                for (number, ring) in rings.iter().enumerate() {
                    builder.ring(coords(ring), number == 0)?;
                }
            }
        }
    }
    Ok(())
}

fn properties(builder: &mut MvtFeatureBuilder, feature: &Feature<'_>) -> MvtResult<()> {
    match &feature.who {
        Who::Several(count) => {
            builder.tag_ref("count", MvtValueRef::UInt(*count))?;
        }
        Who::One(row) => {
            builder.tag_ref("id", MvtValueRef::String(&row.id().to_string()))?;
            if let Some(name) = row.name() {
                builder.tag_ref("name", MvtValueRef::String(name))?;
            }
        }
    }
    for (name, code) in feature.codes.tags.iter() {
        builder.tag_ref(name, MvtValueRef::String(code))?;
    }
    builder.tag_ref("level", MvtValueRef::String(feature.level.as_str()))?;
    if feature.position_accuracy_m > 0.0 {
        builder.tag_ref("position_accuracy_m", MvtValueRef::Double(feature.position_accuracy_m))?;
    }
    if feature.codes.is_synthetic {
        builder.tag_ref("synthetic", MvtValueRef::Bool(true))?;
    }
    Ok(())
}
