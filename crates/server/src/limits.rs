//! The bounds that an operator may set, each under its name in `[limits]` of the configuration.
//!
//! Whoever meets one is told its name. The defaults keep out floods and mistakes; a map, GDAL or a phone in the field
//! does not come near them.

use std::time::Duration;

use serde::Deserialize;

/// Every bound, with its default.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections in all; a further one is answered 503 and closed.
    pub connections: usize,
    /// Connections from one address (of IPv6, from one /64); a listed proxy has no such bound.
    pub connections_per_address: usize,
    /// Seconds from the first byte expected of a client to the end of the request's headers, a TLS handshake included.
    pub header_seconds: u64,
    /// Seconds that a connection may stand between two requests.
    pub idle_seconds: u64,
    /// Seconds that we wait, taken together, for a body that does not come or a client that does not read.
    pub stall_seconds: u64,
    /// Bytes that win a client another second of that wait.
    pub bytes_per_second_min: u64,
    /// Seconds that working out the answer to a question may take.
    pub request_seconds: u64,
    /// Largest body of a request, in bytes: an outline of the most vertices a record may have.
    pub body_bytes: usize,
    /// Largest file that is uploaded, in bytes.
    pub upload_bytes: u64,
    /// Memory that reading an uploaded file may take, in bytes.
    pub upload_memory_bytes: u64,
    /// Seconds of work that reading an uploaded file may take.
    pub upload_cpu_seconds: u64,
    /// Seconds, waiting included, after which an uploaded file must have been read.
    pub upload_seconds: u64,
    /// Uploaded files that are read at the same time.
    pub uploads: usize,
    /// Deepest nesting of JSON in a body.
    pub nesting: usize,
    /// Most vertices of a record that is sent.
    pub vertices: usize,
    /// Questions about a place.
    pub query: Rate,
    /// Readings of coordinates and traverses.
    pub locate: Rate,
    /// Map tiles.
    pub tiles: Rate,
    /// Pages of records, changes, findings, proposals.
    pub pages: Rate,
    /// Requests that write.
    pub writes: Rate,
}

/// How often one caller may ask.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many in a second, in the long run.
    pub per_second: u32,
    /// How many at once.
    pub burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            connections_per_address: 256,
            header_seconds: 10,
            idle_seconds: 60,
            stall_seconds: 10,
            bytes_per_second_min: 4_096,
            request_seconds: 30,
            body_bytes: 64 * 1024 * 1024,
            upload_bytes: 256 * 1024 * 1024,
            upload_memory_bytes: 2 * 1024 * 1024 * 1024,
            upload_cpu_seconds: 120,
            upload_seconds: 300,
            uploads: 2,
            nesting: model::limits::NESTING_MAX,
            vertices: model::limits::VERTICES_MAX,
            query: Rate { per_second: 20, burst: 60 },
            locate: Rate { per_second: 10, burst: 60 },
            tiles: Rate { per_second: 200, burst: 1_000 },
            pages: Rate { per_second: 10, burst: 100 },
            writes: Rate { per_second: 10, burst: 100 },
        }
    }
}

impl Limits {
    /// Whether they can be held.
    ///
    /// # Errors
    /// Names the limit and what is allowed.
    pub fn check(&self) -> Result<(), String> {
        let rates = [self.query, self.locate, self.tiles, self.pages, self.writes];
        let least_one = [
            ("connections", self.connections as u64),
            ("connections_per_address", self.connections_per_address as u64),
            ("header_seconds", self.header_seconds),
            ("idle_seconds", self.idle_seconds),
            ("stall_seconds", self.stall_seconds),
            ("bytes_per_second_min", self.bytes_per_second_min),
            ("request_seconds", self.request_seconds),
            ("body_bytes", self.body_bytes as u64),
            ("upload_bytes", self.upload_bytes),
            ("upload_memory_bytes", self.upload_memory_bytes),
            ("upload_cpu_seconds", self.upload_cpu_seconds),
            ("upload_seconds", self.upload_seconds),
            ("uploads", self.uploads as u64),
            ("nesting", self.nesting as u64),
            ("vertices", self.vertices as u64),
            ("per_second", u64::from(rates.iter().map(|rate| rate.per_second).min().unwrap_or(0))),
            ("burst", u64::from(rates.iter().map(|rate| rate.burst).min().unwrap_or(0))),
        ];
        if let Some((name, _)) = least_one.iter().find(|(_, value)| *value == 0) {
            return Err(format!("limits.{name}: 0 would refuse everything; 1 or more is allowed"));
        }
        let at_most = [
            ("nesting", self.nesting, model::limits::NESTING_MAX),
            ("vertices", self.vertices, model::limits::VERTICES_MAX),
        ];
        match at_most.into_iter().find(|(_, value, most)| value > most) {
            Some((name, value, most)) => Err(format!("limits.{name}: {value}; at most {most} is allowed")),
            None => Ok(()),
        }
    }

    pub(crate) fn header(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }

    pub(crate) fn allowance(&self) -> Allowance {
        Allowance::new(Duration::from_secs(self.stall_seconds), self.bytes_per_second_min)
    }
}

/// How long a client may still keep us waiting: waiting uses it up, bytes win it back.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    left: Duration,
    most: Duration,
    bytes_per_second: u64,
}

impl Allowance {
    fn new(most: Duration, bytes_per_second: u64) -> Self {
        Self { left: most, most, bytes_per_second: bytes_per_second.max(1) }
    }

    pub fn left(&self) -> Duration {
        self.left
    }

    /// So many bytes went over after a wait.
    pub fn moved(&mut self, waited: Duration, bytes: usize) {
        let won = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second as f64);
        self.left = (self.left.saturating_sub(waited) + won).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_come_too_slowly_use_the_allowance_up_and_quick_ones_do_not() {
        let second = Duration::from_secs(1);
        let mut drip = Limits::default().allowance();
        (0..10).for_each(|_| drip.moved(second, 1));
        assert!(drip.left() < second / 100, "{drip:?}");
        let mut phone = Limits::default().allowance();
        (0..600).for_each(|_| phone.moved(second, 5_000));
        assert_eq!(phone.left(), 10 * second);
    }

    #[test]
    fn limits_of_nought_and_above_what_readers_follow_are_refused_by_name() {
        let with = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.check()
        };
        assert_eq!(Limits::default().check(), Ok(()));
        assert!(with(|l| l.nesting = 33).is_err_and(|why| why.contains("limits.nesting")));
        assert!(with(|l| l.connections = 0).is_err_and(|why| why.contains("limits.connections")));
        assert!(with(|l| l.tiles.burst = 0).is_err_and(|why| why.contains("burst")));
    }
}
