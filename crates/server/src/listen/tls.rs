//! TLS by the operator's own certificate.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// First byte of every TLS handshake (RFC 8446, 5.1).
pub(crate) const HANDSHAKE: u8 = 22;

/// A certificate with its key, ready to be shown to clients. TLS 1.2 and 1.3.
#[derive(Debug, Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a certificate (with the ones that vouch for it) and its key, both PEM.
    ///
    /// # Errors
    /// Names the file: it cannot be read, everybody can read the key, or the two do not belong together.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, String> {
        check_private(key)?;
        let unusable = |file: &Path, why: &dyn Display| format!("{}: {why}", file.display());
        let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(|error| unusable(certificate, &error))?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|config| config.with_no_client_auth())
            .and_then(|config| config.with_single_cert(chain, private))
            .map_err(|error| unusable(certificate, &error))?;
        // HTTP/1.1 only: one way to hold a connection, and one set of timeouts to get right.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

/// A key that every user of the machine can read is no secret.
fn check_private(key: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let about = std::fs::metadata(key).map_err(|error: io::Error| format!("{}: {error}", key.display()))?;
    match about.permissions().mode() & 0o007 {
        0 => Ok(()),
        _ => Err(format!("{}: every user of this machine can read the key; use chmod 600", key.display())),
    }
}
