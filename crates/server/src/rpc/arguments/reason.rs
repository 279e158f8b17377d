//! What a reader of JSON says is wrong, in words for whoever wrote the call. Which parameter it is, is known elsewhere.

use crate::RpcError;

/// The refusal of one parameter. `path` is where the reader stood, `given` what stood there.
pub(super) fn refusal(path: &str, given: Option<String>, reason: &str) -> RpcError {
    let inside = |name: &str| if path == "." { name.to_owned() } else { format!("{path}.{name}") };
    if let Some(name) = quoted_after(reason, "missing field ") {
        return RpcError::wrong(&inside(name), "missing", "it has no default");
    }
    if let Some(name) = quoted_after(reason, "unknown field ") {
        let known =
            expected(reason).map_or_else(|| "nothing is taken here".to_owned(), |all| format!("use {all}"));
        return RpcError::wrong(&inside(name), "not known", known);
    }
    let given = given.unwrap_or_else(|| "missing".to_owned());
    if reason.contains("UUID") {
        return RpcError::invalid(path, given, "a UUID, as 6fa459ea-ee8a-4ca4-894e-db77e160355e");
    }
    match expected(reason) {
        Some(expected) => RpcError::invalid(path, given, expected),
        None if reason.starts_with("data did not match any variant") => {
            RpcError::wrong(path, given, "it has none of the forms that GET /openapi.json shows for it")
        }
        None => RpcError::wrong(path, given, reason.replace('`', "\"")),
    }
}

fn quoted_after<'a>(reason: &'a str, start: &str) -> Option<&'a str> {
    reason.strip_prefix(start)?.strip_prefix('`')?.split('`').next()
}

/// The end of "invalid type: integer `1`, expected a string", in words for people.
fn expected(reason: &str) -> Option<String> {
    let (_, expected) = reason.rsplit_once("expected ")?;
    Some(match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            "a whole number, 0 or more, that is not too large".to_owned()
        }
        "i8" | "i16" | "i32" | "i64" => "a whole number that is not too large".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.replace('`', "\""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, given: &str, reason: &str) -> String {
        refusal(path, Some(given.to_owned()), reason).to_string()
    }

    #[test]
    fn what_stands_in_the_place_of_something_else_is_told_with_what_was_expected() {
        for (given, reason, end) in [
            ("1", "invalid type: integer `1`, expected a string", "1: expected a string"),
            (
                "-1",
                "invalid value: integer `-1`, expected u32",
                "-1: expected a whole number, 0 or more, that",
            ),
            ("[]", "invalid type: sequence, expected struct RouteTarget", "[]: expected an object"),
            ("2", "unknown variant `2`, expected `hot` or `single`", "2: expected \"hot\" or \"single\""),
            ("3", "\"3\" is not a jid: expected 20 digits, as 2026", "3: expected 20 digits, as 2026"),
            (
                "4",
                "UUID parsing failed: invalid character: found `4` at 1",
                "4: expected a UUID, as 6fa459ea",
            ),
            (
                "5",
                "data did not match any variant of untagged enum T",
                "5: it has none of the forms that GET /",
            ),
        ] {
            let said = said("a.b", given, reason);
            assert!(said.starts_with(&format!("parameter \"a.b\" is {end}")), "{said}");
        }
    }

    #[test]
    fn what_is_missing_or_too_much_is_named_where_it_belongs() {
        let message = "parameter \"message\" is missing: it has no default";
        assert_eq!(said(".", "", "missing field `message`"), message);
        let id = "parameter \"keys[0].id\" is missing: it has no default";
        assert_eq!(said("keys[0]", "{}", "missing field `id`"), id);
        let unknown = "parameter \"tgt.a.b\" is not known: use one of \"c\", \"d\"";
        assert_eq!(said("tgt.a", "{}", "unknown field `b`, expected one of `c`, `d`"), unknown);
    }
}
