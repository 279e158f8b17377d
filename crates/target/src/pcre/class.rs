//! `[…]` by Python's rules.

use std::fmt::Write;

use super::escape::category;
use super::translate::{Step, Stop, Translator};

/// One member, as it stands at an end of a range.
enum Member {
    Char(char),
    Category(String),
}

/// A class as it is written anew.
struct Class {
    written: String,
    ascii: bool,
}

impl Class {
    fn member(&mut self, member: &Member) {
        match member {
            Member::Char(c) => self.char(*c),
            Member::Category(category) => self.written.push_str(category),
        }
    }

    fn char(&mut self, c: char) {
        self.ascii &= c.is_ascii();
        // Writing to a String cannot fail.
        let _ = write!(self.written, r"\x{{{:x}}}", u32::from(c));
    }
}

impl Translator<'_> {
    /// After the bracket at `start`.
    pub(super) fn class(&mut self, start: usize) -> Step {
        let written = String::from(if self.take('^') { "[^" } else { "[" });
        let mut class = Class { written, ascii: true };
        let first = self.at;
        loop {
            let from = self.at;
            let Some(c) = self.next() else { return Err(self.open_class(start)) };
            if c == ']' && from != first {
                break;
            }
            let low = self.member(from, c)?;
            class.member(&low);
            if self.range_goes_on() {
                self.at += 1;
                let at = self.at;
                let Some(c) = self.next() else { return Err(self.open_class(start)) };
                let high = self.member(at, c)?;
                self.range(from, &low, &high, &mut class)?;
            }
        }
        class.written.push(']');
        if self.flags.fold {
            self.folding(class.ascii)?;
            class.written = format!("(?i:{})", class.written);
        }
        self.item(&class.written);
        Ok(())
    }

    /// A hyphen that is not the last member.
    fn range_goes_on(&self) -> bool {
        self.peek() == Some('-') && self.chars.get(self.at + 1).is_none_or(|(_, c)| *c != ']')
    }

    /// The rest of a range whose lower end is written.
    fn range(&self, from: usize, low: &Member, high: &Member, class: &mut Class) -> Step {
        match (low, high) {
            (Member::Char(low), Member::Char(high)) if low <= high => {
                class.written.push('-');
                class.char(*high);
                Ok(())
            }
            _ => {
                let found = format!("the range {}", self.since(from));
                Err(self.wrong(from, &found, "two characters, the lower one first"))
            }
        }
    }

    fn member(&mut self, from: usize, c: char) -> Step<Member> {
        if c != '\\' {
            return Ok(Member::Char(c));
        }
        let Some(c) = self.next() else { return Err(self.bad_escape(from)) };
        if let Some(category) = category(c) {
            return Ok(Member::Category(category));
        }
        let code = match c {
            '0'..='7' => {
                let digits = format!("{c}{}", self.octal(2));
                u32::from_str_radix(&digits, 8).ok().filter(|code| *code <= 0o377)
            }
            '8' | '9' => None,
            other => Some(self.character(from, other, true)?),
        };
        let code = code.ok_or_else(|| self.bad_escape(from))?;
        self.char_of(from, code).map(Member::Char)
    }

    fn open_class(&self, start: usize) -> Stop {
        self.wrong(start, "a character set that is never closed", "a closing bracket ]")
    }
}
