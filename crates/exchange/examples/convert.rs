//! Reads a file and writes it again: `cargo run --release -p exchange --example convert -- IN OUT FORMAT COLLECTION`.

use std::path::Path;

use exchange::{Export, Format, Item, ReadOptions, read, write};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, format, collection] = &arguments[..] else { anyhow::bail!("IN OUT FORMAT COLLECTION") };
    let collection = model::Collection::from_id(collection);
    let today = model::Context { today: jiff::civil::date(2026, 11, 22) };
    let mut records = Vec::new();
    read(Path::new(from), &ReadOptions { collection, ..ReadOptions::default() }, &mut |item| {
        if let Item::Draft(draft) = item {
            records.extend(model::check(draft, uuid::Uuid::from_u128(records.len() as u128), &today));
        }
    })?;
    let properties: Vec<_> = records.iter().map(model::Record::properties).collect();
    let mut exports = records.iter().zip(&properties).map(|(record, properties)| Export {
        id: record.id,
        geometry: record.geometry.as_ref(),
        properties,
    });
    let collection = collection.ok_or_else(|| anyhow::anyhow!("no such collection"))?;
    let count = write(Path::new(to), Format::from_id(format)?, collection, &mut exports)?;
    eprintln!("{count} records");
    Ok(())
}
