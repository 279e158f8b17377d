//! What a password must be: long enough, not the name, none of those that everybody tries first.

use crate::RpcError;

/// Fewest characters.
pub(crate) const SHORTEST: usize = 10;
/// More is not hashed.
const LONGEST: usize = 1024;

/// What the commonest passwords are made of; digits and signs around it help nobody.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "passwort",
    "secret",
    "letmein",
    "welcome",
    "changeme",
    "changeit",
    "default",
    "admin",
    "administrator",
    "root",
    "rootroot",
    "superuser",
    "user",
    "guest",
    "test",
    "testtest",
    "testing",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "qwertzuiop",
    "azerty",
    "azertyuiop",
    "asdfghjkl",
    "asdfasdf",
    "zxcvbnm",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qazwsxedc",
    "zaq12wsx",
    "iloveyou",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "master",
    "shadow",
    "superman",
    "batman",
    "trustno1",
    "whatever",
    "abcdefghij",
    "abcdefgh",
    "abcabcabc",
    "computer",
    "internet",
    "saltstack",
    "salt",
    "saltmaster",
    "raas",
    "minion",
    "sseapi",
    "vmware",
    "broadcom",
    "company",
    "hello",
];

/// Refuses a password that is too easy; the message never shows it.
pub(crate) fn check(password: &str, username: &str) -> Result<(), RpcError> {
    let length = password.chars().count();
    let refuse = |expected: String| Err(RpcError::invalid("password", "too easy to guess", expected));
    if length < SHORTEST || password.len() > LONGEST {
        let given = format!("{length} characters long");
        return Err(RpcError::invalid("password", given, format!("{SHORTEST} to {LONGEST} characters")));
    }
    if password.contains(char::is_control) {
        return Err(RpcError::invalid(
            "password",
            "one with control characters",
            "characters that can be typed",
        ));
    }
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let name = username.to_lowercase();
    if !name.is_empty() && (lower == name || core == name || lower == name.repeat(2)) {
        return refuse("one that is not the name of the account".to_owned());
    }
    if COMMON.iter().any(|word| core == *word || lower == *word) || is_row(&lower) {
        return refuse("one that is not among those that everybody tries first".to_owned());
    }
    Ok(())
}

/// One character, or a row of them as 1234567890: every step to the next is the same small one.
fn is_row(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let wraps = |step: &i64| [9, -9].contains(step);
    let first = steps.iter().find(|step| !wraps(step)).copied().unwrap_or_default();
    (-1..=1).contains(&first) && steps.iter().all(|step| *step == first || wraps(step))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_everybody_tries_first_is_refused_without_being_shown() {
        for (password, said) in [
            ("short", "5 characters long"),
            ("Password123!", "everybody tries first"),
            ("1234567890", "everybody tries first"),
            ("aaaaaaaaaaaa", "everybody tries first"),
            ("0987654321", "everybody tries first"),
            ("abcdefghijkl", "everybody tries first"),
            ("SaltStack2026", "everybody tries first"),
            ("margarethe", "not the name"),
            ("Margarethe42", "not the name"),
            ("with\u{7}bell-in-it", "can be typed"),
        ] {
            let refused = check(password, "margarethe").unwrap_err().to_string();
            assert!(refused.contains(said), "{password}: {refused}");
            assert!(!refused.to_lowercase().contains(&password.to_lowercase()), "{refused}");
        }
        for good in ["correct horse battery staple", "x8#kqP0z!v", "f3c1d0a98b7e"] {
            check(good, "margarethe").unwrap();
        }
    }
}
