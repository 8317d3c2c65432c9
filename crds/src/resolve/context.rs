//! What the modules of `resolve` share: the objects, the environment, and what was found.

use std::{collections::HashSet, fmt, path::PathBuf};

use crate::{
    documents::SecretFile,
    environment::Environment,
    explain::Explained,
    kinds::SecretKey,
    objects::{Kind, ObjectRef, Objects},
    problem::{Problem, Problems, Severity},
    suggest::did_you_mean_or_list,
};

/// Where an effective value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The object says it.
    Object,
    /// The Pool's defaults say it.
    Pool,
    /// The preset of the currency brings it.
    Preset,
    /// Nobody says it.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Object => "object",
            Self::Pool => "pool",
            Self::Preset => "preset",
            Self::BuiltIn => "built-in",
        })
    }
}

/// One resolving.
pub(crate) struct Context<'a> {
    pub(crate) objects: &'a Objects,
    pub(crate) environment: &'a dyn Environment,
    problems: Vec<Problem>,
    secret_files: Vec<SecretFile>,
    /// The object whose values are recorded; of the others nobody asks.
    explaining: Option<ObjectRef>,
    explained: Vec<Explained>,
    used: HashSet<ObjectRef>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(objects: &'a Objects, environment: &'a dyn Environment) -> Self {
        Self {
            objects,
            environment,
            problems: Vec::new(),
            secret_files: Vec::new(),
            explaining: None,
            explained: Vec::new(),
            used: HashSet::new(),
        }
    }

    /// Records the effective values of one object.
    pub(crate) fn explaining(mut self, object: &ObjectRef) -> Self {
        self.explaining = Some(object.clone());
        self
    }

    pub(crate) fn into_problems(self) -> Problems {
        let mut problems = Problems::none();
        self.problems
            .into_iter()
            .for_each(|problem| problems.push(problem));
        problems
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    pub(crate) fn take_secret_files(&mut self) -> Vec<SecretFile> {
        std::mem::take(&mut self.secret_files)
    }

    /// Adds a problem with its place; one that is known is not added again, because several objects
    /// may lead to the same one.
    pub(crate) fn report(&mut self, mut problem: Problem) {
        if let Some(object) = &problem.object {
            problem.place = self.objects.place(object, &problem.field);
        }
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(crate) fn error(
        &mut self,
        object: &ObjectRef,
        field: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let problem = Problem::error(message).on(object.clone(), field);
        self.report(Problem { help, ..problem });
    }

    pub(crate) fn warning(
        &mut self,
        object: &ObjectRef,
        field: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let problem = Problem::warning(message).on(object.clone(), field);
        self.report(Problem { help, ..problem });
    }

    /// Records an effective value.
    pub(crate) fn note(
        &mut self,
        object: &ObjectRef,
        field: &str,
        value: impl fmt::Display,
        origin: Origin,
    ) {
        if self.explaining.as_ref() != Some(object)
            || self
                .explained
                .iter()
                .any(|explained| explained.field == field)
        {
            return;
        }
        self.explained.push(Explained {
            field: field.to_owned(),
            value: value.to_string(),
            origin,
        });
    }

    /// Records an effective value whose built-in is a schema default, so that only the file can tell
    /// whether somebody wrote it.
    pub(crate) fn note_default(
        &mut self,
        object: &ObjectRef,
        field: &str,
        value: impl fmt::Display,
    ) {
        let written = self
            .objects
            .sources
            .is_written(object, field)
            .unwrap_or(true);
        self.note(
            object,
            field,
            value,
            if written {
                Origin::Object
            } else {
                Origin::BuiltIn
            },
        );
    }

    pub(crate) fn take_explained(&mut self) -> Vec<Explained> {
        std::mem::take(&mut self.explained)
    }

    /// Whether something refers to the object.
    pub(crate) fn is_used(&self, object: &ObjectRef) -> bool {
        self.used.contains(object)
    }

    /// Follows a reference; a problem if nothing is there.
    pub(crate) fn refer(&mut self, from: &ObjectRef, field: &str, kind: Kind, name: &str) -> bool {
        let to = ObjectRef::new(kind, name);
        if self.objects.contains(&to) {
            self.used.insert(to);
            return true;
        }
        let objects = self.objects;
        let names: Vec<&str> = match kind {
            Kind::Pool => Vec::new(),
            Kind::Currency => objects.currencies.keys().map(String::as_str).collect(),
            Kind::Coinserver => objects.coinservers.keys().map(String::as_str).collect(),
            Kind::Sharechain => objects.sharechains.keys().map(String::as_str).collect(),
            Kind::StratumPort => objects.stratum_ports.keys().map(String::as_str).collect(),
            Kind::Secret => objects.secrets.keys().map(String::as_str).collect(),
            Kind::ConfigMap => objects.config_maps.keys().map(String::as_str).collect(),
        };
        let help = did_you_mean_or_list(name, names, &format!("there is no {kind} at all"));
        self.error(
            from,
            field,
            format!("there is no {kind} `{name}`"),
            Some(help),
        );
        false
    }

    /// The file of a key of a Secret that a field names.
    pub(crate) fn secret_key(
        &mut self,
        from: &ObjectRef,
        field: &str,
        secret: &SecretKey,
    ) -> Option<PathBuf> {
        let fields = (&*format!("{field}.name"), &*format!("{field}.key"));
        self.secret(from, fields, &secret.name, &secret.key)
    }

    /// The file of a key of a Secret; `fields` name the Secret and the key. On one machine the Secret must be among the objects; in a
    /// cluster it is mounted and nobody reads it here.
    pub(crate) fn secret(
        &mut self,
        from: &ObjectRef,
        (name_field, key_field): (&str, &str),
        secret: &str,
        key: &str,
    ) -> Option<PathBuf> {
        let path = self.environment.secret_file(secret, key);
        if !self.environment.one_machine() {
            return Some(path);
        }
        if !self.refer(from, name_field, Kind::Secret, secret) {
            return None;
        }
        let Some(content) = self.objects.secret_value(secret, key) else {
            let objects = self.objects;
            let help = did_you_mean_or_list(key, objects.secret_keys(secret), "it has no keys");
            self.error(
                from,
                key_field,
                format!("Secret/{secret} has no key `{key}`"),
                Some(help),
            );
            return None;
        };
        if !self.secret_files.iter().any(|file| file.path == path) {
            self.secret_files.push(SecretFile {
                path: path.clone(),
                secret: secret.to_owned(),
                key: key.to_owned(),
                content,
            });
        }
        Some(path)
    }
}

/// A value as thousandths; nothing if it has more than three decimals or is out of the range.
pub(crate) fn milli(value: f64) -> Option<u32> {
    let thousandths = value * 1000.0;
    let rounded = thousandths.round();
    // The text of a whole float has its digits and nothing else.
    ((thousandths - rounded).abs() < 1e-6)
        .then(|| format!("{rounded:.0}").parse().ok())
        .flatten()
}
