//! Progress of long work: a bar with rate and time left on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows how far a piece of work is.
pub struct Progress {
    what: String,
    unit: &'static str,
    bar: Option<ProgressBar>,
    started: Instant,
    said: Instant,
    done: u64,
}

impl Progress {
    /// Begins with records; `total` may be 0 where it is not known.
    pub fn begin(what: &str, total: u64) -> Self {
        Self::of(what, total, "records")
    }

    /// Begins with something else.
    pub fn of(what: &str, total: u64, unit: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| bar(what, total, unit));
        let now = Instant::now();
        Self { what: what.to_owned(), unit, bar, started: now, said: now, done: 0 }
    }

    /// So many are done.
    pub fn at(&mut self, done: u64) {
        self.done = done;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        } else if self.said.elapsed() >= LINE_EVERY {
            self.said = Instant::now();
            eprintln!("{}: {done} {}, {:.0}/s", self.what, self.unit, self.rate());
        }
    }

    /// All is done.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    fn rate(&self) -> f64 {
        self.done as f64 / self.started.elapsed().as_secs_f64().max(1e-3)
    }
}

fn bar(what: &str, total: u64, unit: &str) -> ProgressBar {
    let template = if total > 0 {
        "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta} left".to_owned()
    } else {
        format!("{{msg}} {{spinner}} {{human_pos}} {unit} {{per_sec}}")
    };
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style).with_message(what.to_owned())
}
