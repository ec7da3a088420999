//! Marked pixels into colours, and those into a PNG file.

use std::collections::HashMap;

use crate::contour::Marks;
use crate::lettering;
use crate::picture::{Picture, Plane};
use crate::symbols::{Colour, Hatch};

/// Period of all hatches in pixels; it divides a tile, so they run on across its edges.
const PERIOD: usize = 8;
/// Opacity of the gaps in an outline of a few pixels, where a dash cannot be seen: colours in turn stand for it.
const GAP_OPACITY: u8 = 200;
/// More colours than this do not fit into a palette.
const PALETTE_MAX: usize = 256;

const TRANSPARENT: Colour = [0, 0, 0, 0];

/// The pixels of a picture, row by row; `None` where nothing is painted.
pub(crate) fn pixels(picture: &Picture) -> Option<Vec<Colour>> {
    let across = picture.grid.across - 2 * picture.border;
    let mut planes: Vec<&Plane> = picture.planes.iter().collect();
    planes.sort_by_key(|plane| plane.symbol.order);
    let mut pixels = vec![TRANSPARENT; across * across];
    for plane in planes {
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let place = [at % across + picture.border, at / across + picture.border];
            if let Some(colour) = colour(plane, place, picture.border) {
                *pixel = over(colour, *pixel);
            }
        }
    }
    let is_painted = pixels.iter().any(|pixel| *pixel != TRANSPARENT);
    if is_painted && picture.has_synthetic {
        lettering::write(&mut pixels, across);
    }
    is_painted.then_some(pixels)
}

/// The colour that a symbol gives to a pixel of the grid, if any.
fn colour(plane: &Plane, [column, row]: [usize; 2], border: usize) -> Option<Colour> {
    let Plane { symbol, areas, small, lines } = plane;
    let (is_area, is_small) = (areas.is_marked(column, row), small.is_marked(column, row));
    // Counted from the tile's corner, like everything that has to meet at its edge.
    let (x, y) = (column + PERIOD * border - border, row + PERIOD * border - border);
    if lines.is_marked(column, row) {
        return Some(symbol.outline);
    }
    if is_small && is_rim(small, areas, column, row) {
        // In whichever direction a rim runs, it meets gaps; of 2 by 2 pixels two.
        let is_gap = !symbol.dash.is_empty() && (x + 2 * y) % 4 >= 2;
        let [red, green, blue, _] = symbol.fill;
        return Some(if is_gap { [red, green, blue, GAP_OPACITY] } else { symbol.outline });
    }
    if !is_area && !is_small {
        return None;
    }
    Some(if is_hatched(symbol.hatch, x, y) { over(symbol.hatch_colour, symbol.fill) } else { symbol.fill })
}

/// Whether a marked pixel has a neighbour that is not.
fn is_rim(small: &Marks, areas: &Marks, column: usize, row: usize) -> bool {
    let is_marked = |column: usize, row: usize| {
        let is_on = column < small.columns && row < small.rows;
        is_on && (small.is_marked(column, row) || areas.is_marked(column, row))
    };
    let neighbours =
        [(column.wrapping_sub(1), row), (column + 1, row), (column, row.wrapping_sub(1)), (column, row + 1)];
    neighbours.into_iter().any(|(column, row)| !is_marked(column, row))
}

fn is_hatched(hatch: Hatch, x: usize, y: usize) -> bool {
    let (rising, falling) = ((x + y) % PERIOD < 1, (x + PERIOD - y % PERIOD) % PERIOD < 1);
    match hatch {
        Hatch::Cross => rising || falling,
        Hatch::Forward => rising,
        Hatch::Backward => falling,
        Hatch::Dots => x % PERIOD / 2 == 1 && y % PERIOD / 2 == 1,
        Hatch::None => false,
    }
}

/// One colour laid over another.
pub(crate) fn over(above: Colour, below: Colour) -> Colour {
    let [of_above, of_below] = [above[3], below[3]].map(|alpha| f64::from(alpha) / 255.0);
    let opacity = of_above + of_below * (1.0 - of_above);
    if opacity == 0.0 {
        return TRANSPARENT;
    }
    let mixed = |i: usize| {
        let sum = f64::from(above[i]) * of_above + f64::from(below[i]) * of_below * (1.0 - of_above);
        (sum / opacity).round() as u8
    };
    [mixed(0), mixed(1), mixed(2), (opacity * 255.0).round() as u8]
}

/// A PNG file of `across` pixels each way: with a palette, or with full colours where one does not hold them.
///
/// # Errors
/// What the encoder says.
pub(crate) fn png(pixels: &[Colour], across: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut numbers: HashMap<Colour, u8> = HashMap::new();
    let mut palette: Vec<Colour> = Vec::new();
    let mut indexed = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        let number = *numbers.entry(*pixel).or_insert_with(|| {
            palette.push(*pixel);
            (palette.len() - 1) as u8
        });
        indexed.push(number);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, across, across);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let data = if palette.len() <= PALETTE_MAX {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette.iter().flat_map(|colour| colour[..3].to_vec()).collect::<Vec<_>>());
        encoder.set_trns(palette.iter().map(|colour| colour[3]).collect::<Vec<_>>());
        indexed
    } else {
        encoder.set_color(png::ColorType::Rgba);
        pixels.concat()
    };
    encoder.write_header()?.write_image_data(&data)?;
    Ok(file)
}
