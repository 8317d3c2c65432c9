//! What the documents say can be done: links lead somewhere, commands are ones that the programs
//! take, objects are ones that the kinds take, values are ones that the chart has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::{CommandFactory, Parser};
use k8s_openapi::api::{autoscaling::v2::HorizontalPodAutoscaler, networking::v1::Ingress};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Every Markdown file that is written here.
fn documents() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink()
                || name.starts_with('.')
                || name == "target"
                || name == "node_modules"
            {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort();
    assert!(found.len() > 20, "{found:?}");
    found
}

/// A file and its text.
fn texts() -> Vec<(String, PathBuf, String)> {
    let root = root();
    documents()
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            let text = fs::read_to_string(&path).unwrap();
            (name, path, text)
        })
        .collect()
}

/// A fenced block: its language, and its lines.
struct Block {
    language: String,
    line: usize,
    text: String,
}

/// The fenced blocks of a text, and the text without them.
fn split(text: &str) -> (Vec<Block>, String) {
    let (mut blocks, mut prose): (Vec<Block>, String) = (Vec::new(), String::new());
    let mut open: Option<(usize, Block)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take().map(|(_, block)| block)),
            (Some(language), None) => {
                let block = Block {
                    language: language.trim().to_owned(),
                    line: number + 1,
                    text: String::new(),
                };
                open = Some((indent, block));
            }
            (None, Some((indent, block))) => {
                let cut = (*indent).min(line.len() - line.trim_start().len());
                block.text.push_str(&line[cut..]);
                block.text.push('\n');
            }
            (None, None) => {
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    (blocks, prose)
}

/// As a heading's anchor is made where the documents are shown.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

fn anchors(path: &Path) -> BTreeSet<String> {
    let (_, prose) = split(&fs::read_to_string(path).unwrap());
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_relative_link_leads_to_a_file_and_its_heading() {
    let mut broken = Vec::new();
    for (name, path, text) in texts() {
        let (_, prose) = split(&text);
        for link in prose.split("](").skip(1) {
            let Some(target) = link.split(')').next() else {
                continue;
            };
            let target = target.split_whitespace().next().unwrap_or_default();
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            if !file.exists() {
                broken.push(format!("{name}: {target} is not there"));
            } else if !heading.is_empty() && !anchors(&file).contains(heading) {
                broken.push(format!("{name}: {target} has no such heading"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The commands of a shell block: continued lines joined, comments and what follows cut.
fn commands(block: &Block) -> Vec<String> {
    let joined = block.text.replace("\\\n", " ");
    joined
        .lines()
        .map(|line| line.trim().trim_start_matches("$ ").to_owned())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// The words of the first command of a line, as a shell splits it; nothing when it cannot be said.
fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut within) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match (within, letter) {
            (Some(quote), letter) if letter == quote => within = None,
            (None, '\'' | '"') => {
                within = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | ';' | '&' | '<' | '>') => break,
            (None, ' ' | '\t') => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    within.is_none().then_some(words)
}

/// Tries a command on the parser of the program it is for; whether it was for one, or what is wrong.
fn parse(line: &str) -> Result<bool, String> {
    // An ellipsis stands for what the reader knows.
    if line.contains('…') {
        return Ok(false);
    }
    let Some(mut words) = words(line) else {
        return Ok(false);
    };
    if words
        .iter()
        .take(2)
        .map(String::as_str)
        .eq(["kubectl", "ngpool"])
    {
        words.splice(0..2, ["kubectl-ngpool".to_owned()]);
    }
    let Some(program) = words.first() else {
        return Ok(false);
    };
    let program = Path::new(program).file_name().unwrap_or_default();
    let tried = match program.to_str().unwrap_or_default() {
        "ngpool" | "kubectl-ngpool" => ngpool::commands::Cli::try_parse_from(words).map(drop),
        "ngsign" => ngsign::command::Cli::try_parse_from(words).map(drop),
        "ngpayout" => ngpayout::command::Arguments::try_parse_from(words).map(drop),
        _ => return Ok(false),
    };
    match tried {
        Ok(()) => Ok(true),
        // `--help` and `--version` end as an error that is none.
        Err(error) if error.exit_code() == 0 => Ok(true),
        Err(error) => Err(error.to_string()),
    }
}

fn is_shell(block: &Block) -> bool {
    ["sh", "shell", "bash", "console"].contains(&block.language.as_str())
}

#[test]
fn every_command_that_is_shown_is_one_that_the_program_takes() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (name, _, text) in texts() {
        for block in split(&text).0.iter().filter(|block| is_shell(block)) {
            for line in commands(block) {
                match parse(&line) {
                    Ok(known) => tried += usize::from(known),
                    Err(error) => wrong.push(format!("{name}:{}: {line}\n{error}", block.line)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 20, "only {tried} commands were found");
}

#[test]
fn every_command_that_is_named_in_a_sentence_exists() {
    let names = |command: clap::Command| -> BTreeSet<String> {
        let all = command
            .get_subcommands()
            .map(|one| one.get_name().to_owned());
        all.chain(["help".to_owned()]).collect()
    };
    let programs = [
        ("ngpool ", names(ngpool::commands::Cli::command())),
        ("ngsign ", names(ngsign::command::Cli::command())),
        ("ngpayout ", names(ngpayout::command::Arguments::command())),
    ];
    let mut wrong = Vec::new();
    for (name, _, text) in texts() {
        for span in spans(&text) {
            let span = span.strip_prefix("kubectl ").unwrap_or(&span);
            for (program, known) in &programs {
                let Some(rest) = span.strip_prefix(program) else {
                    continue;
                };
                let first = rest.split_whitespace().next().unwrap_or_default();
                let is_command = first.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                    && !first.starts_with('-');
                if is_command && !first.is_empty() && !known.contains(first) {
                    wrong.push(format!("{name}: `{span}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_ours(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with("apiVersion: ngpool.io/"))
}

#[test]
fn every_object_that_is_shown_is_one_that_the_kinds_take() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (name, path, text) in texts() {
        for block in split(&text)
            .0
            .into_iter()
            .filter(|block| is_ours(&block.text))
        {
            tried += 1;
            if let Err(problems) = ngpool_crds::load_texts(vec![(path.clone(), block.text)]) {
                wrong.push(format!("{name}:{}:\n{problems}", block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 10, "only {tried} objects were found");
}

/// What is not kept when an object is read as its type: a field that is misspelt, or in the wrong place.
fn lost<T: serde::Serialize + serde::de::DeserializeOwned>(written: &Value) -> Vec<String> {
    fn compare(path: &str, written: &Value, kept: &Value, lost: &mut Vec<String>) {
        match (written, kept) {
            (Value::Object(written), Value::Object(kept)) => {
                for (key, value) in written {
                    let path = format!("{path}.{key}");
                    compare(&path, value, kept.get(key).unwrap_or(&Value::Null), lost);
                }
            }
            (Value::Array(written), Value::Array(kept)) if written.len() == kept.len() => {
                for (written, kept) in written.iter().zip(kept) {
                    compare(&format!("{path}[]"), written, kept, lost);
                }
            }
            (written, kept) if written == kept => {}
            _ => lost.push(format!("{path}: {written} became {kept}")),
        }
    }
    let mut lost = Vec::new();
    match serde_json::from_value::<T>(written.clone()) {
        Ok(read) => compare("", written, &serde_json::to_value(read).unwrap(), &mut lost),
        Err(error) => lost.push(error.to_string()),
    }
    lost
}

#[test]
fn every_block_of_yaml_is_yaml_and_objects_of_kubernetes_are_whole() {
    let mut kinds = BTreeSet::new();
    for (name, _, text) in texts() {
        let blocks = split(&text).0;
        for block in blocks.iter().filter(|block| block.language == "yaml") {
            for document in block.text.split("\n---\n") {
                let object: Value = serde_saphyr::from_str(document)
                    .unwrap_or_else(|error| panic!("{name}:{}: {error}", block.line));
                let kind = object["kind"].as_str().unwrap_or_default();
                let lost = match kind {
                    "HorizontalPodAutoscaler" => lost::<HorizontalPodAutoscaler>(&object),
                    "Ingress" => lost::<Ingress>(&object),
                    _ => continue,
                };
                assert!(lost.is_empty(), "{name}:{}: {lost:#?}", block.line);
                kinds.insert(kind.to_owned());
            }
        }
    }
    assert!(kinds.contains("HorizontalPodAutoscaler"), "{kinds:?}");
}

/// Whether the chart's values have a path such as `image.repository`.
fn has(values: &Value, path: &str) -> bool {
    let mut at = values;
    for step in path.split('.') {
        // An open map, such as labels, takes any key.
        if at.as_object().is_some_and(serde_json::Map::is_empty) {
            return true;
        }
        match at.get(step) {
            Some(below) => at = below,
            None => return false,
        }
    }
    true
}

#[test]
fn every_value_that_is_set_is_one_that_the_chart_has() {
    let file = root().join("charts/ngpool/values.yaml");
    let values: Value = serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for (name, _, text) in texts() {
        let blocks = split(&text).0;
        for block in blocks.iter().filter(|block| is_shell(block)) {
            for line in commands(block)
                .iter()
                .filter(|line| line.contains("charts/ngpool "))
            {
                let words = words(line).unwrap_or_default();
                let set = words.windows(2).filter(|pair| pair[0] == "--set");
                for pair in set {
                    let path = pair[1].split('=').next().unwrap();
                    if !has(&values, path) {
                        wrong.push(format!("{name}:{}: --set {path}", block.line));
                    }
                }
            }
        }
        for span in spans(&text) {
            let path = span.split(['=', ':']).next().unwrap();
            let sections = ["crds.", "monitoring.", "rbac.", "podDisruptionBudget."];
            if sections.iter().any(|section| path.starts_with(section)) && !has(&values, path) {
                wrong.push(format!("{name}: `{path}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a sentence has in backticks.
fn spans(text: &str) -> Vec<String> {
    let prose = split(text).1.replace('\n', " ");
    let pieces = prose.split('`').skip(1).step_by(2);
    pieces.map(str::to_owned).collect()
}

#[test]
fn every_target_of_make_that_is_named_exists() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let known: BTreeSet<&str> = makefile
        .lines()
        .filter_map(|line| line.split_once(':').map(|(target, _)| target))
        .collect();
    let mut wrong = Vec::new();
    for (name, _, text) in texts() {
        let blocks = split(&text).0;
        let shown = blocks
            .iter()
            .filter(|block| is_shell(block))
            .flat_map(commands);
        for command in shown.chain(spans(&text)) {
            let Some(rest) = command.strip_prefix("make ") else {
                continue;
            };
            let target = rest.split_whitespace().next().unwrap_or_default();
            if !target.contains('=') && !known.contains(target) {
                wrong.push(format!("{name}: make {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_that_is_named_in_a_sentence_is_there() {
    let root = root();
    let folders = [
        "crates",
        "crds",
        "operator",
        "workloads",
        "cli",
        "docs",
        "charts",
        "e2e",
        "scripts",
        "examples",
        "images",
        "migrations",
        "fuzz",
    ];
    let mut wrong = Vec::new();
    for (name, _, text) in texts() {
        for span in spans(&text) {
            let path = span.split_whitespace().next().unwrap_or_default();
            let is_path = path
                .split_once('/')
                .is_some_and(|(folder, rest)| folders.contains(&folder) && !rest.is_empty())
                && path
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            let is_module = || root.join(format!("{path}.rs")).exists();
            // Capitals stand for a name of the reader's; what fuzzing finds is not committed.
            let stands_for = path.contains("/NAME") || path.contains("/TARGET");
            let is_path = is_path && !stands_for && !path.ends_with("/artifacts");
            if is_path && !root.join(path).exists() && !is_module() {
                wrong.push(format!("{name}: {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every text in quotes of the operator's sources.
fn operators_words() -> BTreeSet<String> {
    fn walk(folder: &Path, words: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, words);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                words.extend(text.split('"').map(str::to_owned));
            }
        }
    }
    let mut words = BTreeSet::new();
    walk(&root().join("operator/src"), &mut words);
    words
}

#[test]
fn every_condition_and_reason_that_is_listed_is_one_of_the_operators() {
    let text = fs::read_to_string(root().join("docs/conditions.md")).unwrap();
    let words = operators_words();
    let listed: BTreeSet<String> = spans(&text)
        .into_iter()
        .filter(|span| {
            span.starts_with(|c: char| c.is_ascii_uppercase())
                && span.chars().all(|c| c.is_ascii_alphabetic())
        })
        .collect();
    let unknown: Vec<_> = listed.difference(&words).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let conditions = root().join("operator/src/status/conditions.rs");
    for line in fs::read_to_string(conditions).unwrap().lines() {
        if let Some((_, name)) = line.split_once(": &str = \"") {
            let name = name.trim_end_matches("\";");
            assert!(listed.contains(name), "{name} is not in the page");
        }
    }
}

#[test]
fn a_shell_line_is_split_as_a_shell_does() {
    let split = |line| words(line).unwrap();
    assert_eq!(
        split("ngpool up my-pool   # runs it"),
        ["ngpool", "up", "my-pool"]
    );
    assert_eq!(split("a 'b c' \"d\" | e"), ["a", "b c", "d"]);
    assert_eq!(split("a b=x#y & c"), ["a", "b=x#y"]);
    assert!(words("a 'b").is_none());
    assert!(parse("ngpool no-such-command").is_err());
    assert!(parse("kubectl ngpool status --no-such-option").is_err());
    assert_eq!(parse("kubectl get pods"), Ok(false));
    assert_eq!(parse("kubectl ngpool status -n pools"), Ok(true));
}
