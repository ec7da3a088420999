//! How many connections stand, in all and from each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::peer;

/// Counts who is in.
#[derive(Debug)]
pub(crate) struct Door {
    in_all: usize,
    per_address: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    in_all: usize,
    from: HashMap<IpAddr, usize>,
}

/// Which limit keeps a connection out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    InAll,
    PerAddress,
}

/// A connection's place; given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    door: Arc<Door>,
    from: Option<IpAddr>,
}

impl Door {
    pub fn new(in_all: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { in_all, per_address, inside: Mutex::default() })
    }

    /// Takes a place. A proxy brings the connections of many, so it is counted in all only.
    pub fn enter(self: &Arc<Self>, address: IpAddr, is_proxy: bool) -> Result<Place, Full> {
        let mut inside = self.inside();
        if inside.in_all >= self.in_all {
            return Err(Full::InAll);
        }
        let from = (!is_proxy).then(|| peer::household(address));
        if let Some(from) = from {
            let count = inside.from.entry(from).or_default();
            if *count >= self.per_address {
                return Err(Full::PerAddress);
            }
            *count += 1;
        }
        inside.in_all += 1;
        Ok(Place { door: Arc::clone(self), from })
    }

    /// Counting cannot fail half-way, so a poisoned lock still counts right.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        inside.in_all -= 1;
        let Some(from) = self.from else { return };
        if let Some(count) = inside.from.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                inside.from.remove(&from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_address_and_in_all_and_given_back() {
        let door = Door::new(3, 2);
        let address = |last| IpAddr::from([192, 0, 2, last]);
        let first = door.enter(address(1), false);
        let _second = door.enter(address(1), false);
        assert_eq!(door.enter(address(1), false).err(), Some(Full::PerAddress));
        let _third = door.enter(address(2), false);
        assert_eq!(door.enter(address(3), false).err(), Some(Full::InAll));
        drop(first);
        assert!(door.enter(address(1), false).is_ok());
        assert_eq!(door.inside().from.len(), 2, "nobody is remembered who has left");
    }

    #[test]
    fn a_proxy_may_bring_more_than_one_address_may() {
        let door = Door::new(10, 1);
        let places: Vec<_> = (0..10).map(|_| door.enter(IpAddr::from([10, 0, 0, 1]), true)).collect();
        assert!(places.iter().all(Result::is_ok));
        assert_eq!(door.enter(IpAddr::from([10, 0, 0, 1]), true).err(), Some(Full::InAll));
    }
}
