//! YAML files as commands take them.

use std::{io::Read, path::PathBuf};

use clap::Args;
use ngpool_crds::{Objects, Problem, Problems, load, load_texts};

/// What stands for standard input.
const STDIN: &str = "-";

/// YAML files, or folders of them.
#[derive(Debug, Clone, Default, Args)]
pub struct Files {
    /// YAML files, or folders of them.
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// The same, as kubectl takes them; `-` is standard input.
    #[arg(short, long, value_name = "FILE")]
    pub filename: Vec<PathBuf>,
}

impl Files {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.filename.is_empty()
    }

    /// Reads every object of them.
    pub fn load(&self) -> Result<Objects, Problems> {
        let all = [self.paths.as_slice(), self.filename.as_slice()].concat();
        if !all.iter().any(|path| path.as_os_str() == STDIN) {
            return load(&all);
        }
        if all.len() > 1 {
            let problem = Problem::error("standard input cannot be read together with files");
            return Err(problem.help("give `-f -` alone").into());
        }
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Problem::error(format!("standard input cannot be read: {error}")))?;
        load_texts(vec![(PathBuf::from("<stdin>"), text)])
    }
}
