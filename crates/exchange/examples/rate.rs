//! How many records a second a file is read at: `cargo run --release -p exchange --example rate -- FILE [EPSG:N]`.

use std::path::Path;
use std::time::Instant;

use exchange::{Item, ReadOptions, read};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_default();
    let crs = arguments.next().map(|text| geodesy::Crs::parse(&text)).transpose()?;
    let collection = Some(model::Collection::HazardousAreas);
    let options = ReadOptions { collection, crs, ..ReadOptions::default() };
    let (mut drafts, mut unreadable) = (0u64, 0u64);
    let start = Instant::now();
    let reading = read(Path::new(&file), &options, &mut |item| match item {
        Item::Draft(_) => drafts += 1,
        Item::Unreadable { .. } => unreadable += 1,
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let rate = (drafts + unreadable) as f64 / seconds;
    eprintln!("{drafts} drafts, {unreadable} unreadable in {seconds:.2} s: {rate:.0} records/s; {reading:?}");
    Ok(())
}
