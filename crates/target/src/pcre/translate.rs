//! Reads an expression by Python's grammar and writes it anew. What Python refuses is refused, at its place.

use std::collections::HashMap;

use crate::error::Fault;

/// Deepest nesting of groups taken: reading recurses.
const MAX_DEPTH: usize = 50;
/// Largest count in braces taken.
const MAX_COUNT: u64 = 1_000;

/// An expression, written for the engines.
#[derive(Clone, Debug, Default)]
pub(super) struct Translated {
    /// For texts of ASCII that are not empty and do not end with a line break.
    pub(super) plain: String,
    /// For all texts.
    pub(super) exact: String,
    /// The two differ.
    pub(super) differs: bool,
    /// It has look-around or back references.
    pub(super) backtracks: bool,
    /// Some of it is without regard to case.
    pub(super) folds: bool,
}

/// Why an expression cannot be written anew.
#[derive(Debug)]
pub(super) enum Stop {
    /// Python refuses it.
    Wrong(Fault),
    /// Python may take it; what it then means is not said here.
    Open(&'static str),
}

/// What a quantifier would repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    Place,
    Item,
    Repeated,
}

/// Flags in force.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) fold: bool,
    pub(super) lines: bool,
    pub(super) dot_all: bool,
}

pub(super) struct Translator<'a> {
    pub(super) text: &'a str,
    pub(super) chars: Vec<(usize, char)>,
    pub(super) at: usize,
    pub(super) out: Translated,
    pub(super) flags: Flags,
    pub(super) last: Last,
    pub(super) depth: usize,
    /// Groups so far; whether each is closed.
    pub(super) groups: Vec<bool>,
    pub(super) names: HashMap<String, usize>,
    /// Global flags may still come: nothing was read before.
    pub(super) at_start: bool,
}

pub(super) type Step<T = ()> = Result<T, Stop>;

pub(super) fn translate(text: &str) -> Step<Translated> {
    let mut translator = Translator {
        text,
        chars: text.char_indices().collect(),
        at: 0,
        out: Translated::default(),
        flags: Flags::default(),
        last: Last::Nothing,
        depth: 0,
        groups: Vec::new(),
        names: HashMap::new(),
        at_start: true,
    };
    translator.alternatives()?;
    match translator.peek() {
        None => Ok(translator.out),
        Some(_) => Err(translator.wrong(
            translator.at,
            "a parenthesis that closes no group",
            "\\) for the character",
        )),
    }
}

impl Translator<'_> {
    pub(super) fn alternatives(&mut self) -> Step {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Stop::Open("its groups are nested too deeply for this server"));
        }
        let flags = self.flags;
        loop {
            self.last = Last::Nothing;
            self.sequence()?;
            if !self.take('|') {
                break;
            }
            self.at_start = false;
            self.push("|");
        }
        if self.depth > 1 {
            self.flags = flags;
        }
        self.depth -= 1;
        Ok(())
    }

    fn sequence(&mut self) -> Step {
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            let start = self.at;
            self.at += 1;
            match c {
                '*' | '+' | '?' => self.repeat(start, c.encode_utf8(&mut [0; 4]))?,
                '{' => self.braces(start)?,
                '(' => {
                    self.group(start)?;
                    continue;
                }
                '\\' => self.escape(start)?,
                '[' => self.class(start)?,
                '.' => self.item(if self.flags.dot_all { "(?s:.)" } else { r"[^\n]" }),
                '^' => self.place(if self.flags.lines { "(?m:^)" } else { r"\A" }),
                '$' if self.flags.lines => self.place("(?m:$)"),
                '$' => self.place_or(r"\z", r"(?=\n?\z)"),
                other => self.literal(other)?,
            }
            self.at_start = false;
        }
        Ok(())
    }

    fn braces(&mut self, start: usize) -> Step {
        let from = self.at;
        let low = self.digits();
        let comma = self.take(',');
        let high = if comma { self.digits() } else { low.clone() };
        if !self.take('}') || self.at == from + 1 {
            self.at = from;
            return self.literal('{');
        }
        let number = |digits: &str, default: u64| {
            if digits.is_empty() { default } else { digits.parse().unwrap_or(u64::MAX) }
        };
        let (least, most) = (number(&low, 0), number(&high, u64::MAX));
        if most < least {
            let found = format!("{{{low},{high}}}");
            return Err(self.wrong(start, &found, "the smaller count first"));
        }
        if least > MAX_COUNT || (!high.is_empty() && most > MAX_COUNT) {
            return Err(Stop::Open("it repeats something more than 1000 times"));
        }
        let upper = if high.is_empty() { String::new() } else { most.to_string() };
        self.repeat(start, &format!("{{{least},{upper}}}"))
    }

    fn repeat(&mut self, start: usize, quantifier: &str) -> Step {
        match self.last {
            Last::Nothing | Last::Place => {
                return Err(self.wrong(
                    start,
                    "a quantifier with nothing to repeat",
                    "a character or group before it",
                ));
            }
            Last::Repeated => {
                return Err(self.wrong(
                    start,
                    "a multiple repeat",
                    "one quantifier, or a group around the first",
                ));
            }
            Last::Item => {}
        }
        self.push(quantifier);
        if self.take('?') {
            self.push("?");
        } else if self.take('+') {
            return Err(Stop::Open(
                "it has a possessive quantifier, which only some versions of Python read",
            ));
        }
        self.last = Last::Repeated;
        Ok(())
    }

    pub(super) fn literal(&mut self, c: char) -> Step {
        let written =
            if c.is_ascii_alphanumeric() { c.to_string() } else { format!(r"\x{{{:x}}}", u32::from(c)) };
        if !self.flags.fold {
            self.item(&written);
            return Ok(());
        }
        self.folding(c.is_ascii())?;
        self.item(&format!("(?i:{written})"));
        Ok(())
    }

    /// Something is compared without regard to case.
    pub(super) fn folding(&mut self, ascii: bool) -> Step {
        self.out.folds = true;
        if ascii {
            return Ok(());
        }
        Err(Stop::Open("it ignores case in letters beyond ASCII, where versions of Python differ"))
    }

    pub(super) fn item(&mut self, written: &str) {
        self.push(written);
        self.last = Last::Item;
    }

    pub(super) fn place(&mut self, written: &str) {
        self.push(written);
        self.last = Last::Place;
    }

    pub(super) fn place_or(&mut self, plain: &str, exact: &str) {
        self.out.plain.push_str(plain);
        self.out.exact.push_str(exact);
        self.out.differs = true;
        self.last = Last::Place;
    }

    pub(super) fn push(&mut self, written: &str) {
        self.out.plain.push_str(written);
        self.out.exact.push_str(written);
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(_, c)| *c)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn digits(&mut self) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            out.push(c);
            self.at += 1;
        }
        out
    }

    /// What stands from character `start` to here.
    pub(super) fn since(&self, start: usize) -> &str {
        &self.text[self.byte(start)..self.byte(self.at)]
    }

    fn byte(&self, char_at: usize) -> usize {
        self.chars.get(char_at).map_or(self.text.len(), |(byte, _)| *byte)
    }

    pub(super) fn wrong(&self, char_at: usize, found: &str, expected: &str) -> Stop {
        Stop::Wrong(Fault::new(self.byte(char_at), found, expected))
    }
}
