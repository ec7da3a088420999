//! A prepared record between two processes: JSON whose numbers come back bit for bit.

use model::{Collection, Geometry, Identity, Origin, Properties, Record, RecordId};
use serde::{Deserialize, Serialize};

use crate::Prepared;

/// The record in its stored form, everything else as it is.
#[derive(Serialize, Deserialize)]
pub struct Wire {
    id: RecordId,
    collection: String,
    geometry: Option<Geometry>,
    properties: Properties,
    identity: Identity,
    content: [u8; 32],
    origin: Origin,
}

impl From<Prepared> for Wire {
    fn from(Prepared { record, identity, content, origin }: Prepared) -> Self {
        let (id, collection, properties) =
            (record.id, record.collection.id().to_owned(), record.properties());
        Self { id, collection, geometry: record.geometry, properties, identity, content, origin }
    }
}

impl TryFrom<Wire> for Prepared {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        let Wire { id, collection, geometry, properties, identity, content, origin } = wire;
        let collection =
            Collection::from_id(&collection).ok_or_else(|| format!("no collection {collection}"))?;
        let record = Record::from_properties(id, collection, geometry, properties)?;
        Ok(Self { record, identity, content, origin })
    }
}
