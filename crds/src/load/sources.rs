//! Where each object was written.

use std::{collections::HashMap, fmt, path::PathBuf, sync::Arc};

use super::{
    path::{FieldPath, Step},
    yaml::{Content, Node, Span},
};
use crate::{
    objects::ObjectRef,
    problem::{Place, Problems},
};

/// A text and its name.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) text: Arc<str>,
}

impl Source {
    /// A place in the text.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place {
            file: self.file.clone(),
            line: span.line,
            column: span.column,
            offset: span.offset,
            length: span.length,
            text: Arc::clone(&self.text),
        }
    }
}

/// Where each object was written, and what was remarked while reading.
#[derive(Clone, Default)]
pub(crate) struct Sources {
    trees: HashMap<ObjectRef, Arc<(Source, Node)>>,
    /// Namespace of the objects, if one of them names it.
    pub(crate) namespace: Option<String>,
    pub(crate) warnings: Problems,
}

impl fmt::Debug for Sources {
    /// The trees hold the values of Secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("objects", &self.trees.len())
            .finish_non_exhaustive()
    }
}

impl Sources {
    /// Remembers where an object was written.
    pub(crate) fn insert(&mut self, object: ObjectRef, source: Source, tree: Node) {
        self.trees.insert(object, Arc::new((source, tree)));
    }

    /// Where a field was written: the nearest enclosing field that was written at all.
    pub(crate) fn place(&self, object: &ObjectRef, field: &str) -> Option<Place> {
        let tree = self.trees.get(object)?;
        let (source, root) = tree.as_ref();
        let mut span = if field.is_empty() {
            find(root, &FieldPath::parse("metadata.name")).0
        } else {
            find(root, &FieldPath::parse(field)).0
        };
        // The root as a whole is its first line.
        if span.length == 0 {
            span.length = 1;
        }
        Some(source.place(span))
    }

    /// Whether a field was written by hand; nothing when the object was not read from a file.
    pub(crate) fn is_written(&self, object: &ObjectRef, field: &str) -> Option<bool> {
        let tree = self.trees.get(object)?;
        Some(find(&tree.1, &FieldPath::parse(field)).1)
    }
}

/// Where a path leads: the span of the deepest node on it, and whether it is the whole path. A node
/// that is a list or an object is shown by its key, because its own span is all its lines.
pub(crate) fn find(root: &Node, path: &FieldPath) -> (Span, bool) {
    let mut node = root;
    let mut span = root.span.first_line();
    for step in &path.0 {
        let (key, next) = match (step, &node.content) {
            (Step::Field(name), Content::Object(entries)) => {
                match entries.iter().find(|entry| entry.key == *name) {
                    Some(entry) => (Some(entry.key_span), &entry.value),
                    None => return (span, false),
                }
            }
            (Step::Item(index), Content::List(items)) => match items.get(*index) {
                Some(item) => (None, item),
                None => return (span, false),
            },
            _ => return (span, false),
        };
        span = match (&next.content, key) {
            (Content::Object(_) | Content::List(_) | Content::Null, Some(key)) => key,
            _ => next.span.first_line(),
        };
        node = next;
    }
    (span, true)
}
