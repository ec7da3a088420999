//! The words that mark a raster tile of synthetic records, in letters of five by seven pixels.

use crate::paint::over;
use crate::symbols::Colour;

/// A letter: seven rows of five pixels, the westernmost first.
type Letter = [u8; 7];

const S: Letter = [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110];
const Y: Letter = [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100];
const N: Letter = [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001];
const T: Letter = [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100];
const H: Letter = [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001];
const E: Letter = [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111];
const I: Letter = [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110];
const C: Letter = [0b01111, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b01111];
const WORD: [Letter; 9] = [S, Y, N, T, H, E, T, I, C];

/// Where the word stands in each square of so many pixels.
const SQUARE: usize = 128;
const PLACES: [[usize; 2]; 1] = [[36, 60]];
const ADVANCE: usize = 6;

/// Ink and paper: what lies below shows through, so that no record vanishes.
const INK: Colour = [20, 20, 20, 215];
const PAPER: Colour = [255, 255, 255, 150];

/// Writes the word into a picture of `across` pixels each way.
pub(crate) fn write(pixels: &mut [Colour], across: usize) {
    for (row, line) in pixels.chunks_mut(across).enumerate() {
        for (column, pixel) in line.iter_mut().enumerate() {
            let (x, y) = (column % SQUARE, row % SQUARE);
            for [left, top] in PLACES {
                if is_ink(x.wrapping_sub(left), y.wrapping_sub(top)) {
                    *pixel = over(INK, *pixel);
                } else if is_near_ink(x + 1, y + 1, left, top) {
                    *pixel = over(PAPER, *pixel);
                }
            }
        }
    }
}

/// Whether there is ink at a pixel, from the word's corner.
fn is_ink(x: usize, y: usize) -> bool {
    let (letter, column) = (x / ADVANCE, x % ADVANCE);
    let Some(row) = WORD.get(letter).and_then(|letter| letter.get(y)) else { return false };
    column < 5 && row >> (4 - column) & 1 == 1
}

/// Whether there is ink beside a pixel; it is one further east and south than it says.
fn is_near_ink(x: usize, y: usize, left: usize, top: usize) -> bool {
    (0..3).any(|i| (0..3).any(|j| is_ink((x + i).wrapping_sub(left + 2), (y + j).wrapping_sub(top + 2))))
}
