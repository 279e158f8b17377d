//! Which texts may be a minion's id: plain file names, since Salt keeps files named by id.

/// Longest id: the longest file name.
const MAX_BYTES: usize = 255;

/// Whether `id` may be a minion's id. Ids are chosen by minions, so all sorts of things come.
pub fn is_minion_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_BYTES
        && !id.starts_with('.')
        && !id.contains(['/', '\\'])
        && !id.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_minion_id;

    #[test]
    fn an_id_is_a_plain_file_name() {
        assert!(is_minion_id("web-1.eu.example") && is_minion_id("größe 1"));
        for bad in ["", ".", "..", ".hidden", "../../etc/passwd", "a\0b", "a\nb", "a\\b", &"x".repeat(256)] {
            assert!(!is_minion_id(bad), "{bad:?}");
        }
    }
}
