//! What a certificate of the database must prove, by the words of libpq's `sslmode`. No sockets here.
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::error::{DbError, chain};
use crate::options::{SslMode, Target};

/// The TLS of this target; None where every host goes without.
pub(crate) fn client_config(target: &Target) -> Result<Option<ClientConfig>, DbError> {
    // As in libpq: a given root makes `require` verify the authority.
    let mode = match (target.sslmode, &target.sslrootcert) {
        (Some(SslMode::Disable), _) => return Ok(None),
        (Some(SslMode::Require), Some(_)) => SslMode::VerifyCa,
        (Some(mode), _) => mode,
        (None, _) => SslMode::VerifyFull,
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Config(chain(&error)))?;
    let config = match mode {
        SslMode::VerifyFull => builder.with_root_certificates(roots(target)?).with_no_client_auth(),
        SslMode::VerifyCa => {
            let inner =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots(target)?), provider.clone())
                    .build()
                    .map_err(|error| DbError::Config(chain(&error)))?;
            relaxed(builder.dangerous(), Relaxed { authority: Some(inner), provider })
        }
        SslMode::Disable | SslMode::Prefer | SslMode::Require => {
            relaxed(builder.dangerous(), Relaxed { authority: None, provider })
        }
    };
    Ok(Some(config))
}

fn relaxed(builder: rustls::client::danger::DangerousClientConfigBuilder, verifier: Relaxed) -> ClientConfig {
    builder.with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
}

fn roots(target: &Target) -> Result<RootCertStore, DbError> {
    let mut store = RootCertStore::empty();
    match &target.sslrootcert {
        Some(path) if path.as_os_str() != "system" => {
            let bad = |error: &dyn std::error::Error| {
                DbError::Config(format!("sslrootcert={}: {}", path.display(), chain(error)))
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|e| bad(&e))? {
                store.add(certificate.map_err(|e| bad(&e))?).map_err(|e| bad(&e))?;
            }
            if store.is_empty() {
                return Err(DbError::Config(format!("sslrootcert={} holds no certificate", path.display())));
            }
        }
        _ => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(store)
}

/// Checks less than rustls does by itself: only the authority, or nothing but the handshake.
#[derive(Debug)]
struct Relaxed {
    authority: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Relaxed {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authority) = &self.authority else { return Ok(ServerCertVerified::assertion()) };
        match authority.verify_server_cert(end_entity, intermediates, server_name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
