//! Whom to trust, and what to show.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use crate::repository::definition::Transport;

/// Where distributions keep the certificates this machine trusts, those of the
/// organisation it belongs to among them.
const BUNDLES: [&str; 3] = [
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
];
/// The largest file with certificates, in bytes.
const LARGEST: u64 = 16 << 20;

/// The certificates this machine trusts, read when they are first needed: those of
/// its own bundle, else Mozilla's as they were when this was built.
#[derive(Debug, Default)]
pub struct Authorities(OnceLock<RootCerts>);

/// A certificate or key that cannot be used.
#[derive(Debug, Error)]
#[error("{path}: {why}", path = .path.display())]
pub struct TlsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

impl Authorities {
    fn get(&self) -> RootCerts {
        self.0.get_or_init(machines).clone()
    }
}

fn machines() -> RootCerts {
    let found = BUNDLES.iter().find_map(|path| certificates(Path::new(path)).ok());
    found.map_or(RootCerts::WebPki, |found| RootCerts::Specific(Arc::new(found)))
}

/// What holds towards the repository's own servers, and towards others: the same
/// without a certificate to show.
pub(super) fn configs(
    transport: &Transport,
    authorities: &Authorities,
) -> Result<(TlsConfig, TlsConfig), TlsError> {
    let roots = match &transport.authorities {
        Some(path) => RootCerts::Specific(Arc::new(certificates(path)?)),
        None => authorities.get(),
    };
    let shown = match &transport.certificate {
        Some(path) => Some(client(path, transport.key.as_deref().unwrap_or(path))?),
        None => None,
    };
    let config = |shown| {
        TlsConfig::builder()
            .root_certs(roots.clone())
            .disable_verification(!transport.verify)
            .client_cert(shown)
            .build()
    };
    Ok((config(shown), config(None)))
}

/// The certificates of a file.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, TlsError> {
    Ok(chain(path)?.iter().map(|der| Certificate::from_der(der).to_owned()).collect())
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = |why: String| TlsError { path: path.to_owned(), why };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(path)?).collect();
    match found.map_err(|error| failed(format!("is no certificate in PEM form: {error}")))? {
        none if none.is_empty() => Err(failed("has no certificate in PEM form".to_owned())),
        found => Ok(found),
    }
}

/// A certificate with its key. They are tried out here, for the client below ends
/// the process over two that do not fit.
fn client(certificate: &Path, key: &Path) -> Result<ClientCert, TlsError> {
    let failed = |path: &Path, why: String| TlsError { path: path.to_owned(), why };
    let chain = chain(certificate)?;
    let bytes = read(key)?;
    let der = PrivateKeyDer::from_pem_slice(&bytes)
        .map_err(|error| failed(key, format!("has no private key that can be used: {error}")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tried = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            let builder = builder.with_root_certificates(rustls::RootCertStore::empty());
            builder.with_client_auth_cert(chain.clone(), der)
        });
    tried
        .map_err(|error| failed(key, format!("does not fit {}: {error}", certificate.display())))?;
    let key = PrivateKey::from_pem(&bytes).map_err(|error| failed(key, error.to_string()))?;
    let chain: Vec<_> = chain.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// The door to certificates and keys.
fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |why: String| TlsError { path: path.to_owned(), why };
    let mut bytes = Vec::new();
    let file = OpenOptions::new().read(true).open(path).map_err(|e| failed(e.to_string()))?;
    if !file.metadata().is_ok_and(|known| known.is_file()) {
        return Err(failed("is not a regular file".to_owned()));
    }
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| failed(e.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed(format!("is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}
