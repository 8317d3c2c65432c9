//! A layer of files named one by one.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

/// A layer to make. The same content gives the same bytes.
pub(super) struct Layer {
    name: &'static str,
    entries: Vec<(String, Entry)>,
}

enum Entry {
    File(PathBuf),
    /// Stripped of what only a debugger reads: a tenth of the size.
    Program(PathBuf),
    Link(String),
}

/// A layer as a file, and its digest.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) tar: PathBuf,
    pub(super) digest: String,
}

impl Layer {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            entries: Vec::new(),
        }
    }

    /// An executable file as it is.
    pub(super) fn file(&mut self, place: &str, from: &Path) {
        self.entries
            .push((place.to_owned(), Entry::File(from.to_owned())));
    }

    /// The same, for a text.
    pub(super) fn script(&mut self, place: &str, from: &Path) {
        self.file(place, from);
    }

    /// A program of ours.
    pub(super) fn program(&mut self, place: &str, from: &Path) {
        self.entries
            .push((place.to_owned(), Entry::Program(from.to_owned())));
    }

    /// A symbolic link.
    pub(super) fn link(&mut self, place: &str, to: &str) {
        self.entries
            .push((place.to_owned(), Entry::Link(to.to_owned())));
    }

    /// Makes it, unless a layer of the same files is there.
    pub(super) fn make(&self, folder: &Path) -> anyhow::Result<Made> {
        let tar = folder.join(format!("{}-{}.tar", self.name, &self.state()?[..12]));
        if tar.exists() {
            return Made::of(tar);
        }
        let stage = tempfile::tempdir_in(folder)?;
        for (place, entry) in &self.entries {
            let target = stage.path().join(place);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            match entry {
                Entry::Link(to) => symlink(to, &target)?,
                Entry::File(from) => {
                    fs::copy(from, &target)?;
                    fs::set_permissions(&target, fs::Permissions::from_mode(0o755))?;
                }
                Entry::Program(from) => {
                    run(Command::new("strip").arg("-o").arg(&target).arg(from))?;
                }
            }
        }
        let unfinished = tar.with_extension("new");
        run(Command::new("tar")
            .args(["--create", "--sort=name", "--mtime=@0", "--format=gnu"])
            .args([
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--mode=u=rwX,go=rX",
            ])
            .arg("--file")
            .arg(&unfinished)
            .arg("--directory")
            .arg(stage.path())
            .arg("."))?;
        fs::rename(&unfinished, &tar)?;
        forget_others(folder, self.name, &tar)?;
        Made::of(tar)
    }

    /// Changes when one of the files may have changed.
    fn state(&self) -> anyhow::Result<String> {
        let mut hash = Sha256::new();
        for (place, entry) in &self.entries {
            hash.update(format!("{place}\0"));
            match entry {
                Entry::Link(to) => hash.update(format!("-> {to}\0")),
                Entry::File(from) | Entry::Program(from) => {
                    let file = fs::metadata(from)
                        .with_context(|| format!("{} is missing", from.display()))?;
                    hash.update(format!(
                        "{} {}.{:09} {}\0",
                        file.len(),
                        file.mtime(),
                        file.mtime_nsec(),
                        matches!(entry, Entry::Program(_)),
                    ));
                }
            }
        }
        Ok(hex::encode(hash.finalize()))
    }
}

impl Made {
    /// A file that was made; its digest is kept beside it, because hashing takes a second.
    pub(super) fn of(tar: PathBuf) -> anyhow::Result<Self> {
        let beside = tar.with_extension("sha256");
        if let Ok(digest) = fs::read_to_string(&beside) {
            return Ok(Self { tar, digest });
        }
        let digest = super::digest(&tar)?;
        fs::write(beside, &digest)?;
        Ok(Self { tar, digest })
    }
}

/// Removes earlier files of the same name, except those made within the last minutes: another run may
/// be reading them.
pub(super) fn forget_others(folder: &Path, name: &str, keep: &Path) -> anyhow::Result<()> {
    const IN_USE: std::time::Duration = std::time::Duration::from_mins(5);
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let same = stem.rsplit_once('-').is_some_and(|(of, _)| of == name);
        if !same || path.file_stem() == keep.file_stem() {
            continue;
        }
        let age = fs::metadata(&path).and_then(|it| it.modified()).ok();
        if age
            .and_then(|it| it.elapsed().ok())
            .is_some_and(|age| age > IN_USE)
        {
            let _gone_already = fs::remove_file(&path);
        }
    }
    Ok(())
}

pub(super) fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
