//! The seeded synthetic country: an invented programme over Ukraine, for demonstration, tests and benchmarks.
//!
//! Every record says that it is synthetic, in its name, its description and its attribute `synthetic`. The
//! belts of hazards are invented; only the outline of the country and its settlements are real geography.

mod geography;
mod minefield;
mod partners;
mod record;
mod shape;
mod work;

use model::{Collection, Draft, Geometry, Origin, Properties};

/// One synthetic record, as a file would carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its collection.
    pub collection: Collection,
    /// Its outline; `None` for the few that have no place.
    pub geometry: Option<Geometry>,
    /// Values for the collection's fields.
    pub fields: Properties,
    /// Further values; `synthetic` is always `true`.
    pub attributes: Properties,
}

impl Feature {
    /// The feature as an import would read it from line `number` of a file.
    pub fn into_draft(self, number: u64) -> Draft {
        let mut draft = Draft::new(self.collection, Origin { file: "synthetic".to_owned(), number });
        draft.geometry = self.geometry;
        draft.fields = self.fields;
        draft.attributes = self.attributes;
        draft
    }
}

/// The first `count` records of the country that `seed` makes, always the same for the same seed.
pub fn features(count: u64, seed: u64) -> impl Iterator<Item = Feature> + Clone {
    (0..count).map(move |index| feature(index, seed))
}

/// Record `index` (from 0) of the country that `seed` makes, without making those before it.
pub fn feature(index: u64, seed: u64) -> Feature {
    record::make(index, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{GeodesicArea, Validation};
    use std::collections::HashSet;

    const SEED: u64 = 1;

    fn sample() -> Vec<Feature> {
        features(4_000, SEED).collect()
    }

    fn areas_m2(features: &[Feature]) -> Vec<f64> {
        let hazards = features.iter().filter(|f| f.collection == Collection::HazardousAreas);
        let polygons =
            hazards.filter_map(|f| f.geometry.as_ref()).filter(|g| !matches!(g, Geometry::Point(_)));
        let mut areas: Vec<f64> = polygons.map(|g| g.geodesic_area_signed().abs()).collect();
        areas.sort_by(f64::total_cmp);
        areas
    }

    #[test]
    fn the_same_seed_makes_the_same_country_and_another_seed_another() {
        assert_eq!(features(50, 7).collect::<Vec<_>>(), features(50, 7).collect::<Vec<_>>());
        assert_eq!(features(50, 7).last(), Some(feature(49, 7)));
        assert_ne!(features(50, 7).collect::<Vec<_>>(), features(50, 8).collect::<Vec<_>>());
    }

    #[test]
    fn every_record_says_that_it_is_synthetic() {
        for feature in sample() {
            assert_eq!(feature.attributes["synthetic"], true);
            let name = feature.fields["name"].as_str().expect("a name");
            assert!(name.starts_with("Synthetic"), "{name}");
        }
    }

    #[test]
    fn every_collection_occurs_and_identifiers_are_used_once() {
        let features = sample();
        let collections: HashSet<_> = features.iter().map(|f| f.collection).collect();
        assert_eq!(collections.len(), Collection::COUNT);
        let ids: HashSet<_> = features.iter().map(|f| f.fields["external_id"].to_string()).collect();
        assert_eq!(ids.len(), features.len());
    }

    #[test]
    fn most_records_are_hazardous_areas_and_few_are_of_partners() {
        let features = sample();
        let count = |is: &dyn Fn(Collection) -> bool| features.iter().filter(|f| is(f.collection)).count();
        assert!(count(&|c| c == Collection::HazardousAreas) * 2 > features.len());
        assert!((50..300).contains(&count(&|c| c == Collection::MinefieldRecords)));
        assert!(count(&|c| !c.is_spatial()) < 20);
    }

    #[test]
    fn what_a_record_refers_to_is_there() {
        let features = sample();
        let ids: HashSet<_> = features.iter().filter_map(|f| f.fields["external_id"].as_str()).collect();
        for feature in &features {
            for field in feature.collection.fields().filter(|field| field.kind.refers_to().is_some()) {
                let named = match feature.fields.get(field.name) {
                    Some(serde_json::Value::Array(named)) => named.clone(),
                    other => other.cloned().into_iter().collect(),
                };
                for name in named.iter().filter_map(|name| name.as_str()) {
                    assert!(ids.contains(name), "{}: {name}", field.name);
                }
            }
        }
    }

    #[test]
    fn most_releases_lie_in_the_area_that_they_release() {
        let features = sample();
        let by_id: std::collections::HashMap<_, _> =
            features.iter().filter_map(|f| Some((f.fields["external_id"].as_str()?, f))).collect();
        let (mut inside, mut all) = (0, 0);
        for release in features.iter().filter(|f| f.collection == Collection::LandReleases) {
            let area = by_id[release.fields["hazardous_areas"][0].as_str().expect("an area")];
            let bounds = |f: &Feature| f.geometry.as_ref().and_then(model::Bounds::of);
            let (Some(release), Some(area)) = (bounds(release), bounds(area)) else { continue };
            all += 1;
            inside += usize::from(release.touches(&area));
        }
        assert_eq!(inside, all);
    }

    #[test]
    fn hazard_sizes_have_a_median_near_two_hectares_and_stay_between_the_limits() {
        let areas = areas_m2(&sample());
        let median = areas[areas.len() / 2];
        assert!((15_000.0..27_000.0).contains(&median), "median {median} m²");
        assert!(
            areas[0] > 70.0 && areas[areas.len() - 1] < 7e6,
            "{} to {}",
            areas[0],
            areas[areas.len() - 1]
        );
    }

    #[test]
    fn outlines_have_5_to_200_vertices_and_some_have_parts_and_holes() {
        let (mut parts, mut holes) = (0, 0);
        for geometry in sample().into_iter().filter_map(|f| f.geometry) {
            let polygons = match geometry {
                Geometry::Polygon(polygon) => vec![polygon],
                Geometry::MultiPolygon(polygons) => polygons.0,
                _ => continue,
            };
            parts += usize::from(polygons.len() > 1);
            for polygon in polygons {
                holes += polygon.interiors().len();
                let vertices = polygon.exterior().0.len() - 1;
                assert!((4..=200).contains(&vertices), "{vertices}");
            }
        }
        assert!(parts > 50 && holes > 50, "{parts} with parts, {holes} holes");
    }

    #[test]
    fn about_one_outline_in_a_hundred_is_broken_as_in_real_files_and_the_rest_are_valid() {
        let features = sample();
        let outlines = features.iter().filter_map(|f| f.geometry.as_ref());
        let broken = outlines.filter(|g| g.check_validation().is_err()).count();
        assert!((10..120).contains(&broken), "{broken}");
    }

    #[test]
    fn hazards_lie_in_the_country_and_in_its_east_and_south() {
        for feature in sample() {
            let Some(bounds) = feature.geometry.as_ref().and_then(model::Bounds::of) else { continue };
            assert!(bounds.west > 29.0 && bounds.east < 41.0 && bounds.south > 44.0 && bounds.north < 53.0);
        }
    }

    #[test]
    fn no_synthetic_record_breaks_a_rule_but_for_its_shape_or_place_or_what_a_minefield_record_lacks() {
        let context = model::Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };
        for (number, feature) in sample().into_iter().enumerate() {
            let record = model::check(feature.into_draft(number as u64), model::RecordId::nil(), &context);
            let record = record.expect("within the limits");
            let about_shape = |rule: &str| rule.starts_with("geometry.") || rule == "ccw.missing";
            let odd = record.findings.iter().find(|finding| !about_shape(&finding.rule));
            assert_eq!(odd, None, "record {number}");
        }
    }
}
