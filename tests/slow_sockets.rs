//! Clients that are slow, silent, too many or too large: each is closed or refused in time, and the others are served.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::harness::{Programme, Server, minemap, other_program};

/// What reliability asks for: whoever sends nothing, or too little, is gone by then.
const CLOSED_WITHIN: Duration = Duration::from_secs(15);
const EACH: usize = 200;

fn connect(server: &Server) -> TcpStream {
    let address = server.url.split("://").nth(1).unwrap();
    TcpStream::connect(address).unwrap()
}

/// A socket that keeps to one bad habit.
struct Bad {
    stream: TcpStream,
    drips: &'static [u8],
    opened: Instant,
    closed: Option<Duration>,
}

impl Bad {
    fn new(server: &Server, begins: &[u8], drips: &'static [u8]) -> Self {
        let mut stream = connect(server);
        stream.write_all(begins).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self { stream, drips, opened: Instant::now(), closed: None }
    }

    /// Sends the next drop and looks whether the server has hung up.
    fn drip(&mut self) {
        if self.closed.is_some() {
            return;
        }
        let sent = self.stream.write(self.drips);
        let broke = sent.is_err_and(|error| error.kind() != ErrorKind::WouldBlock);
        let mut answer = [0; 4_096];
        let hung_up = loop {
            match self.stream.read(&mut answer) {
                Ok(0) => break true,
                Ok(_) => {}
                Err(error) => break error.kind() != ErrorKind::WouldBlock,
            }
        };
        if broke || hung_up {
            self.closed = Some(self.opened.elapsed());
        }
    }
}

/// The slowest of a hundred requests, but one.
fn p99(server: &Server, during: Duration) -> Duration {
    let (began, mut times) = (Instant::now(), Vec::new());
    while began.elapsed() < during {
        let asked = Instant::now();
        assert_eq!(server.get("/query/at?lon=36&lat=49").status, 200);
        times.push(asked.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

#[test]
fn six_hundred_bad_sockets_are_closed_in_time_and_a_good_client_does_not_notice() {
    let programme = Programme::with_demo(2_000);
    let server = programme.configured("[limits]\nconnections_per_address = 1000\n");
    let baseline = p99(&server, Duration::from_secs(4));
    let body = "POST /records/surveys HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n{";
    let kinds: [(&str, &'static [u8]); 3] = [("", b""), ("GET /query", b"x"), (body, b" ")];
    let sockets = kinds.iter().flat_map(|kind| std::iter::repeat_n(kind, EACH));
    let mut bad: Vec<_> =
        sockets.map(|(begins, drips)| Bad::new(&server, begins.as_bytes(), drips)).collect();
    let (beside, bad) = std::thread::scope(|scope| {
        let dripping = scope.spawn(move || {
            let until = Instant::now() + CLOSED_WITHIN;
            while Instant::now() < until {
                bad.iter_mut().for_each(Bad::drip);
                std::thread::sleep(Duration::from_millis(250));
            }
            bad
        });
        (p99(&server, Duration::from_secs(9)), dripping.join().unwrap())
    });
    for (kind, bad) in ["silent", "dripping headers", "dripping a body"].iter().zip(bad.chunks(EACH)) {
        let open = bad.iter().filter(|socket| socket.closed.is_none()).count();
        let last = bad.iter().filter_map(|socket| socket.closed).max();
        eprintln!("{kind}: {} of {EACH} closed, the last after {last:?}", EACH - open);
        assert_eq!(open, 0, "{kind}: still open after {CLOSED_WITHIN:?}");
    }
    eprintln!("good client's p99: {baseline:?} alone, {beside:?} beside {} bad sockets", bad.len());
    // Below this, both figures are the noise of a machine that runs other tests beside.
    let floor = Duration::from_millis(100);
    assert!(beside < (baseline * 2).max(floor), "{beside:?} beside, {baseline:?} alone");
    server.stop();
}

#[test]
fn a_client_that_does_not_read_is_closed() {
    let programme = Programme::with_demo(20_000);
    let server = programme.configured("[limits]\nstall_seconds = 1\n");
    let mut stream = connect(&server);
    let began = Instant::now();
    let request =
        "GET /ogc/collections/hazardous-areas/items?limit=10000 HTTP/1.1\r\nhost: localhost\r\n\r\n";
    // Answers of many megabytes, more than the buffers of both sides hold.
    let asked = stream.write_all(request.repeat(50).as_bytes());
    assert!(asked.is_ok());
    std::thread::sleep(Duration::from_secs(4));
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    assert!(began.elapsed() < CLOSED_WITHIN, "{:?}", began.elapsed());
    let heads = String::from_utf8_lossy(&answer).matches("HTTP/1.1 200").count();
    assert!(heads < 50, "{heads} answers, {} bytes, {ended:?}", answer.len());
    server.stop();
}

#[test]
fn connections_above_the_limit_of_an_address_are_refused_and_never_hang() {
    let programme = Programme::with_demo(20);
    let server = programme.configured("[limits]\nconnections_per_address = 20\n");
    let standing: Vec<_> = (0..20).map(|_| connect(&server)).collect();
    std::thread::sleep(Duration::from_millis(300));
    let mut further = connect(&server);
    further.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = String::new();
    let _ = further.read_to_string(&mut answer).map_err(|error| {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "closed, not hung");
    });
    assert!(answer.is_empty() || answer.contains("503") && answer.contains("limits.connections_per_address"));
    drop(standing);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.get("/health/live").status, 200, "who comes after they left is let in");
    server.stop();
}

/// Sends a request and reads what comes until the end.
fn sent(mut stream: impl Read + Write, request: &str, body: impl Iterator<Item = Vec<u8>>) -> (String, u64) {
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = 0;
    for part in body {
        if stream.write_all(&part).is_err() {
            break;
        }
        bytes += part.len() as u64;
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), bytes)
}

#[test]
fn a_body_too_large_or_without_end_is_413_and_names_the_limit() {
    let programme = Programme::with_demo(20);
    let server = programme.configured("[limits]\nbody_bytes = 100000\n");
    let post = "POST /records/surveys HTTP/1.1\r\nhost: localhost\r\n";
    let announced = format!("{post}content-length: 11000000\r\n\r\n");
    let (answer, _) = sent(connect(&server), &announced, std::iter::empty());
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("limits.body_bytes"), "{answer}");
    let endless = format!("{post}transfer-encoding: chunked\r\n\r\n");
    // A pause lets the server see the limit passed before the client has filled every buffer on the way.
    let chunks = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(2));
        [b"1000\r\n".as_slice(), &[b' '; 4_096], b"\r\n"].concat()
    });
    let (answer, bytes) = sent(connect(&server), &endless, chunks);
    eprintln!("413 after {bytes} bytes were handed to the system, with a limit of 100000");
    assert!(bytes < 100_000 + 64 * 1024 + 64 * 4_102, "{bytes} bytes went over");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    server.stop();
}

#[test]
fn nesting_and_vertices_are_bounded_by_the_configuration() {
    let programme = Programme::with_demo(20);
    programme.account("head", "administrator");
    programme.account("olena", "verifier");
    let mut server = programme.configured("[limits]\nnesting = 8\nvertices = 10\n");
    server.token = Some(programme.token("olena"));
    let deep = format!("{{\"type\":{}1{}}}", "[".repeat(9), "]".repeat(9));
    let answer = server.send("POST", "/records/surveys", &[], &deep);
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.json()["limit"], "limits.nesting");
    let ring: Vec<_> =
        (0..=11).map(|i| format!("[36.{:02},49.{:02}]", i % 11, (i % 11) * (i % 11))).collect();
    let shape = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", ring.join(","));
    let feature = format!("{{\"type\":\"Feature\",\"geometry\":{shape},\"properties\":{{}}}}");
    let answer = server.send("POST", "/records/hazardous-areas", &[], &feature);
    assert!(answer.status == 422 && answer.text().contains("limits.vertices"), "{}", answer.text());
    server.stop();
}

#[test]
fn who_asks_too_often_is_slowed_then_refused_and_this_machine_is_not() {
    let programme = Programme::with_demo(20);
    let server = programme.configured(
        "[listen]\nproxies = [\"127.0.0.1\"]\n[limits]\nquery = { per_second = 5, burst = 10 }\n",
    );
    let statuses = |from: Option<&'static str>| {
        let ask = |_| {
            let headers = from.map(|from| ("x-forwarded-for", from));
            let answer = server.ask("/query/at?lon=36&lat=49", headers.as_slice());
            let named = answer.text().contains("limits.query") && answer.headers.contains_key("retry-after");
            assert!(answer.status == 200 || answer.status == 429 && named, "{}", answer.text());
            answer.status
        };
        std::thread::scope(|scope| {
            let asking: Vec<_> = (0..40).map(|i| scope.spawn(move || ask(i))).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
        })
    };
    let refused = statuses(Some("203.0.113.7")).iter().filter(|status| **status == 429).count();
    assert!((15..=28).contains(&refused), "{refused} of 40");
    assert!(statuses(None).iter().all(|status| *status == 200), "the operator's machine");
    let other = server.ask("/query/at?lon=36&lat=49", &[("x-forwarded-for", "203.0.113.8")]);
    assert_eq!(other.status, 200, "another caller has a bucket of its own");
    server.stop();
}

/// A certificate for this machine; `None` where OpenSSL is missing.
fn certificate(programme: &Programme) -> Option<()> {
    let (key, certificate) = (programme.path("key.pem"), programme.path("certificate.pem"));
    let made = other_program(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            key.to_str().unwrap(),
            "-out",
            certificate.to_str().unwrap(),
        ],
    )?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(())
}

const TLS: &str = "[tls]\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"\n";

fn over_tls(server: &Server, programme: &Programme) -> impl Read + Write {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(programme.path("certificate.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    rustls::StreamOwned::new(session, connect(server))
}

#[test]
fn tls_is_spoken_with_the_operators_certificate_and_plain_http_is_told_so() {
    let programme = Programme::with_demo(20);
    let Some(()) = certificate(&programme) else { return };
    let server = programme.configured(&format!("{TLS}[limits]\nheader_seconds = 2\n"));
    assert!(server.url.starts_with("https://"));
    let request = "GET /query/summary HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let (answer, _) = sent(over_tls(&server, &programme), request, std::iter::empty());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    let (answer, _) = sent(connect(&server), request, std::iter::empty());
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("https"), "{answer}");
    let mut silent = connect(&server);
    let began = Instant::now();
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0);
    assert!(began.elapsed() < Duration::from_secs(4), "no handshake: {:?}", began.elapsed());
    server.stop();
}

#[test]
fn a_key_that_everybody_can_read_is_refused() {
    let programme = Programme::new();
    let Some(()) = certificate(&programme) else { return };
    std::fs::set_permissions(programme.path("key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::write(programme.path("minemap.toml"), TLS).unwrap();
    let run = crate::harness::Run::of(
        minemap()
            .args(["serve", "--listen", "127.0.0.1:0", "--store"])
            .arg(programme.store())
            .arg("--config")
            .arg(programme.path("minemap.toml")),
    );
    assert!(run.code == 2 && run.stderr.contains("chmod 600"), "{}", run.all());
}
