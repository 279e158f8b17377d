//! Which texts may be a minion's id: plain file names, as Salt keeps a file per id.

/// Longest id, as the longest file name.
const MAX_BYTES: usize = 255;

/// Whether it may be an id. Minions and masters choose ids, so all sorts of things come.
pub(crate) fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_BYTES
        && id != "."
        && id != ".."
        && !id.contains(['/', '\\'])
        && !id.chars().any(char::is_control)
}

/// Says which ids were left out, at most five of them.
pub(crate) fn left_out(n: u64, ids: &[&str]) -> super::kind::Refused {
    let shown: Vec<String> = ids.iter().take(5).map(|id| format!("{:?}", short(id))).collect();
    let more = if ids.len() > 5 { format!(" and {} more", ids.len() - 5) } else { String::new() };
    let reason = format!(
        "the rest was taken, but these minion ids are no plain file names: {}{more}",
        shown.join(", ")
    );
    super::kind::Refused { n, reason }
}

fn short(id: &str) -> String {
    id.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn an_id_is_a_plain_file_name() {
        assert!(is_plain("web-1.eu.example") && is_plain("größe 1"));
        for bad in ["", ".", "..", "../../etc/passwd", "a\0b", "a\nb", "a\\b", &"x".repeat(256)] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }
}
