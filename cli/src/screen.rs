//! A terminal with a view at its foot: log lines scroll above it, the view is redrawn in place.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ngpool_runtime::logging::LogFormat;
use tracing_subscriber::{
    EnvFilter,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Standard error with a view at its foot; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen(Arc<Mutex<View>>);

#[derive(Debug, Default)]
struct View {
    lines: Vec<String>,
    /// Lines of the view that are on the screen now.
    drawn: usize,
}

impl Screen {
    /// Sends log lines through the screen. Only the first call of a process has an effect.
    /// `usual` is the filter where `RUST_LOG` says nothing.
    pub(crate) fn start_logging(&self, format: LogFormat, usual: &str) {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
        let registry = tracing_subscriber::registry().with(filter);
        let writer = self.clone();
        let _already_started = match format {
            LogFormat::Text => registry
                .with(
                    fmt::layer()
                        .with_ansi(io::stderr().is_terminal())
                        .with_target(false)
                        .with_writer(writer),
                )
                .try_init(),
            LogFormat::Json => registry
                .with(fmt::layer().json().with_writer(writer))
                .try_init(),
        };
    }

    /// Replaces the view. Lines that are too long for the terminal are cut.
    pub(crate) fn show(&self, lines: Vec<String>) {
        let width = width();
        let mut view = self.lock();
        view.lines = lines
            .into_iter()
            .map(|line| line.chars().take(width).collect())
            .collect();
        let _closed_terminal = view.redraw(b"");
    }

    fn lock(&self) -> MutexGuard<'_, View> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View {
    /// Takes the view off, writes what belongs above it, and puts it back.
    fn redraw(&mut self, above: &[u8]) -> io::Result<()> {
        let mut error = io::stderr().lock();
        let mut out = Vec::new();
        if self.drawn > 0 {
            // Up to its first line, then clear to the end of the screen.
            write!(out, "\x1b[{}F\x1b[J", self.drawn)?;
        }
        out.write_all(above)?;
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        self.drawn = self.lines.len();
        error.write_all(&out)?;
        error.flush()
    }
}

/// Writes one log line above the view.
#[derive(Debug)]
pub(crate) struct LineWriter {
    screen: Screen,
    line: Vec<u8>,
}

impl Write for LineWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            Ok(())
        } else {
            self.screen.lock().redraw(&line)
        }
    }
}

impl Drop for LineWriter {
    fn drop(&mut self) {
        let _closed_terminal = self.flush();
    }
}

impl<'a> MakeWriter<'a> for Screen {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter {
            screen: self.clone(),
            line: Vec::new(),
        }
    }
}

/// Columns of the terminal.
fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(100, |(width, _)| usize::from(width.0))
}
