//! The contracts change by addition only: programs of the last release and of this one talk to each
//! other, because an upgrade replaces them one by one.
//!
//! `e2e/baseline/descriptors.binpb` is the last release's set of descriptors. At a release
//! `UPDATE_BASELINE=1 cargo test -p ngpool-rpc --test baseline` writes it anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use prost::Message;
use protox::prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    MethodDescriptorProto, ServiceDescriptorProto,
};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn stored() -> PathBuf {
    here().join("../../e2e/baseline/descriptors.binpb")
}

/// The contracts of now.
fn new() -> FileDescriptorSet {
    let proto = here().join("proto");
    let mut files: Vec<_> = fs::read_dir(proto.join("ngpool/v1"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    protox::compile(files, [proto]).unwrap()
}

/// The contracts of the last release.
fn old() -> FileDescriptorSet {
    FileDescriptorSet::decode(&*fs::read(stored()).unwrap()).unwrap()
}

/// All that a set of contracts holds, by full name.
#[derive(Default)]
struct Contracts {
    messages: BTreeMap<String, DescriptorProto>,
    enums: BTreeMap<String, EnumDescriptorProto>,
    services: BTreeMap<String, ServiceDescriptorProto>,
}

impl Contracts {
    fn of(set: &FileDescriptorSet) -> Self {
        let mut all = Self::default();
        for file in &set.file {
            let package = file.package();
            all.add(package, &file.message_type, &file.enum_type);
            for service in &file.service {
                let name = format!("{package}.{}", service.name());
                all.services.insert(name, service.clone());
            }
        }
        all
    }

    fn add(&mut self, scope: &str, messages: &[DescriptorProto], enums: &[EnumDescriptorProto]) {
        for message in messages {
            let name = format!("{scope}.{}", message.name());
            self.add(&name, &message.nested_type, &message.enum_type);
            self.messages.insert(name, message.clone());
        }
        for one in enums {
            self.enums
                .insert(format!("{scope}.{}", one.name()), one.clone());
        }
    }
}

/// What makes two fields one on the wire and in JSON.
fn shape(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let oneof = field
        .oneof_index
        .and_then(|index| message.oneof_decl.get(usize::try_from(index).unwrap()))
        .map(|oneof| oneof.name().to_owned());
    format!(
        "{} {:?} {:?} {} in {oneof:?}, optional {}",
        field.name(),
        field.label(),
        field.r#type(),
        field.type_name(),
        field.proto3_optional(),
    )
}

fn call(method: &MethodDescriptorProto) -> String {
    format!(
        "{} {} to {} {}",
        method.input_type(),
        method.client_streaming(),
        method.output_type(),
        method.server_streaming()
    )
}

/// What of the old contracts the new ones do not keep.
fn broken(old: &FileDescriptorSet, new: &FileDescriptorSet) -> Vec<String> {
    let (old, new) = (Contracts::of(old), Contracts::of(new));
    let mut found = Vec::new();
    for (name, message) in &old.messages {
        let Some(now) = new.messages.get(name) else {
            found.push(format!("message {name} is gone"));
            continue;
        };
        for field in &message.field {
            let was = shape(message, field);
            let is = now.field.iter().find(|one| one.number() == field.number());
            match is.map(|field| shape(now, field)) {
                Some(is) if is == was => {}
                is => found.push(format!(
                    "{name} field {}: was {was}, is {is:?}",
                    field.number()
                )),
            }
        }
        for range in &message.reserved_range {
            let reserved = range.start()..range.end();
            for field in now
                .field
                .iter()
                .filter(|field| reserved.contains(&field.number()))
            {
                found.push(format!("{name} field {} was reserved", field.number()));
            }
        }
    }
    for (name, values) in &old.enums {
        for value in &values.value {
            let now = new.enums.get(name).and_then(|now| {
                let mut all = now.value.iter();
                all.find(|one| one.number() == value.number())
            });
            if now.is_none_or(|now| now.name() != value.name()) {
                found.push(format!(
                    "{name} has no {} = {}",
                    value.name(),
                    value.number()
                ));
            }
        }
    }
    for (name, service) in &old.services {
        for method in &service.method {
            let now = new.services.get(name).and_then(|now| {
                let mut all = now.method.iter();
                all.find(|one| one.name() == method.name())
            });
            if now.is_none_or(|now| call(now) != call(method)) {
                found.push(format!(
                    "{name} has no {} from {}",
                    method.name(),
                    call(method)
                ));
            }
        }
    }
    found
}

#[test]
fn programs_of_the_last_release_understand_those_of_now() {
    if std::env::var_os("UPDATE_BASELINE").is_some() {
        fs::write(stored(), new().encode_to_vec()).unwrap();
    }
    let found = broken(&old(), &new());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_last_release_has_all_three_services() {
    let services: Vec<_> = Contracts::of(&old()).services.into_keys().collect();
    assert_eq!(
        services,
        [
            "ngpool.v1.Coinserver",
            "ngpool.v1.Ledger",
            "ngpool.v1.Status"
        ]
    );
}

#[test]
fn every_removed_renumbered_and_retyped_thing_is_noticed() {
    let old = old();
    let change = |what: &dyn Fn(&mut FileDescriptorSet)| {
        let mut new = old.clone();
        what(&mut new);
        broken(&old, &new).len()
    };
    assert_eq!(change(&|_| {}), 0);
    let changes: [&dyn Fn(&mut FileDescriptorSet); 9] = [
        &|set| drop(set.file[0].message_type.remove(0)),
        &|set| drop(set.file[0].message_type[0].field.remove(0)),
        &|set| set.file[0].message_type[0].field[0].number = Some(1_000),
        &|set| set.file[0].message_type[0].field[0].name = Some("other".to_owned()),
        &|set| set.file[0].message_type[0].field[0].r#type = Some(8),
        &|set| set.file[0].message_type[0].field[0].label = Some(2),
        &|set| set.file[0].service[0].name = Some("Other".to_owned()),
        &|set| drop(set.file[0].service[0].method.remove(0)),
        &|set| {
            let method = &mut set.file[0].service[0].method[0];
            method.client_streaming = Some(!method.client_streaming());
        },
    ];
    for (number, what) in changes.into_iter().enumerate() {
        assert!(change(what) > 0, "change {number}");
    }
    let added = change(&|set| {
        let message = &mut set.file[0].message_type[0];
        let mut field = message.field[0].clone();
        field.number = Some(1_000);
        field.name = Some("other".to_owned());
        message.field.push(field);
    });
    assert_eq!(added, 0);
}
