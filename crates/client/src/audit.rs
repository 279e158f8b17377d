//! The audit, checked from outside: every hash is computed anew from the rows that the server gives. Prints nothing.

use raas_api::audit::{self, Chain, GetChain, GetChainParams, Head};

use crate::{Client, ClientError};

/// Rows read at once.
const PART: u32 = 5000;

/// What came of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row is as it was written.
    Whole {
        /// The first row that retention left.
        first: i64,
        /// Where the chain ends. Kept elsewhere, it shows later whether the chain was computed anew.
        end: Head,
        /// Rows that are not linked yet.
        unchained: i64,
    },
    /// The first thing that is not, in a sentence.
    Broken(String),
}

/// Verifies the whole chain. `since` is the end that an earlier verification saw: it must still be in it.
///
/// # Errors
/// Transport, signing in, or the method's own error.
pub async fn verify(client: &Client, since: Option<&Head>) -> Result<Verdict, ClientError> {
    let mut next = part(client, 0).await?;
    let root = next.root.clone();
    let mut end = (root.number, root.hash.clone());
    let mut known = since.is_none_or(|place| place.number < root.number || *place == root);
    while !next.rows.is_empty() {
        for row in &next.rows {
            end = match audit::verify((end.0, &end.1), std::slice::from_ref(row)) {
                Ok(end) => end,
                Err(broken) => return Ok(Verdict::Broken(broken.to_string())),
            };
            known |= since.is_some_and(|place| (place.number, &place.hash) == (end.0, &end.1));
        }
        next = part(client, end.0).await?;
    }
    Ok(judge(&root, Head { number: end.0, hash: end.1 }, &next, known))
}

fn judge(root: &Head, end: Head, last: &Chain, known: bool) -> Verdict {
    if end.number < last.head.number {
        let gone = format!(
            "audit rows {} to {}: they were taken away from the end",
            end.number + 1,
            last.head.number
        );
        return Verdict::Broken(gone);
    }
    if end != last.head {
        return Verdict::Broken(format!(
            "the end of the audit, {}, is not where its rows end",
            last.head.number
        ));
    }
    if !known {
        return Verdict::Broken(
            "the place seen earlier is not in the audit any more: it was written anew".to_owned(),
        );
    }
    Verdict::Whole { first: root.number + 1, end, unchained: last.unchained }
}

async fn part(client: &Client, after: i64) -> Result<Chain, ClientError> {
    Ok(client.call::<GetChain>(&GetChainParams { after, limit: PART }).await?.ret)
}
