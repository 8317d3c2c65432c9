//! YAML as a tree in which every key and value knows its place.
//!
//! Scalars are resolved as `kubectl` does, `yes` and `on` included, so that a file means the same
//! here and in a cluster.

use std::collections::HashMap;

use serde_json::Number;
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span as Marks};

/// How deep lists and objects may be nested.
const MAX_DEPTH: usize = 64;
/// How many nodes a file may have once its aliases are written out.
const MAX_NODES: usize = 200_000;
/// Bytes of text that an alias may repeat for the price of a node.
const TEXT_OF_NODE: usize = 256;

/// Where something is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    /// Byte offset in the text.
    pub(crate) offset: usize,
    /// Bytes.
    pub(crate) length: usize,
    /// Whether it ends on the line where it starts.
    one_line: bool,
}

impl Span {
    fn of(marks: &Marks) -> Self {
        let offset = marks
            .start
            .byte_offset()
            .unwrap_or_else(|| marks.start.index());
        let end = marks.end.byte_offset().unwrap_or_else(|| marks.end.index());
        Self {
            line: marks.start.line(),
            column: marks.start.col() + 1,
            offset,
            length: end.saturating_sub(offset),
            one_line: marks.start.line() == marks.end.line(),
        }
    }

    /// The same place; only its first character when it has several lines.
    pub(crate) fn first_line(self) -> Self {
        if self.one_line {
            self
        } else {
            Self { length: 1, ..self }
        }
    }
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) content: Content,
    pub(crate) span: Span,
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Entry>),
}

/// A field of an object.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Node {
    /// The value of a field.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.content {
            Content::Object(entries) => entries
                .iter()
                .find(|entry| entry.key == key)
                .map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The text of a field that is text.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key).map(|node| &node.content) {
            Some(Content::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// Reads every document of a text; empty ones are left out.
pub(crate) fn parse(text: &str) -> Result<Vec<Node>, YamlError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        anchors: HashMap::new(),
        nodes: 0,
        last: Span::default(),
    };
    let mut documents = Vec::new();
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (Event::DocumentStart(..), _) => {
                reader.anchors.clear();
                let (event, span) = reader.next()?;
                if matches!(event, Event::DocumentEnd) {
                    continue;
                }
                let node = reader.node(event, span, 0)?;
                if !matches!(node.content, Content::Null) {
                    documents.push(node);
                }
            }
            _ => {}
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, serde_saphyr::granit_parser::StrInput<'t>>,
    /// Nodes that aliases can name.
    anchors: HashMap<usize, Node>,
    nodes: usize,
    last: Span,
}

impl<'t> Reader<'t> {
    /// The next event that is not a comment.
    fn next(&mut self) -> Result<(Event<'t>, Span), YamlError> {
        loop {
            match self.parser.next_event() {
                None => return Ok((Event::StreamEnd, self.last)),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, marks))) => {
                    self.last = Span::of(&marks);
                    return Ok((event, self.last));
                }
                Some(Err(error)) => {
                    let mark = *error.marker();
                    return Err(YamlError {
                        message: error.info(),
                        span: Span::of(&Marks::empty(mark)),
                    });
                }
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, YamlError> {
        let fail = |message: &str| {
            Err(YamlError {
                message: message.to_owned(),
                span,
            })
        };
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return fail("lists and objects are nested too deep");
        }
        if self.nodes > MAX_NODES {
            return fail("the file has too many values");
        }
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let content = match tag.as_deref().map(|tag| tag.core_suffix()) {
                    None if style == ScalarStyle::Plain => plain(&text),
                    None | Some(Some("str")) => Content::Text(text.into_owned()),
                    Some(Some(_)) => plain(&text),
                    Some(None) => return fail("tags of its own are nothing an object can have"),
                };
                (Node { content, span }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                loop {
                    let (event, item_span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break;
                    }
                    items.push(self.node(event, item_span, depth + 1)?);
                }
                (
                    Node {
                        content: Content::List(items),
                        span: self.until_here(span),
                    },
                    anchor,
                )
            }
            Event::MappingStart(_, anchor, _) => {
                let entries = self.entries(depth)?;
                (
                    Node {
                        content: Content::Object(entries),
                        span: self.until_here(span),
                    },
                    anchor,
                )
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return fail("the alias names itself or nothing");
                };
                let node = node.clone();
                self.nodes += count(&node);
                return Ok(node);
            }
            _ => return fail("a value is missing here"),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, YamlError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let (event, key_span) = self.next()?;
            let (key, quoted) = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, style, ..) => (text.into_owned(), style != ScalarStyle::Plain),
                _ => {
                    return Err(YamlError {
                        message: "the name of a field must be plain text".to_owned(),
                        span: key_span,
                    });
                }
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            if key == "<<" && !quoted {
                merge(value, &mut merged)?;
                continue;
            }
            if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                return Err(YamlError {
                    message: format!(
                        "the field `{key}` is given twice; first in line {}",
                        first.key_span.line
                    ),
                    span: key_span,
                });
            }
            entries.push(Entry {
                key,
                key_span,
                value,
            });
        }
        for entry in merged {
            if !entries.iter().any(|own| own.key == entry.key) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    fn until_here(&self, start: Span) -> Span {
        let end = self.last.offset + self.last.length;
        Span {
            length: end.saturating_sub(start.offset),
            one_line: self.last.line == start.line,
            ..start
        }
    }
}

/// Takes the fields of a merge key (`<<`): of one object, or of several.
fn merge(value: Node, merged: &mut Vec<Entry>) -> Result<(), YamlError> {
    match value.content {
        Content::Object(entries) => {
            for entry in entries {
                if !merged.iter().any(|own| own.key == entry.key) {
                    merged.push(entry);
                }
            }
            Ok(())
        }
        Content::List(items) => items.into_iter().try_for_each(|item| merge(item, merged)),
        _ => Err(YamlError {
            message: "`<<` merges an object or a list of them".to_owned(),
            span: value.span,
        }),
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.content {
        Content::List(items) => items.iter().map(count).sum(),
        Content::Object(entries) => entries.iter().map(|entry| count(&entry.value)).sum(),
        Content::Text(text) => text.len() / TEXT_OF_NODE,
        _ => 0,
    }
}

/// Resolves a plain scalar.
fn plain(text: &str) -> Content {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Content::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Content::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Content::Bool(false);
        }
        _ => {}
    }
    number(text).map_or_else(|| Content::Text(text.to_owned()), Content::Number)
}

fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        _ => ("", text),
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let value = i64::from_str_radix(digits, radix).ok()?;
            return Some(if sign.is_empty() {
                value.into()
            } else {
                value.checked_neg()?.into()
            });
        }
    }
    let first = digits.bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.') || !digits.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain_digits = digits.bytes().all(|b| b.is_ascii_digit());
    if plain_digits && digits.len() > 1 && first == b'0' {
        return i64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let whole = format!("{sign}{digits}");
    if let Ok(integer) = whole.parse::<i64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = whole.parse::<u64>() {
        return Some(integer.into());
    }
    let float_shape = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    float_shape
        .then(|| whole.parse::<f64>().ok().and_then(Number::from_f64))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        parse(text).unwrap().remove(0)
    }

    fn value(text: &str) -> String {
        format!("{:?}", one(&format!("v: {text}")).get("v").unwrap().content)
    }

    #[test]
    fn scalars_mean_what_they_mean_in_a_cluster() {
        for (text, expected) in [
            ("yes", "Bool(true)"),
            ("off", "Bool(false)"),
            ("'yes'", "Text(\"yes\")"),
            ("90s", "Text(\"90s\")"),
            ("1", "Number(Number(1))"),
            ("-1", "Number(Number(-1))"),
            ("0x10", "Number(Number(16))"),
            ("010", "Number(Number(8))"),
            ("1.5", "Number(Number(1.5))"),
            ("1e3", "Number(Number(1000.0))"),
            ("1.2.3.4", "Text(\"1.2.3.4\")"),
            ("~", "Null"),
            ("\"1\"", "Text(\"1\")"),
            ("!!str 1", "Text(\"1\")"),
            (".", "Text(\".\")"),
            ("10Gi", "Text(\"10Gi\")"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let node = one("a:\n  bcd: 12\n");
        let Content::Object(entries) = &node.get("a").unwrap().content else {
            panic!()
        };
        let entry = &entries[0];
        assert_eq!(
            (
                entry.key_span.line,
                entry.key_span.column,
                entry.key_span.length
            ),
            (2, 3, 3)
        );
        assert_eq!((entry.value.span.line, entry.value.span.column), (2, 8));
        assert_eq!((entry.value.span.offset, entry.value.span.length), (10, 2));
    }

    #[test]
    fn several_documents_are_read_and_empty_ones_left_out() {
        assert_eq!(
            parse("a: 1\n---\n---\n# nothing\n---\nb: 2\n")
                .unwrap()
                .len(),
            2
        );
        assert_eq!(parse("").unwrap().len(), 0);
    }

    #[test]
    fn a_field_given_twice_is_refused_with_both_places() {
        let error = parse("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(
            error.message,
            "the field `a` is given twice; first in line 1"
        );
        assert_eq!((error.span.line, error.span.column), (3, 1));
    }

    #[test]
    fn aliases_and_merges_are_written_out() {
        let node = one("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\n");
        let y = node.get("y").unwrap();
        assert_eq!(
            format!("{:?}", y.get("b").unwrap().content),
            "Number(Number(3))"
        );
        assert_eq!(
            format!("{:?}", y.get("a").unwrap().content),
            "Number(Number(1))"
        );
        assert!(node.get("z").unwrap().get("a").is_some());
    }

    #[test]
    fn aliases_cannot_grow_without_bound() {
        let mut text = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
        for i in 1..9 {
            let of = format!("*a{},", i - 1).repeat(10);
            text = format!("{text}a{i}: &a{i} [{of}]\n");
        }
        assert_eq!(
            parse(&text).unwrap_err().message,
            "the file has too many values"
        );
    }

    #[test]
    fn a_long_text_cannot_be_repeated_without_bound() {
        let text = format!(
            "a: &a {}\nb: [{}]\n",
            "x".repeat(65_536),
            "*a, ".repeat(1_000)
        );
        assert_eq!(
            parse(&text).unwrap_err().message,
            "the file has too many values"
        );
    }

    #[test]
    fn what_is_not_yaml_is_refused_with_its_place() {
        let error = parse("a: [1, 2\nb: 3\n").unwrap_err();
        assert!(error.span.line >= 1, "{error:?}");
        assert!(parse("a:\n\tb: 1\n").is_err());
    }

    #[test]
    fn large_files_mean_the_same_as_to_another_reader() {
        for text in [
            include_str!("../../stratumport.yaml"),
            include_str!("../../pool.yaml"),
            include_str!("../../../examples/litecoin-regtest/pool.yaml"),
        ] {
            let expected: serde_json::Value = serde_saphyr::from_str(text).unwrap();
            assert_eq!(super::super::validate::to_json(&one(text), None), expected);
        }
    }
}
