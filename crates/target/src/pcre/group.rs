//! `(…)` by Python's rules: groups, names, look-around, flags, comments.

use super::translate::{Flags, Last, Step, Stop, Translator};

const ATOMIC: &str = "it has an atomic group, which only some versions of Python read";

impl Translator<'_> {
    /// After the parenthesis at `start`.
    pub(super) fn group(&mut self, start: usize) -> Step {
        if !self.take('?') {
            return self.capture(start);
        }
        match self.next() {
            Some(':') => self.inside(start, "(?:", ")"),
            Some('P') => self.named(start),
            Some('#') => self.comment(start),
            Some('=') => self.look(start, "(?="),
            Some('!') => self.look(start, "(?!"),
            Some('<') if self.take('=') => self.look(start, "(?<="),
            Some('<') if self.take('!') => self.look(start, "(?<!"),
            Some('(') => Err(Stop::Open("it has a condition (?(…)…)")),
            Some('>') => Err(Stop::Open(ATOMIC)),
            Some(c @ ('a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-')) => self.with_flags(start, c),
            _ => {
                let found = format!("the extension {}", self.since(start));
                Err(self.wrong(start, &found, "one of Python's, as (?:…), (?P<name>…), (?=…), (?!…), (?i)"))
            }
        }
    }

    fn capture(&mut self, start: usize) -> Step {
        let number = self.groups.len();
        self.groups.push(false);
        self.inside(start, "(", ")")?;
        self.groups[number] = true;
        Ok(())
    }

    fn look(&mut self, start: usize, open: &str) -> Step {
        self.out.backtracks = true;
        // Its own group, so that a quantifier may follow.
        self.inside(start, &format!("(?:{open}"), "))")
    }

    fn inside(&mut self, start: usize, open: &str, close: &str) -> Step {
        self.at_start = false;
        self.push(open);
        self.alternatives()?;
        if !self.take(')') {
            return Err(self.wrong(start, "a group that is never closed", "a closing parenthesis )"));
        }
        self.push(close);
        self.last = Last::Item;
        Ok(())
    }

    fn named(&mut self, start: usize) -> Step {
        if self.take('<') {
            let at = self.at;
            let name = self.name(start, '>')?;
            if self.names.insert(name.clone(), self.groups.len() + 1).is_some() {
                return Err(self.wrong(at, &format!("a second group {name:?}"), "a name of its own"));
            }
            return self.capture(start);
        }
        if self.take('=') {
            let at = self.at;
            let name = self.name(start, ')')?;
            let group = self.names.get(&name).copied();
            let unknown = || self.wrong(at, &format!("group {name:?}"), "the name of a group before");
            let group = group.ok_or_else(unknown)?;
            return self.back_reference(start, group);
        }
        let found = format!("the extension {}", self.since(start));
        Err(self.wrong(start, &found, "(?P<name>…) or (?P=name)"))
    }

    fn name(&mut self, start: usize, end: char) -> Step<String> {
        let (at, mut name) = (self.at, String::new());
        loop {
            match self.next() {
                None => return Err(self.wrong(start, "a group name that does not end", &end.to_string())),
                Some(c) if c == end => break,
                Some(c) => name.push(c),
            }
        }
        if !name.is_ascii() {
            return Err(Stop::Open(
                "a group's name has letters beyond ASCII, where versions of Python differ",
            ));
        }
        let good = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && name.bytes().next().is_some_and(|b| !b.is_ascii_digit());
        if good {
            Ok(name)
        } else {
            Err(self.wrong(at, &format!("group name {name:?}"), "a name of letters, digits, _"))
        }
    }

    /// `\1` or `(?P=name)`.
    pub(super) fn back_reference(&mut self, start: usize, group: usize) -> Step {
        match group.checked_sub(1).and_then(|at| self.groups.get(at)) {
            Some(true) if self.flags.fold => return Err(Stop::Open("it refers back without regard to case")),
            Some(true) => {}
            Some(false) => {
                return Err(self.wrong(
                    start,
                    &format!("group {group} inside itself"),
                    "a group that is closed",
                ));
            }
            None => return Err(self.wrong(start, &format!("group {group}"), "the number of a group before")),
        }
        self.out.backtracks = true;
        self.item(&format!(r"(?:\{group})"));
        Ok(())
    }

    fn comment(&mut self, start: usize) -> Step {
        loop {
            match self.next() {
                None => return Err(self.wrong(start, "a comment that does not end", ")")),
                Some(')') => return Ok(()),
                Some(_) => {}
            }
        }
    }

    /// `(?i)` for all, `(?i:…)` for a part; `first` is the first letter.
    fn with_flags(&mut self, start: usize, first: char) -> Step {
        let (mut flags, mut on, mut next) = (self.flags, true, Some(first));
        loop {
            match next {
                Some('-') if on => on = false,
                Some('i') => flags.fold = on,
                Some('m') => flags.lines = on,
                Some('s') => flags.dot_all = on,
                Some('u') if on => {}
                Some('a' | 'x') => return Err(Stop::Open("it has the flag a or x")),
                Some(':') => return self.scoped(start, flags),
                Some(')') if on => return self.global(flags),
                _ => {
                    let found = format!("the flags {}", self.since(start));
                    return Err(self.wrong(start, &found, "letters of i, m, s, u, then ) or :"));
                }
            }
            next = self.next();
        }
    }

    fn scoped(&mut self, start: usize, flags: Flags) -> Step {
        let outer = std::mem::replace(&mut self.flags, flags);
        self.inside(start, "(?:", ")")?;
        self.flags = outer;
        Ok(())
    }

    fn global(&mut self, flags: Flags) -> Step {
        if !self.at_start || self.depth > 1 {
            return Err(Stop::Open(
                "its flags do not stand at the start, which only some versions of Python read",
            ));
        }
        self.flags = flags;
        Ok(())
    }
}
