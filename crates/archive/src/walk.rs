//! Down the pyramid: tiles are made only below those in which there is something.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;
use spatial_index::View;
use tiles::TileId;

use crate::Wanted;
use crate::error::ArchiveError;
use crate::hilbert;
use crate::made::Made;
use crate::partial::{Partial, Step};

/// So many tiles are made together, and kept together.
const TOGETHER: usize = 256;

/// Makes every tile that has something in it, or takes it from an earlier run of the same identity.
pub(crate) fn walk(
    view: &View,
    wanted: &Wanted,
    path: &Path,
    identity: &str,
    progress: &mut dyn FnMut(u8, u64, u64),
) -> Result<Made, ArchiveError> {
    let (mut partial, mut made) = Partial::open(path, identity)?;
    let mut waiting: Vec<TileId> = TileId::new(0, 0, 0).into_iter().collect();
    for z in 0..=wanted.zoom_max {
        let mut next = Vec::new();
        let total = waiting.len() as u64;
        for (number, together) in waiting.chunks(TOGETHER).enumerate() {
            progress(z, (number * TOGETHER) as u64, total);
            let steps = match partial.earlier(together.len())? {
                Some(steps) => steps,
                None => {
                    let steps = together.par_iter().map(|tile| step(view, wanted, *tile));
                    let steps = steps.collect::<Result<Vec<_>, _>>()?;
                    partial.keep(steps)?
                }
            };
            for (tile, (step, at)) in together.iter().zip(steps) {
                if !step.gzip.is_empty() {
                    made.add(*tile, &step.gzip, at);
                }
                if step.goes_on {
                    next.extend(children(*tile));
                }
            }
        }
        progress(z, total, total);
        next.sort_unstable_by_key(|tile| hilbert::number(*tile));
        waiting = next;
    }
    Ok(made)
}

fn step(view: &View, wanted: &Wanted, tile: TileId) -> Result<Step, ArchiveError> {
    let searched = tiles::searched(tile);
    let mut goes_on = false;
    for layer in &wanted.layers {
        view.each_touching(*layer, &searched, |_| goes_on = true);
    }
    let mut bytes = Vec::new();
    if goes_on && tile.z >= wanted.zoom_min {
        // The layers of several tiles, one after the other, are one tile (protocol buffers: repeated fields add up).
        for layer in &wanted.layers {
            bytes.extend(tiles::vector_tile(view, *layer, tile)?);
        }
    }
    Ok(Step { goes_on, gzip: compressed(&bytes) })
}

/// Nothing stays nothing. The same bytes are compressed to the same: no time stands in the head.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to memory does not fail")
}

fn children(tile: TileId) -> impl Iterator<Item = TileId> {
    let (x, y) = (2 * tile.x, 2 * tile.y);
    [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)]
        .into_iter()
        .filter_map(move |(x, y)| TileId::new(tile.z + 1, x, y))
}
