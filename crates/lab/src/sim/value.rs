//! What a simulated minion returns: always the same for one run of a job by a minion, different for a second run, and of all
//! shapes that Salt knows: texts, maps, large ones, NUL characters, bytes.

use raas_salt::{Value, msgpack};
use serde_json::json;

use super::dice::Dice;

/// A returned value.
#[derive(Clone, Debug)]
pub struct Returned {
    /// As JSON can say it.
    pub value: serde_json::Value,
    /// Bytes in place of it.
    pub bytes: Option<Vec<u8>>,
    /// Return code: a few fail.
    pub retcode: i64,
}

/// What the `run`-th run (from 1) of a job by a minion returns.
pub fn of(jid: &str, minion: &str, run: u8) -> Returned {
    let who = format!("{jid} {minion} {run}");
    let mut dice = Dice::named(0, &who);
    let kind = dice.below(1000);
    let length = match kind {
        0..=1 => 60_000 + dice.below(200_000),
        2..=30 => 2_000 + dice.below(6_000),
        _ => 20 + dice.below(200),
    };
    let text = letters(&mut dice, length);
    let bytes =
        (kind % 100 == 50).then(|| [who.as_bytes(), &[0, 0xff, 0xfe, 0x80], text.as_bytes()].concat());
    let value = match kind % 100 {
        // Whoever keeps it as text must cope with NUL.
        51 => json!(format!("{who}\0{text}")),
        52..=70 => json!(format!("{who} {text}")),
        71..=75 => json!([who, text, null, 1.5, -7, {"nested": {"deep": [true]}}]),
        _ => json!({"who": who, "text": text, "run": run}),
    };
    let retcode = i64::from(dice.percent(5));
    Returned { value, bytes, retcode }
}

impl Returned {
    /// As it travels.
    pub fn packed(&self) -> Value {
        self.bytes
            .as_ref()
            .map_or_else(|| msgpack::from_json(&self.value), |bytes| Value::Binary(bytes.clone()))
    }
}

fn letters(dice: &mut Dice, length: usize) -> String {
    let mut text = String::with_capacity(length + 8);
    while text.len() < length {
        for byte in dice.throw().to_le_bytes() {
            text.push(char::from(b'a' + byte % 26));
        }
    }
    text.truncate(length);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_returns_something_else_and_the_same_run_the_same() {
        let text = |run| msgpack::write(&of("20260102030405000678", "m1", run).packed());
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }
}
