//! Reads objects from YAML files and refuses what the API server would refuse, with places.
//!
//! ```text
//!  text ──yaml──▶ located tree ──validate──▶ (schema) ──▶ (CEL rules) ──▶ typed object
//! ```
//!
//! All problems of all files are reported at once. A document whose shape is wrong is not held
//! against the rules, because they would only repeat it.

mod documents;
mod path;
mod sources;
mod validate;
mod yaml;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(crate) use sources::Sources;

use crate::{
    objects::Objects,
    problem::{Problems, of_file},
};

/// Longest file that is read: a pool's objects are a few kilobytes.
const MAX_FILE: u64 = 4 << 20;

/// Reads every object of the files. Of a folder, its files ending in `.yaml`, `.yml` or `.json` are
/// read, not those of folders in it.
///
/// Warnings come with the documents that [`resolve`](crate::resolve) makes.
pub fn load(paths: &[PathBuf]) -> Result<Objects, Problems> {
    let mut problems = Problems::none();
    let mut texts = Vec::new();
    for path in paths {
        for file in files(path, &mut problems) {
            match read(&file) {
                Ok(text) => texts.push((file, text)),
                Err(message) => problems.push(of_file(&file, message)),
            }
        }
    }
    match load_texts(texts) {
        Ok(objects) => problems.or(objects),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// Reads every object of texts, each with the name that problems give it.
pub fn load_texts(texts: Vec<(PathBuf, String)>) -> Result<Objects, Problems> {
    let mut problems = Problems::none();
    let mut objects = Objects::default();
    for (file, text) in texts {
        documents::read(&Arc::from(text), &file, &mut objects, &mut problems);
    }
    problems.sort();
    if problems.has_errors() {
        return Err(problems);
    }
    objects.sources.warnings = problems;
    Ok(objects)
}

/// The files of a path, by name.
fn files(path: &Path, problems: &mut Problems) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(of_file(path, format_args!("cannot be listed: {error}")));
            return Vec::new();
        }
    };
    let ends = |file: &Path| {
        file.extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension))
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|file| ends(file) && file.is_file())
        .collect();
    files.sort();
    if files.is_empty() {
        problems.push(of_file(
            path,
            "the folder holds no .yaml, .yml or .json file",
        ));
    }
    files
}

fn read(file: &Path) -> Result<String, String> {
    let size = fs::metadata(file)
        .map_err(|error| format!("cannot be read: {error}"))?
        .len();
    if size > MAX_FILE {
        return Err(format!("has {size} bytes; at most {MAX_FILE} are read"));
    }
    let bytes = fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        format!(
            "is not UTF-8 text: the first wrong byte is byte {}",
            error.utf8_error().valid_up_to()
        )
    })
}
