//! UTM, UPS and MGRS as typed.

use geo_types::Coord;

use super::metres::{self, Pair};
use super::{Reading, Why, degree_text};
use crate::grid::{Grid, zone_of};
use crate::mgrs::{MgrsError, MgrsSquare, band_edges, band_of, from_mgrs};

/// Cyrillic capitals that look like Latin ones: a keyboard left in Ukrainian types them unseen.
const LOOKALIKES: [(char, char); 13] = [
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('К', 'K'),
    ('М', 'M'),
    ('О', 'O'),
    ('Р', 'P'),
    ('Т', 'T'),
    ('Х', 'X'),
    ('У', 'Y'),
    ('І', 'I'),
];

/// A square of MGRS, answered by its centre; `None` where the text is not of that form.
pub(super) fn mgrs(text: &str) -> Option<Result<Vec<Reading>, Why>> {
    let latin: String =
        text.trim_start_matches("MGRS").trim_start_matches([' ', ':']).chars().map(latin).collect();
    match from_mgrs(&latin) {
        Err(MgrsError::Form) => None,
        Err(error) => Some(Err(Why::Text(error.to_string()))),
        Ok(square) => Some(Ok(vec![square_reading(&latin, &square, latin != text && !text.is_ascii())])),
    }
}

fn latin(letter: char) -> char {
    LOOKALIKES.iter().find(|(cyrillic, _)| *cyrillic == letter).map_or(letter, |(_, latin)| *latin)
}

fn square_reading(text: &str, square: &MgrsSquare, was_cyrillic: bool) -> Reading {
    let mut notes = zone_note(&square.corner, square.centre);
    if was_cyrillic {
        notes.push("Cyrillic letters were read as the Latin ones that look the same".to_owned());
    }
    let side = if square.side_m >= 1_000.0 {
        format!("{} km", square.side_m / 1_000.0)
    } else {
        format!("{} m", square.side_m)
    };
    Reading {
        place: square.centre,
        accuracy_m: Some(square.half_diagonal_m()),
        read_as: format!("MGRS {text}, centre of the {side} square"),
        crs: super::WGS84.to_owned(),
        operation: None,
        notes,
    }
}

/// `37U 412345 5423456`, `UTM 37 north …`, `36S …`, `UPS north …`; `None` where the text is not of that form.
pub(super) fn utm(text: &str) -> Option<Result<Vec<Reading>, Why>> {
    let (head, pair) = head_and_pair(text)?;
    let (easting, northing) = match pair.is_easting_first {
        Some(false) => (pair.second.value, pair.first.value),
        Some(true) | None => (pair.first.value, pair.second.value),
    };
    let at = |is_north| Grid { zone: head.zone, is_north, easting_m: easting, northing_m: northing };
    let tried = head.meanings().into_iter().map(|meaning| meaning.reading(at(meaning.is_north), &pair));
    let (read, refused): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);
    let mut read: Vec<Reading> = read.into_iter().flatten().collect();
    read.dedup_by(|one, other| one.place == other.place);
    if !read.is_empty() {
        return Some(Ok(read));
    }
    refused.into_iter().find_map(Result::err).map(|why| Err(Why::Text(why)))
}

/// What stands before the metres.
struct Head {
    /// 0 for UPS.
    zone: u8,
    /// A band's letter, or the first of `NORTH` and `SOUTH`.
    letter: char,
    is_word: bool,
}

/// One way to understand the letter behind a zone.
struct Meaning {
    is_north: bool,
    /// Edges of the band, where the letter is taken for one.
    band: Option<(char, (f64, f64))>,
    says: String,
}

fn head_and_pair(text: &str) -> Option<(Head, Pair)> {
    let is_named = text.starts_with("UTM") || text.starts_with("UPS");
    let text = text.trim_start_matches("UTM").trim_start_matches("UPS").trim_start_matches([' ', ':', '/']);
    let text = text.trim_start_matches("ZONE").trim_start_matches("ЗОНА").trim_start();
    let letters_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (zone, rest) = text.split_at(letters_at);
    let rest = rest.trim_start();
    let metres_at = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(metres_at);
    let letter = latin(word.chars().next()?);
    let is_word = ["NORTH", "SOUTH"].contains(&word);
    if zone.len() > 2
        || !(word.len() == 1 || is_word)
        || (zone.is_empty() && !is_named && !"ABYZ".contains(letter))
    {
        return None;
    }
    let zone = if zone.is_empty() { 0 } else { zone.parse().ok().filter(|zone| (1..=60).contains(zone))? };
    let pair = metres::pair(rest.trim_start_matches([' ', ':', ';']))?;
    // 50N 30E is no zone 50: metres of UTM and UPS have five digits at least.
    let is_metres = pair.first.value.max(pair.second.value) >= 10_000.0;
    is_metres.then_some((Head { zone, letter, is_word }, pair))
}

impl Head {
    fn meanings(&self) -> Vec<Meaning> {
        let hemisphere = |is_north: bool| {
            let name = if is_north { "north" } else { "south" };
            Meaning { is_north, band: None, says: format!("{name}ern hemisphere") }
        };
        let band = |letter: char| {
            let edges = band_edges(u8::try_from(letter).ok()?)?;
            let is_north = edges.0 >= 0.0;
            Some(Meaning { is_north, band: Some((letter, edges)), says: format!("latitude band {letter}") })
        };
        match (self.zone, self.letter) {
            (_, 'N') if self.is_word || self.zone == 0 => vec![hemisphere(true)],
            (_, 'S') if self.is_word || self.zone == 0 => vec![hemisphere(false)],
            (0, 'A' | 'B') => vec![hemisphere(false)],
            (0, 'Y' | 'Z') => vec![hemisphere(true)],
            (0, _) => Vec::new(),
            // Band N begins at the equator: as a band it can be no other place than as the hemisphere.
            (_, 'N') => vec![hemisphere(true)],
            (_, 'S') => band('S').into_iter().chain([hemisphere(false)]).collect(),
            (_, letter) => band(letter).into_iter().collect(),
        }
    }
}

impl Meaning {
    fn reading(&self, grid: Grid, pair: &Pair) -> Result<Reading, String> {
        let place = grid.place().map_err(|error| error.to_string())?;
        let mut notes = zone_note(&grid, place);
        if let Some((letter, (south, north))) = self.band
            && !(south - BAND_MARGIN_DEG..=north + BAND_MARGIN_DEG).contains(&place.y)
        {
            // S is read as the hemisphere too; there a latitude outside the band speaks for that one alone.
            if letter == 'S' {
                return Err(format!("latitude {} is not in band S", degree_text(place.y)));
            }
            notes.push(format!(
                "the place lies in band {}, not in {letter}: check zone, letter and northing",
                char::from(band_of(place.y))
            ));
        }
        let system = if grid.zone == 0 { "UPS".to_owned() } else { format!("UTM zone {}", grid.zone) };
        Ok(Reading {
            place,
            accuracy_m: Some(pair.error()),
            read_as: format!(
                "{system}, {}, easting {} m, northing {} m",
                self.says, grid.easting_m, grid.northing_m
            ),
            crs: code(&grid),
            operation: None,
            notes,
        })
    }
}

/// How far beyond its band's edge a place may lie: bands end at whole degrees, squares do not.
const BAND_MARGIN_DEG: f64 = 1.0;

fn code(grid: &Grid) -> String {
    match (grid.zone, grid.is_north) {
        (0, true) => "EPSG:32661".to_owned(),
        (0, false) => "EPSG:32761".to_owned(),
        (zone, true) => format!("EPSG:{}", 32600 + u32::from(zone)),
        (zone, false) => format!("EPSG:{}", 32700 + u32::from(zone)),
    }
}

/// Says where a place lies in another zone than the one that was typed.
fn zone_note(grid: &Grid, place: Coord<f64>) -> Vec<String> {
    let zone = zone_of(place);
    if zone == grid.zone || grid.zone == 0 {
        return Vec::new();
    }
    let there = if zone == 0 { "UPS".to_owned() } else { format!("UTM zone {zone}") };
    vec![format!("the place lies outside zone {}, in {there}: check the zone and the easting", grid.zone)]
}
