//! Where a request comes from. A proxy is believed only if the configuration lists it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The other end of a request's connection; in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Where the connection itself comes from: a client, or a proxy.
    #[allow(dead_code, reason = "accounts ask for it: the first one is made from this machine only")]
    pub socket: SocketAddr,
    /// The client's address, as far as listed proxies tell.
    pub client: IpAddr,
    /// Whether the client speaks TLS, to us or to a listed proxy.
    pub is_encrypted: bool,
}

impl Peer {
    /// Of a request with these headers on a connection from `socket`.
    pub fn of(socket: SocketAddr, is_encrypted: bool, proxies: &[IpAddr], headers: &HeaderMap) -> Self {
        let own = socket.ip().to_canonical();
        if !proxies.contains(&own) {
            return Self { socket, client: own, is_encrypted };
        }
        let told = headers.get(FORWARDED_PROTO).map(|value| value.as_bytes() == b"https");
        Self { socket, client: forwarded(own, proxies, headers), is_encrypted: told.unwrap_or(is_encrypted) }
    }
}

/// The last address in `X-Forwarded-For` that is not a listed proxy: what stands before it, anybody may have written.
fn forwarded(own: IpAddr, proxies: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    let lines = headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or("?"));
    let named: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut nearest = own;
    for text in named.into_iter().rev() {
        // A word that is no address ends the chain: the last one that was said well is all we know.
        let Some(address) = address(text) else { return nearest };
        nearest = address;
        if !proxies.contains(&address) {
            return nearest;
        }
    }
    nearest
}

/// An address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let parsed = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

/// What counts as one place: an IPv4 address, or the /64 of an IPv6 address, which one customer gets whole.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn client(socket: IpAddr, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().expect("a header"));
        Peer::of(SocketAddr::new(socket, 1), false, &[PROXY], &headers).client.to_string()
    }

    #[test]
    fn only_a_listed_proxy_says_whom_it_speaks_for() {
        assert_eq!(client(PROXY, "203.0.113.7"), "203.0.113.7");
        assert_eq!(client(IpAddr::from([198, 51, 100, 9]), "203.0.113.7"), "198.51.100.9");
    }

    #[test]
    fn what_a_client_wrote_before_the_proxy_is_not_believed() {
        assert_eq!(client(PROXY, "127.0.0.1, 203.0.113.7"), "203.0.113.7");
        assert_eq!(client(PROXY, "1.2.3.4, 203.0.113.7, 10.0.0.1"), "203.0.113.7");
        assert_eq!(client(PROXY, "203.0.113.7, nonsense"), "10.0.0.1");
        assert_eq!(client(PROXY, "[2001:db8::1]:443"), "2001:db8::1");
    }

    #[test]
    fn a_household_is_an_ipv4_address_or_a_64() {
        let of = |text: &str| household(text.parse().expect("an address")).to_string();
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
