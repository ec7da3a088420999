//! Pairs of numbers in a reference system, carried to WGS 84 by PROJ; which reading is possible is decided by the
//! area that each system is made for.

use geo_types::{Coord, Geometry, Point};

use super::degrees::{Angle, Axis};
use super::metres::Pair;
use super::named::{Candidate, Named, with_zone_prefix};
use super::{LocateError, Reading, Why, degree_step_m, degree_text};
use crate::{Crs, to_wgs84};

/// UCS-2000, whose area is Ukraine.
const UCS_2000_DEGREES: &str = "EPSG:5561";

/// One order of two numbers in one system.
struct Tried {
    reading: Reading,
    is_in_area: bool,
}

/// A pair in a system that was asked for: easting and northing, or longitude and latitude. The other order is
/// taken, and said, only where this one lies outside the area of the system and the other in it.
pub(super) fn in_system(crs: &Crs, pair: &Pair) -> Result<Vec<Reading>, Why> {
    let usual = usual_order(pair);
    let usual_try = convert(crs, crs.name(), pair, usual);
    if pair.is_easting_first.is_none() && !usual_try.as_ref().is_ok_and(|tried| tried.is_in_area) {
        let turned = convert(crs, crs.name(), pair, Order::NorthingFirst).ok();
        if let Some(mut turned) = turned.filter(|tried| tried.is_in_area) {
            turned.reading.notes.push(turned_note(crs));
            return Ok(vec![turned.reading]);
        }
    }
    match usual_try {
        Ok(tried) => Ok(vec![tried.reading]),
        Err(why) => other_zones(crs, pair).ok_or(why),
    }
}

fn turned_note(crs: &Crs) -> String {
    let name = crs.name();
    format!(
        "the second number was read as the first axis: in the usual order the place would lie outside the area of {name}"
    )
}

/// What an easting with a zone number can be where the system that was asked for cannot have it.
fn other_zones(crs: &Crs, pair: &Pair) -> Option<Vec<Reading>> {
    let mut readings = possible(&with_zone_prefix(), pair, None).ok()?;
    for reading in &mut readings {
        reading.notes.push(format!(
            "not read in {}, as was asked: the place would lie far outside its area",
            crs.name()
        ));
    }
    Some(readings)
}

/// A pair in a system that the text names, in every zone and order that is possible.
pub(super) fn in_named(named: Named, pair: &Pair) -> Result<Vec<Reading>, Why> {
    possible(&named.candidates(), pair, Some(named))
}

/// A pair without any system: where an easting begins with the number of a zone.
pub(super) fn with_prefix(pair: &Pair) -> Result<Vec<Reading>, Why> {
    possible(&with_zone_prefix(), pair, None).map_err(|_| {
        Why::Text(
            "two numbers in metres, but no system: name it (UCS-2000 zone 6, SK-63 X5, 37U) or give its EPSG code".to_owned(),
        )
    })
}

fn possible(candidates: &[Candidate], pair: &Pair, named: Option<Named>) -> Result<Vec<Reading>, Why> {
    let mut tried = Vec::new();
    for candidate in candidates {
        let crs =
            Crs::parse(&format!("EPSG:{}", candidate.epsg)).map_err(|error| Why::Text(error.to_string()))?;
        let orders = orders(pair).iter().copied().filter(|order| candidate.may_hold(order.first(pair)));
        tried.extend(orders.filter_map(|order| convert(&crs, crs.name(), pair, order).ok()));
    }
    let is_any_in_area = tried.iter().any(|tried| tried.is_in_area);
    tried.retain(|tried| tried.is_in_area || !is_any_in_area);
    if tried.is_empty() {
        let name = named.map_or_else(|| "any system of Ukraine".to_owned(), Named::name);
        return Err(Why::Text(format!(
            "{} and {} are no place in {name}",
            pair.first.value, pair.second.value
        )));
    }
    // SK-42 reaches from the Baltic to the Pacific; the names that are read here are Ukraine's.
    let ukraine = Crs::parse(UCS_2000_DEGREES).map_err(|error| Why::System(error.into()))?;
    tried.sort_by_key(|tried| !ukraine.is_made_for(tried.reading.place));
    Ok(tried.into_iter().map(|tried| tried.reading).collect())
}

/// Which number is easting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    EastingFirst,
    NorthingFirst,
}

impl Order {
    fn first(self, pair: &Pair) -> f64 {
        self.coordinates(pair).x
    }

    fn coordinates(self, pair: &Pair) -> Coord<f64> {
        match self {
            Order::EastingFirst => Coord { x: pair.first.value, y: pair.second.value },
            Order::NorthingFirst => Coord { x: pair.second.value, y: pair.first.value },
        }
    }
}

/// The order that letters name, else easting first.
fn usual_order(pair: &Pair) -> Order {
    if pair.is_easting_first == Some(false) { Order::NorthingFirst } else { Order::EastingFirst }
}

/// Every order that is possible: one where letters name it or both numbers are the same.
fn orders(pair: &Pair) -> &'static [Order] {
    match pair.is_easting_first {
        Some(false) => &[Order::NorthingFirst],
        None if pair.first.value != pair.second.value => &[Order::EastingFirst, Order::NorthingFirst],
        Some(true) | None => &[Order::EastingFirst],
    }
}

fn convert(crs: &Crs, name: &str, pair: &Pair, order: Order) -> Result<Tried, Why> {
    let Coord { x, y } = order.coordinates(pair);
    let (first, second, unit) =
        if crs.is_degrees() { ("longitude", "latitude", "°") } else { ("easting", "northing", " m") };
    let read_as = format!("{}, {first} {x}{unit}, {second} {y}{unit}", described(crs, name));
    let error_m =
        if crs.is_degrees() { degree_step_m(y, pair.second.step, pair.first.step) } else { pair.error() };
    carried(crs, Coord { x, y }, error_m, read_as)
}

/// Carries a place over and says how, and what there is to say about it.
fn carried(crs: &Crs, from: Coord<f64>, error_m: f64, read_as: String) -> Result<Tried, Why> {
    let conversion = to_wgs84(crs).map_err(|error| Why::System(LocateError::Crs(error)))?;
    let mut geometry = Geometry::Point(Point(from));
    let operation = conversion.convert(&mut geometry).map_err(|error| Why::Text(error.to_string()))?;
    let Geometry::Point(Point(place)) = geometry else { return Err(Why::Text("no place".to_owned())) };
    if crs.is_wgs84() && !(place.x.abs() <= 180.0 && place.y.abs() <= 90.0) {
        return Err(Why::Text(format!("longitude {} latitude {} is nowhere", place.x, place.y)));
    }
    let is_in_area = crs.is_made_for(place);
    let mut notes: Vec<String> = crs.assumption().map(str::to_owned).into_iter().collect();
    if !is_in_area {
        notes.push(format!(
            "the place lies outside the area that {} is made for: check the system",
            crs.name()
        ));
    }
    if operation.accuracy_m.is_none() {
        notes.push("PROJ states no accuracy for this operation".to_owned());
    }
    let reading = Reading {
        place,
        accuracy_m: operation.accuracy_m.map(|accuracy_m| accuracy_m + error_m),
        read_as,
        crs: crs.name().to_owned(),
        operation: (!crs.is_wgs84()).then(|| operation.name.to_string()),
        notes,
    };
    Ok(Tried { reading, is_in_area })
}

/// `EPSG:28406 (Pulkovo 1942 / Gauss-Kruger zone 6)`.
fn described(crs: &Crs, name: &str) -> String {
    crs.title().map_or_else(|| name.to_owned(), |title| format!("{name} ({title})"))
}

/// Angles in a geographic system; `None` for the system means WGS 84. `is_lon_first` is the promise for a system
/// that was asked for by its code: longitude before latitude.
pub(super) fn angles(crs: &Crs, angles: &[Angle; 2], is_lon_first: bool) -> Result<Vec<Reading>, Why> {
    let [first, second] = angles;
    let lat_first = (first, second, "latitude, longitude");
    let lon_first = (second, first, "longitude, latitude");
    let orders = match (first.axis, second.axis) {
        (Some(Axis::Latitude), _) | (_, Some(Axis::Longitude)) => vec![(lat_first.0, lat_first.1, "")],
        (Some(Axis::Longitude), _) | (_, Some(Axis::Latitude)) => vec![(lon_first.0, lon_first.1, "")],
        (None, None) => vec![lat_first, lon_first],
    };
    let tried = |(lat, lon, order): (&Angle, &Angle, &str)| angle_pair(crs, lat, lon, order);
    let mut tries: Vec<Result<Tried, Why>> = orders.into_iter().map(tried).collect();
    if is_lon_first && tries.len() == 2 {
        return preferred(crs, tries.swap_remove(1), tries.swap_remove(0));
    }
    let (found, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
    let mut found: Vec<Tried> = found.into_iter().flatten().collect();
    found.dedup_by(|one, other| one.reading.place == other.reading.place);
    let is_any_in_area = found.iter().any(|tried| tried.is_in_area);
    found.retain(|tried| tried.is_in_area || !is_any_in_area);
    if found.is_empty() {
        return Err(refused.into_iter().find_map(Result::err).unwrap_or(Why::Text("no place".to_owned())));
    }
    Ok(found.into_iter().map(|tried| tried.reading).collect())
}

/// Longitude first as promised; the other order, said, only where this one cannot be.
fn preferred(crs: &Crs, usual: Result<Tried, Why>, other: Result<Tried, Why>) -> Result<Vec<Reading>, Why> {
    match (usual, other) {
        (Ok(usual), _) if usual.is_in_area => Ok(vec![usual.reading]),
        (_, Ok(mut other)) if other.is_in_area => {
            let note = format!(
                "latitude was read first: longitude first would lie outside the area of {}",
                crs.name()
            );
            other.reading.notes.push(note);
            Ok(vec![other.reading])
        }
        (usual, _) => usual.map(|usual| vec![usual.reading]),
    }
}

fn angle_pair(crs: &Crs, lat: &Angle, lon: &Angle, order: &str) -> Result<Tried, Why> {
    if lat.value_deg.abs() > 90.0 {
        return Err(Why::Text(format!("{} is no latitude", degree_text(lat.value_deg))));
    }
    if lon.value_deg.abs() > 180.0 {
        return Err(Why::Text(format!("{} is no longitude", degree_text(lon.value_deg))));
    }
    let notation = match lat.parts.max(lon.parts) {
        1 => "decimal degrees",
        2 => "degrees and minutes",
        _ => "degrees, minutes and seconds",
    };
    let order = if order.is_empty() { String::new() } else { format!(" in the order {order}") };
    let system = if crs.is_wgs84() { "WGS 84".to_owned() } else { described(crs, crs.name()) };
    let (lat_text, lon_text) = (degree_text(lat.value_deg), degree_text(lon.value_deg));
    let read_as = format!("{notation}{order}: latitude {lat_text}, longitude {lon_text}, {system}");
    let error_m = degree_step_m(lat.value_deg, lat.step_deg, lon.step_deg);
    carried(crs, Coord { x: lon.value_deg, y: lat.value_deg }, error_m, read_as)
}
