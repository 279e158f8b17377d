//! Statements about minions that may be those of a group: the same text where they are.

/// The text for a group that is given. As long as it may be left out the planner reads all minions, and not from the members to theirs.
pub(super) fn of_group(sql: &str) -> String {
    let Some((before, after)) = sql.split_once("::integer IS NULL OR") else { return sql.to_owned() };
    let before = before.trim_end_matches(|one: char| one.is_ascii_digit()).trim_end_matches('$');
    format!("{before}{after}")
}

#[cfg(test)]
mod tests {
    use super::of_group;

    #[test]
    fn a_group_that_is_given_is_not_left_out() {
        let sql = "WHERE ($3::text IS NULL OR a = $3) AND ($12::integer IS NULL OR\n b > 0 AND c = $12)";
        assert_eq!(of_group(sql), "WHERE ($3::text IS NULL OR a = $3) AND (\n b > 0 AND c = $12)");
        for sql in [
            include_str!("../../queries/minion/cache.sql"),
            include_str!("../../queries/minion/details.sql"),
            include_str!("../../queries/minion/grain_keys.sql"),
            include_str!("../../queries/minion/grain_values.sql"),
            include_str!("../../queries/minion/grain_values_kept.sql"),
        ] {
            assert_ne!(of_group(sql), sql);
        }
    }
}
