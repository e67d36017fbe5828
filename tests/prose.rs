//! Tests the first words of sentences in documentation. The subject of a sentence that begins with
//! a question word is usually a clause, and such a sentence is hard to read.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// Words that open a subordinate clause.
const QUESTION_WORDS: [&str; 9] =
    ["What", "Whatever", "Who", "Whoever", "Whom", "Whether", "Where", "How", "Why"];

/// The largest allowed share of sentences with a question word as the first word, per crate, in
/// percent.
const LIMIT: f64 = 1.0;

#[test]
fn sentences_of_documentation_begin_with_a_noun_or_a_verb() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for package in ["macros", "runtime", "testing", "browser", "redis", "examples", "tests"] {
        let mut count = Count::default();
        files(&root.join(package), &mut |path| {
            let text = fs::read_to_string(path).unwrap();
            let is_markdown = path.extension().is_some_and(|extension| extension == "md");
            let prose = if is_markdown { text } else { comments(&text) };
            for sentence in sentences(&prose) {
                count.note(path, &sentence);
            }
        });
        let share = 100.0 * float(count.found.len()) / float(count.sentences.max(1));
        println!("{package}: {} of {} sentences, {share:.2} %", count.found.len(), count.sentences);
        assert!(share < LIMIT, "{package}: {share:.2} %\n{}", count.found.join("\n"));
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

#[derive(Default)]
struct Count {
    sentences: usize,
    found: Vec<String>,
}

impl Count {
    fn note(&mut self, path: &Path, sentence: &str) {
        self.sentences += 1;
        let first = sentence.split(|character: char| !character.is_alphabetic()).next();
        if first.is_some_and(|word| QUESTION_WORDS.contains(&word)) {
            self.found.push(format!("{}: {sentence}", path.display()));
        }
    }
}

/// Calls `visit` for each Rust and Markdown file below a folder, except links.
fn files(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_symlink() || path.ends_with("target") {
            continue;
        }
        if path.is_dir() {
            files(&path, visit);
        } else if matches!(extension, Some("rs" | "md")) {
            visit(&path);
        }
    }
}

/// Returns the text of all comments. A line without a comment ends a paragraph.
fn comments(source: &str) -> String {
    let lines = source.lines().map(|line| {
        let comment = line.trim_start().strip_prefix("//");
        comment.map_or("", |text| text.trim_start_matches(['/', '!']))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Splits paragraphs, list items and table cells into sentences. Leaves code blocks out.
fn sentences(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        let is_break = line.is_empty() || line.starts_with(['#', '|', '-', '*']);
        if is_break || line.starts_with("```") {
            paragraphs.push(String::new());
        }
        if !is_code && !line.starts_with("```") {
            let paragraph = paragraphs.last_mut().unwrap();
            paragraph.push_str(line.trim_start_matches(['#', '-', '*', ' ']));
            paragraph.push(' ');
        }
    }
    let cells = paragraphs.iter().flat_map(|paragraph| paragraph.split(" | "));
    let ends = cells.flat_map(|cell| cell.split(". ").flat_map(|part| part.split("? ")));
    let trimmed = ends.map(|sentence| sentence.trim_matches(['|', ' ']).to_owned());
    trimmed.filter(|sentence| sentence.contains(' ')).collect()
}
