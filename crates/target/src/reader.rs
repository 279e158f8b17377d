//! Reads an expression of any type; writes nodegroups out, none of them inside itself.

use crate::{
    TargetError,
    compare::How,
    compound::{self, Node, Parsed, word_of},
    data::{DELIMITER, DataTarget},
    error::Fault,
    glob::Glob,
    ipcidr::Network,
    kind::{Kind, Problem},
    list::List,
    nodegroup::{Nodegroup, Nodegroups},
    pcre::Pcre,
    published::{Published, Tgt},
    python,
};

/// Most single targets in one expression, nodegroups written out.
const MAX_TARGETS: usize = 10_000;
/// Most nodegroups inside each other.
const MAX_NESTING: usize = 16;

/// The state of reading one expression.
pub(crate) struct Reader<'g> {
    groups: &'g Nodegroups,
    /// The groups that are being read, outermost first.
    inside: Vec<String>,
    targets: usize,
}

impl<'g> Reader<'g> {
    pub(crate) fn new(groups: &'g Nodegroups) -> Self {
        Self { groups, inside: Vec::new(), targets: 0 }
    }

    /// Reads `text` as a target of `tgt_type`, and says what Salt must get.
    pub(crate) fn read(&mut self, text: &str, tgt_type: &str) -> Result<(Kind, Published), TargetError> {
        if text.trim().is_empty() {
            return Err(TargetError::Empty);
        }
        let plain = |kind| Ok((kind, Published::new(Tgt::Text(text.to_owned()), tgt_type)));
        let wrong = |fault: Fault| fault.in_expression(tgt_type, text);
        match tgt_type {
            "list" => {
                let ids: Vec<String> = text.split(',').map(|id| id.trim().to_owned()).collect();
                Ok(list(ids.into_iter().filter(|id| !id.is_empty()).collect()))
            }
            "nodegroup" => self.nodegroup(text),
            "compound" => {
                let words = python::words(text);
                self.compound(&words, text.len(), Tgt::Text(text.to_owned())).map_err(|problem| match problem
                {
                    Problem::At(fault) => wrong(fault),
                    Problem::Whole(error) => error,
                })
            }
            "range" => plain(Kind::Range),
            _ => plain(leaf(text, tgt_type)?.map_err(wrong)?),
        }
    }

    /// Reads the words of a compound target; `given` is how it came.
    pub(crate) fn compound(
        &mut self,
        words: &[(usize, &str)],
        end: usize,
        given: Tgt,
    ) -> Result<(Kind, Published), Problem> {
        let parsed = compound::parse(words, end, self)?;
        let tgt = if parsed.expanded { Tgt::of_words(parsed.words) } else { given };
        Ok((Kind::compound(parsed.node), Published::new(tgt, "compound")))
    }

    /// A group that is the whole target keeps its own type.
    fn nodegroup(&mut self, name: &str) -> Result<(Kind, Published), TargetError> {
        let group = self.enter(name)?;
        let read = self.read(&group.tgt, &group.tgt_type).map_err(|error| in_group(name, error))?;
        self.inside.pop();
        Ok(read)
    }

    /// A group inside a compound target: its parts and its words.
    pub(crate) fn group(&mut self, name: &str) -> Result<Parsed, TargetError> {
        let group = self.enter(name)?;
        let parsed = self.words_of(name, group).map_err(|error| in_group(name, error))?;
        self.inside.pop();
        Ok(parsed)
    }

    fn words_of(&mut self, name: &str, group: &Nodegroup) -> Result<Parsed, TargetError> {
        match group.tgt_type.as_str() {
            "nodegroup" => self.group(&group.tgt),
            "compound" => {
                let words = python::words(&group.tgt);
                compound::parse(&words, group.tgt.len(), self).map_err(|problem| match problem {
                    Problem::At(fault) => fault.in_expression("compound", &group.tgt),
                    Problem::Whole(error) => error,
                })
            }
            _ => self.word_for(name, group),
        }
    }

    fn word_for(&mut self, name: &str, group: &Nodegroup) -> Result<Parsed, TargetError> {
        let (kind, published) = self.read(&group.tgt, &group.tgt_type)?;
        self.count()?;
        let pattern = match published.tgt {
            Tgt::Text(text) => text,
            Tgt::List(ids) => ids.join(","),
        };
        let alone = || TargetError::GroupAlone {
            name: name.to_owned(),
            tgt_type: group.tgt_type.clone(),
            why: format!("Salt has no word for {pattern:?} there"),
        };
        let word = word_of(&pattern, &group.tgt_type).ok_or_else(alone)?;
        Ok(Parsed { node: Node::Leaf(kind), words: vec![word], expanded: false })
    }

    fn enter(&mut self, name: &str) -> Result<&'g Nodegroup, TargetError> {
        let group = self.groups.get(name).ok_or_else(|| TargetError::NoSuchGroup(name.to_owned()))?;
        if self.inside.iter().any(|outer| outer == name) {
            let way = format!("{} → {name}", self.inside.join(" → "));
            return Err(TargetError::GroupInItself(name.to_owned(), way));
        }
        if self.inside.len() >= MAX_NESTING {
            let found = format!("nodegroups {} deep", self.inside.len() + 1);
            return Err(TargetError::TooLarge { found, most: MAX_NESTING });
        }
        self.inside.push(name.to_owned());
        Ok(group)
    }

    /// One more single target.
    pub(crate) fn count(&mut self) -> Result<(), TargetError> {
        self.targets += 1;
        if self.targets <= MAX_TARGETS {
            return Ok(());
        }
        Err(TargetError::TooLarge {
            found: format!("more than {MAX_TARGETS} targets joined"),
            most: MAX_TARGETS,
        })
    }
}

/// A list of ids, which Salt gets as an array.
pub(crate) fn list(ids: Vec<String>) -> (Kind, Published) {
    let kind = Kind::List(List::array(ids.iter().map(String::as_str)));
    (kind, Published::new(Tgt::List(ids), "list"))
}

fn leaf(text: &str, tgt_type: &str) -> Result<Result<Kind, Fault>, TargetError> {
    let data = |how| DataTarget::new(text, DELIMITER, how);
    Ok(match tgt_type {
        "glob" => Glob::new(text).map(Kind::Glob),
        "pcre" => Pcre::new(text).map(Kind::Pcre),
        "grain" => data(How::Glob).map(Kind::Grain),
        "grain_pcre" => data(How::Pcre).map(Kind::Grain),
        "pillar" => data(How::Glob).map(Kind::Pillar),
        "pillar_exact" => data(How::Exact).map(Kind::Pillar),
        "pillar_pcre" => data(How::Pcre).map(Kind::Pillar),
        "ipcidr" => Network::new(text).map(Kind::Network),
        other => return Err(TargetError::UnknownType(other.to_owned())),
    })
}

fn in_group(name: &str, error: TargetError) -> TargetError {
    match error {
        wrong @ (TargetError::Wrong { .. } | TargetError::Empty | TargetError::UnknownType(_)) => {
            TargetError::InGroup(name.to_owned(), Box::new(wrong))
        }
        other => other,
    }
}
