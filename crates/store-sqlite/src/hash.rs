//! The hash chain: what makes a changed, removed, inserted or reordered event visible.

use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

/// The hash that the first event is chained to.
pub const GENESIS: [u8; 32] = [0; 32];

/// Hashes the columns of an event (all but `hash`, in the table's order) with the hash of the event before it.
///
/// Each value goes in with a type byte and its length, so that no two rows give the same bytes.
pub fn chained(previous: &[u8; 32], columns: &[ValueRef<'_>]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    for column in columns {
        feed(&mut hasher, *column);
    }
    hasher.finalize().into()
}

/// Hashes the columns of the head row, all but `seal`.
pub fn sealed(columns: &[ValueRef<'_>]) -> [u8; 32] {
    chained(&GENESIS, columns)
}

fn feed(hasher: &mut Sha256, column: ValueRef<'_>) {
    let mut tagged = |kind: u8, bytes: &[u8]| {
        let mut prefix = [kind; 9];
        prefix[1..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        hasher.update(prefix);
        hasher.update(bytes);
    };
    match column {
        ValueRef::Null => tagged(0, &[]),
        ValueRef::Integer(number) => tagged(1, &number.to_le_bytes()),
        ValueRef::Real(number) => tagged(2, &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => tagged(3, text),
        ValueRef::Blob(bytes) => tagged(4, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_boundary_or_changing_a_type_changes_the_hash() {
        let of = |columns: &[ValueRef<'_>]| chained(&GENESIS, columns);
        let one = of(&[ValueRef::Text(b"ab"), ValueRef::Text(b"c")]);
        assert_ne!(one, of(&[ValueRef::Text(b"a"), ValueRef::Text(b"bc")]));
        assert_ne!(one, of(&[ValueRef::Blob(b"ab"), ValueRef::Text(b"c")]));
        assert_ne!(of(&[ValueRef::Null]), of(&[ValueRef::Text(b"")]));
        assert_eq!(one, of(&[ValueRef::Text(b"ab"), ValueRef::Text(b"c")]));
    }
}
