//! The process that reads an uploaded file, and how it ended.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::folder::{self, Folder};
use super::{Importer, Order};
use crate::limits::Limits;
use crate::problem::Problem;

/// A report may be longer than its file: every record has one, with its findings.
const REPORT_TIMES_UPLOAD: u64 = 8;
/// Bytes of a report that are sent at once.
const PART: usize = 64 * 1024;
/// What is shown of the child's own words, in bytes.
const SAID_MAX: u64 = 1_000;
/// Signals that a limit of the system sends (signal(7)): aborted for want of memory, and out of processor time.
const ABORTED: i32 = 6;
/// Where memory runs out for the whole machine, the kernel ends whom it likes.
const KILLED: i32 = 9;
const OUT_OF_TIME: i32 = 24;
/// How a Rust program ends that has panicked.
const PANICKED: i32 = 101;

/// An import that is to be run.
pub(crate) struct Child<'a> {
    pub importer: &'a Importer,
    pub order: &'a Order,
    pub folder: &'a Folder,
    pub limits: &'a Limits,
}

/// How it ended: by itself, or not in time.
pub(crate) struct Ended(Option<ExitStatus>);

impl Child<'_> {
    /// Runs it to its end, or to that of its time.
    pub async fn run(&self) -> Result<Ended, Problem> {
        let begun = self.command().and_then(|mut command| command.spawn());
        let mut child = begun.map_err(|error| Problem::internal(&format!("no child: {error}")))?;
        let seconds = Duration::from_secs(self.limits.upload_seconds);
        let ended = match timeout(seconds, child.wait()).await {
            Ok(ended) => Some(ended),
            // The file has been read; what remains is the register's work and no hostile file's.
            Err(_) if self.folder.handed_over().exists() => timeout(seconds, child.wait()).await.ok(),
            Err(_) => None,
        };
        if ended.is_none() {
            let _ = child.kill().await;
        }
        let status = ended.transpose().map_err(|error| Problem::internal(&error.to_string()))?;
        Ok(Ended(status))
    }

    fn command(&self) -> std::io::Result<Command> {
        let (importer, order, limits) = (self.importer, self.order, self.limits);
        let mut command = Command::new(&importer.program);
        command.arg("import").arg("--store").arg(&importer.store);
        if let Some(config) = &importer.config {
            command.arg("--config").arg(config);
        }
        // One argument each, so that no value can be read as an option.
        let mut option = |name: &str, value: &str| {
            command.arg(format!("--{name}={value}"));
        };
        option("format", &order.format);
        option("report", folder::REPORT);
        option("handed-over", folder::HANDED_OVER);
        option("shown-as", &order.name);
        option("memory-bytes-max", &limits.upload_memory_bytes.to_string());
        option("cpu-seconds-max", &limits.upload_cpu_seconds.to_string());
        option("file-bytes-max", &limits.upload_bytes.saturating_mul(REPORT_TIMES_UPLOAD).to_string());
        order.collection.iter().for_each(|collection| option("collection", collection.id()));
        order.organisation.iter().for_each(|code| option("organisation", code));
        order.crs.iter().for_each(|crs| option("crs", crs));
        if order.dry_run {
            command.arg("--dry-run");
        }
        command.arg(folder::upload_name(&order.format));
        // Nothing of ours goes along but the name of the author. Threads and arenas each take address space.
        command.env_clear().envs([
            ("MINEMAP_AUTHOR", order.author.as_str()),
            ("RAYON_NUM_THREADS", "2"),
            ("MALLOC_ARENA_MAX", "2"),
        ]);
        command.current_dir(self.folder.path()).kill_on_drop(true);
        let said = std::fs::File::create_new(self.folder.said())?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        Ok(command)
    }
}

/// What a report says about the file as a whole.
#[derive(Deserialize)]
struct Said {
    read: u64,
    files: Vec<Value>,
}

impl Ended {
    /// The report, as it is sent.
    ///
    /// # Errors
    /// The file could not be read, or the child did not end well.
    pub async fn report(self, folder: &Folder, limits: &Limits) -> Result<Body, Problem> {
        match self.0.and_then(|status| status.code()) {
            Some(0 | 1) => sent(folder).await.map_err(|error| Problem::internal(&error.to_string())),
            Some(2) => Err(unreadable(folder)),
            _ => Err(self.broke(folder, limits)),
        }
    }

    /// A crash, a kill, or a machine that failed. Whether anything was stored is said only where it is known.
    fn broke(&self, folder: &Folder, limits: &Limits) -> Problem {
        let signal = self.0.and_then(|status| status.signal());
        tracing::warn!(status = ?self.0, words = words(folder), "reading an uploaded file did not end well");
        if folder.handed_over().exists() {
            let detail = "the import broke off while the register was taking it in: it may hold all of the file or \
                          nothing of it. Sending the file again is safe: what is stored already is left unchanged";
            return Problem::of(
                StatusCode::SERVICE_UNAVAILABLE,
                "import-broke-off",
                "Import broke off",
                detail,
            );
        }
        let limit = match (self.0, signal) {
            (None, _) => Some(("limits.upload_seconds", limits.upload_seconds)),
            (_, Some(OUT_OF_TIME)) => Some(("limits.upload_cpu_seconds", limits.upload_cpu_seconds)),
            (_, Some(ABORTED | KILLED)) => Some(("limits.upload_memory_bytes", limits.upload_memory_bytes)),
            _ => None,
        };
        let Some((name, value)) = limit else { return failed(self.0.and_then(|status| status.code())) };
        let detail = format!(
            "reading the file took more than is allowed ({name} = {value}), and was ended; nothing of it was stored"
        );
        Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "file-too-costly", "File too costly to read", detail)
            .with("limit", json!(name))
    }
}

/// A child that ended by itself, but neither with a report nor by a limit that the system tells of.
fn failed(code: Option<i32>) -> Problem {
    let (status, detail) = match code {
        Some(PANICKED) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "the file broke the process that read it, which may have lacked memory (limits.upload_memory_bytes); \
             nothing of it was stored. The server's log says more",
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "reading the file failed; nothing of it was stored. The server's log says more",
        ),
    };
    Problem::of(status, "import-failed", "Import failed", detail)
}

/// A file that is not what it should be; nothing of it was stored.
fn unreadable(folder: &Folder) -> Problem {
    let file = std::fs::File::open(folder.report()).ok();
    let said: Option<Said> =
        file.and_then(|file| serde_json::from_reader(std::io::BufReader::new(file)).ok());
    let detail = "the file cannot be read as what it was said to be; nothing of it was stored";
    let problem =
        Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "file-unreadable", "The file cannot be read", detail);
    match said {
        Some(said) => problem.with("read", json!(said.read)).with("files", json!(said.files)),
        // Without a report it was the parameters that were refused: it says which.
        None => problem.with("files", json!([{"error": words(folder)}])),
    }
}

/// The beginning of what the child said.
fn words(folder: &Folder) -> String {
    use std::io::Read;
    let mut text = Vec::new();
    let file = std::fs::File::open(folder.said());
    let _ = file.and_then(|file| file.take(SAID_MAX).read_to_end(&mut text));
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// The report as a stream; the open file outlives its folder.
async fn sent(folder: &Folder) -> std::io::Result<Body> {
    let file = File::open(folder.report()).await?;
    let parts = stream::unfold(file, |mut file| async move {
        let mut part = vec![0; PART];
        match file.read(&mut part).await {
            Ok(0) => None,
            Ok(bytes) => {
                part.truncate(bytes);
                Some((Ok(Bytes::from(part)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    Ok(Body::from_stream(parts))
}
