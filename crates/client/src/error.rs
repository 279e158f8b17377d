//! What can go wrong between here and a method.

use raas_api::ErrorBody;

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server cannot be reached, or the connection broke.
    #[error("cannot reach {url}: {problem}")]
    Transport {
        /// The server.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// Signing in was refused.
    #[error("cannot sign in at {url}: {message}")]
    SignIn {
        /// The server.
        url: String,
        /// The server's sentence.
        message: String,
    },
    /// The method says no.
    #[error("{method}: {}", .error.message)]
    Method {
        /// `resource.method`
        method: String,
        /// The server's error.
        error: Box<ErrorBody>,
    },
    /// What came back is not this API.
    #[error("{url} does not answer as a raas server does: {problem}")]
    NotRaas {
        /// The server.
        url: String,
        /// What came instead.
        problem: String,
    },
}
