//! Why an expression cannot be a target.

/// Not a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The type is none of Salt's.
    #[error(
        "target type {0:?} is not known; use glob, list, grain, grain_pcre, pcre, ipcidr, compound or pillar"
    )]
    UnknownType(String),
    /// Nodegroups live in master configurations.
    #[error(
        "target type \"nodegroup\" is not resolved here: write the group's own expression as a compound target"
    )]
    Nodegroup,
    /// Empty expression.
    #[error("the target expression is empty; use \"*\" for every minion")]
    Empty,
    /// An array where the type wants a text.
    #[error("a target of type {0:?} is a text, not an array; only \"list\" takes an array")]
    ArrayGiven(String),
    /// A network that does not parse.
    #[error("{0:?} is not an IP address or network in CIDR form, as 10.0.0.0/8")]
    BadNetwork(String),
    /// A grain expression without a value.
    #[error("{0:?} is not a grain target: expected grain:value, as os:Debian")]
    BadGrain(String),
    /// A compound expression that does not parse.
    #[error("compound target {expression:?}: {problem}")]
    BadCompound {
        /// The expression.
        expression: String,
        /// What is wrong, and where.
        problem: String,
    },
}
