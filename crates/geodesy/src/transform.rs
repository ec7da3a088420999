//! Coordinates of any system → WGS 84, through PROJ, never by a guess.
//!
//! A PROJ transformer belongs to one thread and costs milliseconds to make, so each thread keeps its own.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use geo_types::{Coord, Geometry, LineString, Polygon};
use proj::Proj;

use crate::crs::fault;
use crate::{Crs, CrsError};

/// Most systems for which one thread keeps a transformer, each of some 3.5 MB; the next one empties the shelf.
const KEPT_MAX: usize = 24;

/// WGS 84 in degrees, in PROJ's words.
const WGS84: &str = "EPSG:4326";

/// How far outside its area a system is still believed, in degrees: beyond, the system is the wrong one, or
/// the formulas answer some other place on Earth.
const BEYOND_AREA_DEG_MAX: f64 = 5.0;

/// How coordinates were carried over, for `as_entered`.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// PROJ's name of it.
    pub name: Rc<str>,
    /// Its stated accuracy in metres; `None` where none is stated.
    pub accuracy_m: Option<f64>,
}

/// Why coordinates could not be carried over.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConvertError {
    /// Only an operation without datum shift is left; it may be more than 100 m off.
    #[error(
        "no known way from {crs} to WGS 84 at {x} {y}: PROJ offers only {operation:?}, which leaves out the datum \
         shift; pass the right --crs EPSG:N"
    )]
    Ballpark {
        /// The system.
        crs: String,
        /// First coordinate in the system.
        x: f64,
        /// Second coordinate in the system.
        y: f64,
        /// What PROJ offers.
        operation: String,
    },
    /// A place that the system does not have.
    #[error("the place {x} {y} (longitude, latitude) has no coordinates in {crs}: {reason}")]
    NotThere {
        /// The system.
        crs: String,
        /// Longitude in degrees.
        x: f64,
        /// Latitude in degrees.
        y: f64,
        /// What PROJ says.
        reason: String,
    },
    /// A coordinate that the system does not have.
    #[error("coordinate {x} {y} cannot be converted from {crs}: {reason}")]
    Outside {
        /// The system.
        crs: String,
        /// First coordinate in the system.
        x: f64,
        /// Second coordinate in the system.
        y: f64,
        /// What PROJ says.
        reason: String,
    },
}

/// The way from one system to WGS 84, for the thread that asked for it.
pub struct Conversion {
    crs: Crs,
    /// `None` where coordinates stay as they are.
    transformer: Option<Rc<ManuallyDrop<Proj>>>,
    last: Cell<Option<Operation>>,
}

/// Makes, or finds, the way from `crs` to WGS 84 longitude and latitude on this thread.
///
/// # Errors
/// Where PROJ knows no way at all, or its database is not the one it was built with.
pub fn to_wgs84(crs: &Crs) -> Result<Conversion, CrsError> {
    let transformer = if crs.is_wgs84() { None } else { Some(kept(crs.definition(), WGS84)?) };
    Ok(Conversion { crs: crs.clone(), transformer, last: Cell::new(None) })
}

/// A place in another system: easting and northing, or longitude and latitude, and how it was carried over.
///
/// # Errors
/// Where PROJ knows no way, or only one that leaves out the datum shift, or the system has no such place.
pub fn from_wgs84(crs: &Crs, place: Coord<f64>) -> Result<(Coord<f64>, Operation), ConvertError> {
    if crs.is_wgs84() {
        return Ok((place, unchanged()));
    }
    let Coord { x, y } = place;
    let outside = |reason: String| ConvertError::NotThere { crs: crs.name().to_owned(), x, y, reason };
    let transformer = kept(WGS84, crs.definition()).map_err(|error| outside(error.to_string()))?;
    let (x, y) = transformer.convert((x, y)).map_err(|error| outside(error.to_string()))?;
    let info = transformer.proj_info();
    let name = info.description.unwrap_or_default();
    if !x.is_finite() || !y.is_finite() || name.to_ascii_lowercase().contains("ballpark") {
        return Err(outside(format!("PROJ offers only {name:?}")));
    }
    let accuracy_m = (info.accuracy >= 0.0).then_some(info.accuracy);
    Ok((Coord { x, y }, Operation { name: name.into(), accuracy_m }))
}

/// This thread's transformer from one definition to another.
fn kept(from: &str, to: &str) -> Result<Rc<ManuallyDrop<Proj>>, CrsError> {
    let definition = format!("{from}\0{to}");
    // Not dropped when the thread ends: dropping one runs PROJ's clean-up for the whole process.
    thread_local!(static SHELF: RefCell<HashMap<String, Rc<ManuallyDrop<Proj>>>> = RefCell::default());
    SHELF.with_borrow_mut(|shelf| {
        if let Some(transformer) = shelf.get(&definition) {
            return Ok(Rc::clone(transformer));
        }
        if shelf.len() >= KEPT_MAX {
            emptied(shelf);
        }
        let transformer = Rc::new(ManuallyDrop::new(make(from, to)?));
        shelf.insert(definition, Rc::clone(&transformer));
        Ok(transformer)
    })
}

/// Frees every transformer that nobody uses: a client that asks for system after system must not fill the memory.
fn emptied(shelf: &mut HashMap<String, Rc<ManuallyDrop<Proj>>>) {
    for (_, transformer) in shelf.drain() {
        if let Ok(transformer) = Rc::try_unwrap(transformer) {
            drop(ManuallyDrop::into_inner(transformer));
        }
    }
}

fn make(from: &str, to: &str) -> Result<Proj, CrsError> {
    let definition = if from == WGS84 { to } else { from };
    let transformer =
        Proj::new_known_crs(from, to, None).map_err(|error| fault(definition, error.to_string()))?;
    // PROJ answers coordinates unchanged through a transformer that it could not finish.
    let info = transformer.proj_info();
    let is_usable = info.description.is_some_and(|text| !text.is_empty()) || info.id.is_some();
    if is_usable { Ok(transformer) } else { Err(fault(definition, "no operation to WGS 84".to_owned())) }
}

impl Conversion {
    /// Carries every vertex over, in place, and says how. Input is easting and northing, or longitude and
    /// latitude; output is longitude and latitude.
    ///
    /// # Errors
    /// Names the first coordinate that cannot be carried over; the geometry is then partly converted and must be
    /// thrown away.
    pub fn convert(&self, geometry: &mut Geometry<f64>) -> Result<Operation, ConvertError> {
        let Some(transformer) = &self.transformer else {
            self.last.set(Some(unchanged()));
            return Ok(unchanged());
        };
        let mut least: Option<Operation> = None;
        each_vertex(geometry, &mut |place| {
            let (converted, operation) = self.convert_one(transformer, *place)?;
            *place = converted;
            least = Some(less_accurate(least.take(), operation));
            Ok(())
        })?;
        let operation = least.unwrap_or_else(unchanged);
        self.last.set(Some(operation.clone()));
        Ok(operation)
    }

    /// The operation of the last conversion; empty before the first.
    pub fn operation(&self) -> Rc<str> {
        self.last_operation().map_or_else(|| "".into(), |operation| operation.name)
    }

    /// Stated accuracy of the last conversion in metres.
    pub fn accuracy_m(&self) -> Option<f64> {
        self.last_operation()?.accuracy_m
    }

    fn last_operation(&self) -> Option<Operation> {
        let operation = self.last.take();
        self.last.set(operation.clone());
        operation
    }

    fn convert_one(
        &self,
        transformer: &Proj,
        place: Coord<f64>,
    ) -> Result<(Coord<f64>, Operation), ConvertError> {
        let outside = |reason: String| ConvertError::Outside {
            crs: self.crs.name().to_owned(),
            x: place.x,
            y: place.y,
            reason,
        };
        let (x, y) = transformer.convert((place.x, place.y)).map_err(|error| outside(error.to_string()))?;
        if !x.is_finite() || !y.is_finite() {
            return Err(outside("the result is not a number".to_owned()));
        }
        if !is_within(&self.crs, Coord { x, y }, BEYOND_AREA_DEG_MAX) {
            return Err(outside(format!("it would lie at {x} {y}, far outside the area of that system")));
        }
        // PROJ chooses the operation anew for every place, so every place is asked.
        let info = transformer.proj_info();
        let name = info.description.unwrap_or_default();
        if name.to_ascii_lowercase().contains("ballpark") {
            let crs = self.crs.name().to_owned();
            return Err(ConvertError::Ballpark { crs, x: place.x, y: place.y, operation: name });
        }
        let accuracy_m = (info.accuracy >= 0.0).then_some(info.accuracy);
        Ok((Coord { x, y }, Operation { name: name.into(), accuracy_m }))
    }
}

/// Whether a place lies in the area that a system is made for, or no more than `margin_deg` beside it. A system
/// that states no area is made for everywhere.
pub(crate) fn is_within(crs: &Crs, place: Coord<f64>, margin_deg: f64) -> bool {
    let Some([west, south, east, north]) = crs.area() else { return true };
    let Coord { x, y } = place;
    let is_in = |value: f64, least: f64, most: f64| (least - margin_deg..=most + margin_deg).contains(&value);
    // An area with west beyond east crosses the 180th meridian.
    let is_between = if west <= east {
        is_in(x, west, east) || is_in(x + 360.0, west, east) || is_in(x - 360.0, west, east)
    } else {
        is_in(x, west, 180.0) || is_in(x, -180.0, east)
    };
    is_between && is_in(y, south, north)
}

type OnVertex<'a> = dyn FnMut(&mut Coord<f64>) -> Result<(), ConvertError> + 'a;

/// Calls `on_vertex` for every stored vertex, rings included.
fn each_vertex(geometry: &mut Geometry<f64>, on_vertex: &mut OnVertex) -> Result<(), ConvertError> {
    match geometry {
        Geometry::Point(point) => on_vertex(&mut point.0),
        Geometry::MultiPoint(points) => points.iter_mut().try_for_each(|point| on_vertex(&mut point.0)),
        Geometry::Line(line) => on_vertex(&mut line.start).and_then(|()| on_vertex(&mut line.end)),
        Geometry::LineString(line) => line.0.iter_mut().try_for_each(on_vertex),
        Geometry::MultiLineString(lines) => {
            lines.iter_mut().try_for_each(|line| line.0.iter_mut().try_for_each(&mut *on_vertex))
        }
        Geometry::Polygon(polygon) => each_corner(polygon, on_vertex),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter_mut().try_for_each(|polygon| each_corner(polygon, on_vertex))
        }
        Geometry::GeometryCollection(parts) => {
            parts.iter_mut().try_for_each(|part| each_vertex(part, on_vertex))
        }
        // A box or a triangle of another system is none in degrees.
        Geometry::Rect(rect) => {
            *geometry = Geometry::Polygon(rect.to_polygon());
            each_vertex(geometry, on_vertex)
        }
        Geometry::Triangle(triangle) => {
            *geometry = Geometry::Polygon(triangle.to_polygon());
            each_vertex(geometry, on_vertex)
        }
    }
}

fn each_corner(polygon: &mut Polygon<f64>, on_vertex: &mut OnVertex) -> Result<(), ConvertError> {
    let mut result = Ok(());
    let mut each = |ring: &mut LineString<f64>| {
        if result.is_ok() {
            result = ring.0.iter_mut().try_for_each(&mut *on_vertex);
        }
    };
    polygon.exterior_mut(&mut each);
    polygon.interiors_mut(|rings| rings.iter_mut().for_each(&mut each));
    result
}

fn unchanged() -> Operation {
    Operation { name: "none".into(), accuracy_m: Some(0.0) }
}

/// Where the vertices of one geometry went different ways, the least accurate way is reported.
fn less_accurate(known: Option<Operation>, next: Operation) -> Operation {
    let rank = |operation: &Operation| operation.accuracy_m.unwrap_or(f64::INFINITY);
    match known {
        Some(known) if rank(&known) >= rank(&next) => known,
        Some(_) | None => next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;

    fn convert(crs: &str, x: f64, y: f64) -> Result<(Point<f64>, Operation), ConvertError> {
        let conversion = to_wgs84(&Crs::parse(crs).expect("a system")).expect("a way");
        let mut geometry = Geometry::Point(Point::new(x, y));
        let operation = conversion.convert(&mut geometry)?;
        assert_eq!(conversion.operation(), operation.name);
        Ok((Point::try_from(geometry).expect("a point"), operation))
    }

    #[test]
    fn a_tower_in_amersfoort_lies_at_the_origin_of_rd_new() {
        let (place, operation) = convert("EPSG:28992", 155_000.0, 463_000.0).expect("converts");
        assert!(crate::distance_m(place.0, Coord { x: 5.387_206, y: 52.155_174 }) < 1.0, "{place:?}");
        assert!(operation.name.contains("Amersfoort to WGS 84"), "{}", operation.name);
        assert_eq!(operation.accuracy_m, Some(1.0));
    }

    #[test]
    fn ucs_2000_in_kharkiv_is_shifted_by_the_named_operation_of_one_metre() {
        let (place, operation) = convert("EPSG:5561", 36.25, 49.99).expect("converts");
        assert!(operation.name.contains("UCS-2000 to WGS 84"), "{}", operation.name);
        let shift_m = crate::distance_m(place.0, Coord { x: 36.25, y: 49.99 });
        assert!((100.0..140.0).contains(&shift_m), "{shift_m}");
    }

    #[test]
    fn utm_and_web_mercator_share_the_datum_and_are_accepted() {
        let (place, _) = convert("EPSG:32637", 500_000.0, 0.0).expect("converts");
        assert!((place.x() - 39.0).abs() < 1e-9 && place.y().abs() < 1e-9);
        let (place, _) = convert("EPSG:3857", 20_037_508.342_789_244, 0.0).expect("converts");
        assert!((place.x() - 180.0).abs() < 1e-9);
    }

    #[test]
    fn degrees_of_wgs84_stay_bit_for_bit() {
        let (place, operation) = convert("EPSG:4326", 36.123_456_789_012_3, 49.1).expect("stays");
        assert_eq!((place.x(), place.y()), (36.123_456_789_012_3, 49.1));
        assert_eq!(&*operation.name, "none");
    }

    #[test]
    fn an_answer_without_datum_shift_is_refused() {
        // A datum that no registry knows: PROJ alone would answer "Ballpark geographic offset" and Ok.
        let wkt = r#"GEOGCS["x",DATUM["Somewhere",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        let error = convert(wkt, 20.0, -30.0).expect_err("refused").to_string();
        assert!(error.contains("20 -30") && error.contains("--crs"), "{error}");
    }

    #[test]
    fn coordinates_far_outside_the_area_of_their_system_are_refused() {
        let error = convert("EPSG:5561", 20.0, -30.0).expect_err("refused").to_string();
        assert!(error.contains("20 -30") && error.contains("outside the area"), "{error}");
    }

    #[test]
    fn a_coordinate_outside_the_system_is_named() {
        let error = convert("EPSG:28992", 1e30, 5.0).expect_err("refused").to_string();
        assert!(error.contains("EPSG:28992") && error.contains('5'), "{error}");
        convert("EPSG:28992", f64::NAN, 5.0).expect_err("refused");
    }

    #[test]
    fn many_threads_get_the_same_answer() {
        let here = convert("EPSG:28992", 121_000.0, 487_000.0).expect("converts").0;
        let threads: Vec<_> = (0..8)
            .map(|_| std::thread::spawn(|| convert("EPSG:28992", 121_000.0, 487_000.0).expect("converts").0))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("ends"), here);
        }
    }
}
