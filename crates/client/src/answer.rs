//! What a call gave.

/// A reply with its warnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// What the method returned.
    pub ret: T,
    /// Sentences that deserve a look.
    pub warnings: Vec<String>,
}
