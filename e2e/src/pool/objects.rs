//! The objects of a pool, from the examples that users apply.

use anyhow::Context;
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::{Value, json};

use crate::place;

/// The five kinds, in an order in which nothing refers to what comes later.
pub(super) const KINDS: [&str; 5] = [
    "Pool",
    "Currency",
    "Coinserver",
    "Sharechain",
    "StratumPort",
];

/// The objects of a folder of `examples/`.
pub fn example(name: &str) -> anyhow::Result<Vec<Value>> {
    let folder = place::checkout().join("examples").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|file| file.map(|file| file.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut objects = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text)
            .with_context(|| format!("{} is no YAML", file.display()))?;
        objects.extend(documents);
    }
    Ok(objects)
}

/// The objects of a pool, with what a test wants different.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(super) objects: Vec<Value>,
}

impl Layout {
    /// The example for regtest as [`Layout::plain`] has it, with small requests: two pools of what the
    /// operator requests by itself would not fit on two cores.
    pub fn litecoin() -> anyhow::Result<Self> {
        let small = json!({"requests": {"cpu": "10m", "memory": "32Mi"}});
        Self::plain()?.with(
            "Pool",
            "pool",
            json!({"spec": {"defaults": {"pod": {"resources": small}}}}),
        )
    }

    /// The example for regtest as users apply it, but with MWEB left off for ever: its first block needs
    /// a transaction that nobody makes here.
    pub fn plain() -> anyhow::Result<Self> {
        let mut layout = Self {
            objects: example("litecoin-regtest")?,
        };
        for node in ["litecoin-a", "litecoin-b"] {
            layout.change("Coinserver", node, without_mweb())?;
        }
        Ok(layout)
    }

    /// Merges fields into an object.
    pub fn with(mut self, kind: &str, name: &str, change: Value) -> anyhow::Result<Self> {
        self.change(kind, name, change)?;
        Ok(self)
    }

    /// Leaves an object out.
    #[must_use]
    pub fn without(mut self, kind: &str, name: &str) -> Self {
        self.objects.retain(|object| !is(object, kind, name));
        self
    }

    /// Adds a copy of an object under another name.
    pub fn copy(mut self, kind: &str, name: &str, new: &str) -> anyhow::Result<Self> {
        let mut object = self.object(kind, name)?.clone();
        object["metadata"]["name"] = new.into();
        self.objects.push(object);
        Ok(self)
    }

    /// One of the objects.
    pub fn object(&self, kind: &str, name: &str) -> anyhow::Result<&Value> {
        self.objects
            .iter()
            .find(|object| is(object, kind, name))
            .with_context(|| format!("the example has no {kind} {name}"))
    }

    /// All of them.
    pub fn objects(&self) -> &[Value] {
        &self.objects
    }

    fn change(&mut self, kind: &str, name: &str, change: Value) -> anyhow::Result<()> {
        let object = self
            .objects
            .iter_mut()
            .find(|object| is(object, kind, name));
        merge(
            object.with_context(|| format!("the example has no {kind} {name}"))?,
            change,
        );
        Ok(())
    }
}

/// What keeps a regtest Litecoin from ever starting MWEB.
pub(super) fn without_mweb() -> Value {
    json!({"spec": {"daemon": {"options": {"vbparams": "mweb:99999999999:99999999999"}}}})
}

fn is(object: &Value, kind: &str, name: &str) -> bool {
    object["kind"] == kind && object["metadata"]["name"] == name
}

/// As a merge patch does it: `null` removes.
fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (key, value) in change {
                if value.is_null() {
                    into.remove(&key);
                } else {
                    merge(into.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (into, change) => *into = change,
    }
}

/// How the API server calls one of the five kinds.
pub(super) fn resource(kind: &str) -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk("ngpool.io", "v1alpha1", kind))
}
