//! TLS for the driver, after libpq's `sslmode`: how much of the server's certificate is verified.

use super::connect::{Tls, TlsMode};
use crate::engine::error::Error;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How much is verified.
#[derive(Debug)]
enum Check {
    /// Nothing: the connection is only kept from listeners.
    Nothing,
    /// Where the certificate comes from. A certificate that is itself among the trusted ones passes.
    Authority { webpki: Arc<WebPkiServerVerifier>, trusted: Vec<CertificateDer<'static>>, host: bool },
}

#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    check: Check,
}

/// The connector for these settings.
pub(crate) fn connector(tls: &Tls) -> Result<MakeRustlsConnect, Error> {
    let provider = Arc::new(ring::default_provider());
    let check = match (tls.mode, &tls.root) {
        (TlsMode::Disable | TlsMode::Prefer, _) | (TlsMode::Require, None) => Check::Nothing,
        (TlsMode::Require | TlsMode::VerifyCa, _) => authority(tls, &provider, false)?,
        (TlsMode::VerifyFull, _) => authority(tls, &provider, true)?,
    };
    let verifier = Arc::new(Verifier { provider: Arc::clone(&provider), check });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::failed(format!("TLS cannot be set up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let config = match &tls.identity {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => {
            let pem = |error| unreadable("sslkey", key, &error);
            let key = PrivateKeyDer::from_pem_file(key).map_err(pem)?;
            builder
                .with_client_auth_cert(certificates("sslcert", cert)?, key)
                .map_err(|error| Error::usage(format!("sslcert and sslkey don't fit: {error}")))?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn authority(tls: &Tls, provider: &Arc<CryptoProvider>, host: bool) -> Result<Check, Error> {
    let trusted = match tls.root.as_deref() {
        None | Some("system") => rustls_native_certs::load_native_certs().certs,
        Some(file) => certificates("sslrootcert", file)?,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().cloned());
    let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| {
        Error::failed(format!("there is no certificate authority to trust: {error}"))
            .next("give a file of certificates with sslrootcert=FILE")
    })?;
    Ok(Check::Authority { webpki, trusted, host })
}

fn certificates(setting: &str, file: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = || CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>();
    read().map_err(|error| unreadable(setting, file, &error))
}

fn unreadable(setting: &str, file: &str, error: &rustls::pki_types::pem::Error) -> Error {
    Error::usage(format!("{setting}={file} cannot be read: {error}"))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Check::Authority { webpki, trusted, host } = &self.check else {
            return Ok(ServerCertVerified::assertion());
        };
        match webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !host => Ok(ServerCertVerified::assertion()),
            // A self-signed certificate of the server, given as sslrootcert, is no authority to webpki.
            Err(_) if !host && trusted.iter().any(|known| known == end_entity) => {
                Ok(ServerCertVerified::assertion())
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
