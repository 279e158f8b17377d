//! What stands after a backslash: Python's rules, outside classes and in them.

use super::translate::{Step, Stop, Translator};

/// Python's `\w`: letters, numbers, underscore; unlike the engines here, no combining marks.
pub(super) const WORD: &str = r"\p{L}\p{N}_";
/// Python's `\s`: white space, and the four separators of ASCII.
pub(super) const SPACE: &str = r"\s\x{1c}-\x{1f}";
/// Python's `\d`.
pub(super) const DIGIT: &str = r"\p{Nd}";

/// One of `\d \D \s \S \w \W`, as what stands in a class.
pub(super) fn category(c: char) -> Option<String> {
    let members = match c.to_ascii_lowercase() {
        'd' => DIGIT,
        's' => SPACE,
        'w' => WORD,
        _ => return None,
    };
    Some(if c.is_ascii_uppercase() { format!("[^{members}]") } else { format!("[{members}]") })
}

impl Translator<'_> {
    /// After the backslash at `start`, outside a class.
    pub(super) fn escape(&mut self, start: usize) -> Step {
        let Some(c) = self.next() else { return Err(self.bad_escape(start)) };
        if let Some(written) = category(c) {
            self.item(&written);
            return Ok(());
        }
        match c {
            'A' => self.place(r"\A"),
            'Z' => self.place(r"\z"),
            'b' => {
                let exact = format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))");
                self.place_or(r"\b", &exact);
            }
            'B' => {
                // Never in an empty text, where the engines here say yes.
                let inside = format!("(?<=[{WORD}])(?=[{WORD}])|(?<![{WORD}])(?![{WORD}])");
                self.place_or(r"\B", &format!(r"(?:(?:(?=[\s\S])|(?<=[\s\S]))(?:{inside}))"));
            }
            '0' => {
                let octal = self.octal(2);
                self.literal_of(start, u32::from_str_radix(&octal, 8).unwrap_or(0))?;
            }
            '1'..='9' => self.number(start, c)?,
            other => {
                let code = self.character(start, other, false)?;
                self.literal_of(start, code)?;
            }
        }
        Ok(())
    }

    /// A character by name or code, the same in and outside classes but for `\b`.
    pub(super) fn character(&mut self, start: usize, c: char, in_class: bool) -> Step<u32> {
        Ok(match c {
            'a' => 0x07,
            'b' if in_class => 0x08,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            'x' => self.hexadecimal(start, 2)?,
            'u' => self.hexadecimal(start, 4)?,
            'U' => self.hexadecimal(start, 8)?,
            'N' => return Err(Stop::Open("it names a character with \\N{…}")),
            c if c.is_ascii_alphabetic() => return Err(self.bad_escape(start)),
            c => u32::from(c),
        })
    }

    /// `\12`: octal when it has three octal digits, else a group.
    fn number(&mut self, start: usize, first: char) -> Step {
        let mut digits = first.to_string();
        digits.extend(self.peek().filter(char::is_ascii_digit));
        self.at += digits.len() - 1;
        let octal = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'7'));
        if let Some(third) =
            self.peek().filter(|c| digits.len() == 2 && octal(&digits) && matches!(c, '0'..='7'))
        {
            self.at += 1;
            digits.push(third);
            return match u32::from_str_radix(&digits, 8) {
                Ok(code) if code <= 0o377 => self.literal_of(start, code),
                _ => Err(self.bad_escape(start)),
            };
        }
        let group: usize = digits.parse().unwrap_or(usize::MAX);
        self.back_reference(start, group)
    }

    pub(super) fn octal(&mut self, most: usize) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| out.len() < most && matches!(c, '0'..='7')) {
            out.push(c);
            self.at += 1;
        }
        out
    }

    fn hexadecimal(&mut self, start: usize, wanted: usize) -> Step<u32> {
        let mut code = 0;
        for _ in 0..wanted {
            let digit = self.peek().and_then(|c| c.to_digit(16)).ok_or_else(|| self.bad_escape(start))?;
            self.at += 1;
            code = code * 16 + digit;
        }
        Ok(code)
    }

    fn literal_of(&mut self, start: usize, code: u32) -> Step {
        let c = self.char_of(start, code)?;
        self.literal(c)
    }

    pub(super) fn char_of(&self, start: usize, code: u32) -> Step<char> {
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None if code > 0x0010_ffff => Err(self.bad_escape(start)),
            None => Err(Stop::Open("it names half a character (a surrogate)")),
        }
    }

    pub(super) fn bad_escape(&self, start: usize) -> Stop {
        let found = format!("the escape {}", self.since(start));
        self.wrong(start, &found, "an escape of Python's re, or \\\\ for a backslash")
    }
}
