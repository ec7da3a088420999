//! The local socket beside a store, by which an import reaches the server that holds the store open.
//!
//! It stands in the file system (`FILE.sock`, mode 0600), so that only the same user reaches it. One request a
//! connection: a header line, one JSON line per record, then one JSON line back.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use reference::{Layers, Shelf};
use register::{Decided, Done, Handle, Order, Prepared, Submission};
use serde::{Deserialize, Serialize};

use crate::exit::Stopped;

/// Raised when the lines below change.
const PROTOCOL: u32 = 2;

#[derive(Serialize, Deserialize)]
enum Request {
    Submit {
        protocol: u32,
        submission: Submission,
        records: u64,
    },
    Carry {
        protocol: u32,
        order: Box<Order>,
    },
    /// The files of the reference layers are others than before.
    LayersChanged {
        protocol: u32,
    },
}

/// The socket of a store.
pub fn socket_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".sock");
    PathBuf::from(name)
}

/// Listens beside `store` until the process ends. The store's lock makes sure that nobody else does.
///
/// # Errors
/// The socket cannot be made.
pub fn listen(store: &Path, register: Handle, layers: Shelf) -> std::io::Result<()> {
    let path = socket_of(store);
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    std::thread::Builder::new().name("control".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let (register, layers) = (register.clone(), layers.clone());
            std::thread::spawn(move || {
                if let Err(error) = answer(stream, &register, &layers) {
                    tracing::warn!(%error, "a command's connection broke");
                }
            });
        }
    })?;
    Ok(())
}

fn answer(stream: UnixStream, register: &Handle, layers: &Shelf) -> anyhow::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut out = BufWriter::new(stream);
    // A command first looks whether somebody answers, and says nothing.
    let Some(header) = lines.next().transpose()? else { return Ok(()) };
    match serde_json::from_str(&header)? {
        Request::Submit { protocol: PROTOCOL, submission, records } => {
            let batch = batch(lines, records)?;
            let answer = register.submit(batch, submission).map_err(|error| error.to_string());
            serde_json::to_writer(&mut out, &answer)?;
        }
        Request::Carry { protocol: PROTOCOL, order } => {
            let answer = register.carry_out(*order).map_err(|error| error.to_string());
            serde_json::to_writer(&mut out, &answer)?;
        }
        Request::LayersChanged { protocol: PROTOCOL } => {
            let answer = layers.reload().map_err(|error| error.to_string());
            serde_json::to_writer(&mut out, &answer.and_then(|layers| all_sound(&layers)))?;
        }
        Request::Submit { .. } | Request::Carry { .. } | Request::LayersChanged { .. } => {
            let refusal = "the server is of another version than this command; use the same program for both";
            serde_json::to_writer(&mut out, &Err::<(), _>(refusal))?;
        }
    }
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

fn all_sound(layers: &Layers) -> Result<(), String> {
    let damaged: Vec<_> = layers.damaged().map(|(_, why)| why).collect();
    if damaged.is_empty() { Ok(()) } else { Err(damaged.join("; ")) }
}

/// Tells the server of a store, if there is one, that the layers beside it have changed. It answers from the new
/// ones when this returns.
///
/// # Errors
/// A server runs, but cannot read them.
pub fn layers_changed(store: &Path) -> Result<(), Stopped> {
    // Nobody listens: whoever starts next reads the layers as they are then.
    let Ok(stream) = UnixStream::connect(socket_of(store)) else { return Ok(()) };
    let answer = ask(stream, |out| write_line(out, &Request::LayersChanged { protocol: PROTOCOL }));
    let kept = |why: &dyn std::fmt::Display| {
        Stopped::machine(format!("the layers are changed, but the server does not answer from them: {why}"))
    };
    answer.map_err(|error| kept(&error))?.map_err(|why: String| kept(&why))
}

/// Every announced record, or nothing: a command that was stopped half-way leaves no trace.
fn batch(
    lines: impl Iterator<Item = std::io::Result<String>>,
    records: u64,
) -> anyhow::Result<Vec<Prepared>> {
    let mut batch = Vec::new();
    for line in lines.take(usize::try_from(records)?) {
        batch.push(serde_json::from_str(&line?)?);
    }
    anyhow::ensure!(
        batch.len() as u64 == records,
        "{} of {records} records came; none is stored",
        batch.len()
    );
    Ok(batch)
}

/// A command's side of the socket.
pub struct Client {
    path: PathBuf,
}

impl Client {
    /// Finds the server that holds `store` open.
    ///
    /// # Errors
    /// Somebody holds the store, but no server answers.
    pub fn connect(store: &Path) -> Result<Self, Stopped> {
        let client = Self { path: socket_of(store) };
        client.stream().map(|_| ())?;
        Ok(client)
    }

    fn stream(&self) -> Result<UnixStream, Stopped> {
        UnixStream::connect(&self.path).map_err(|error| {
            let store = self.path.with_extension("");
            Stopped::machine(format!(
                "{} is in use by another command (no server answers at {}: {error}); try again when it has ended",
                store.display(),
                self.path.display()
            ))
        })
    }

    /// Hands the records of one file to the server.
    pub fn submit(&self, batch: Vec<Prepared>, submission: &Submission) -> Result<Vec<Decided>, Stopped> {
        let stream = self.stream()?;
        let request = Request::Submit {
            protocol: PROTOCOL,
            submission: submission.clone(),
            records: batch.len() as u64,
        };
        let answer = ask(stream, |out| {
            write_line(out, &request)?;
            batch.iter().try_for_each(|record| write_line(out, record))
        });
        answer.map_err(|error| broke(&error))?.map_err(Stopped::machine)
    }

    /// Has the server carry out one command.
    pub fn carry_out(&self, order: Order) -> Result<Done, Stopped> {
        let request = Request::Carry { protocol: PROTOCOL, order: Box::new(order) };
        let answer = ask(self.stream()?, |out| write_line(out, &request));
        answer.map_err(|error| broke(&error))?.map_err(Stopped::usage)
    }
}

/// Sends what `send` writes, and reads the one line that comes back.
fn ask<T: serde::de::DeserializeOwned>(
    stream: UnixStream,
    send: impl FnOnce(&mut BufWriter<UnixStream>) -> anyhow::Result<()>,
) -> anyhow::Result<Result<T, String>> {
    let mut out = BufWriter::new(stream.try_clone()?);
    send(&mut out)?;
    out.flush()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

fn broke(error: &anyhow::Error) -> Stopped {
    Stopped::machine(format!("the connection to the server broke: {error}; send the file again"))
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    Ok(out.write_all(b"\n")?)
}
