//! Names and labels of what the operator makes.
//!
//! A child is called `<kind>-<name>[-part]`: names of objects have at most 30 characters, so that
//! even the name of a CronJob stays below its 52.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, OwnerReference};
use kube::core::ObjectMeta;
use ngpool_crds::Kind;

/// Who the operator is to the API server: the owner of the fields it sets.
pub const FIELD_MANAGER: &str = "ngpool-operator";

/// Part of a pool that is made of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part<'a> {
    /// Kind of the object.
    pub kind: Kind,
    /// Name of the object.
    pub name: &'a str,
    /// Which of its parts; empty for the main one.
    pub part: &'a str,
}

impl<'a> Part<'a> {
    /// The main part of an object.
    pub const fn of(kind: Kind, name: &'a str) -> Self {
        Self {
            kind,
            name,
            part: "",
        }
    }

    /// Another part of the same object.
    #[must_use]
    pub const fn part(self, part: &'a str) -> Self {
        Self { part, ..self }
    }

    /// Its name. There is one Pool a namespace, so the name of its parts need not repeat it.
    pub fn child(self) -> String {
        let kind = self.kind.name().to_ascii_lowercase();
        let name = if self.kind == Kind::Pool {
            ""
        } else {
            self.name
        };
        let words = [kind.as_str(), name, self.part].into_iter();
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    }

    /// Name of something that only it has, such as its document.
    pub fn own(self, what: &str) -> String {
        format!("{}-{what}", self.child())
    }

    /// What selects its pods: never a version, which would make selectors change.
    pub fn selector_labels(self) -> BTreeMap<String, String> {
        let component = if self.part.is_empty() {
            self.kind.name().to_ascii_lowercase()
        } else {
            format!("{}-{}", self.kind.name().to_ascii_lowercase(), self.part)
        };
        labels([
            ("app.kubernetes.io/component", component.as_str()),
            ("app.kubernetes.io/instance", self.name),
            ("app.kubernetes.io/part-of", "ngpool"),
        ])
    }

    /// Every label of an object.
    pub fn labels(self, version: &str) -> BTreeMap<String, String> {
        let mut all = self.selector_labels();
        all.extend(labels([
            ("app.kubernetes.io/name", "ngpool"),
            ("app.kubernetes.io/managed-by", FIELD_MANAGER),
            ("app.kubernetes.io/version", version),
        ]));
        all
    }

    /// A selector of its pods.
    pub fn selector(self) -> LabelSelector {
        LabelSelector {
            match_labels: Some(self.selector_labels()),
            match_expressions: None,
        }
    }
}

fn labels<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Who a child belongs to: it goes when its owner goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Owner {
    /// The namespace of both.
    pub namespace: String,
    /// The reference; absent for what outlives its object, such as a volume.
    pub reference: Option<OwnerReference>,
    /// Version for labels.
    pub version: String,
}

impl Owner {
    /// Metadata of a child.
    pub fn metadata(&self, part: Part<'_>) -> ObjectMeta {
        self.metadata_named(part, part.child())
    }

    /// Metadata of a child whose name is not that of its part.
    pub fn metadata_named(&self, part: Part<'_>, name: String) -> ObjectMeta {
        ObjectMeta {
            name: Some(name),
            namespace: Some(self.namespace.clone()),
            labels: Some(part.labels(&self.version)),
            owner_references: self.reference.clone().map(|reference| vec![reference]),
            ..ObjectMeta::default()
        }
    }

    /// The same for what stays when its object goes.
    #[must_use]
    pub fn lasting(&self) -> Self {
        Self {
            reference: None,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_called_by_kind_name_and_part() {
        let port = Part::of(Kind::StratumPort, "ltc");
        assert_eq!(port.child(), "stratumport-ltc");
        assert_eq!(port.own("document"), "stratumport-ltc-document");
        let web = Part::of(Kind::Pool, "pool").part("web");
        assert_eq!(web.child(), "pool-web");
        assert_eq!(web.own("tls"), "pool-web-tls");
    }

    #[test]
    fn the_longest_name_fits_a_cron_job() {
        let name = "x".repeat(30);
        let longest = Part::of(Kind::Currency, &name).part("settle").child();
        assert!(longest.len() <= 52, "{longest}");
    }

    #[test]
    fn selectors_hold_no_version() {
        let part = Part::of(Kind::Sharechain, "main");
        assert!(
            !part
                .selector_labels()
                .contains_key("app.kubernetes.io/version")
        );
        assert_eq!(part.labels("1.2.3")["app.kubernetes.io/version"], "1.2.3");
    }
}
