//! `minemap tiles`: the tiles of the register in one file, for a public map without a server, or for the field.

use std::io::Write;
use std::path::{Path, PathBuf};

use access::{Caller, Scope};
use archive::{Format, Wanted, Written};
use clap::Args;
use serde_json::json;
use spatial_index::{Layer, View};

use crate::exit::{Exit, Stopped};
use crate::progress::Progress;
use crate::{StoreArgument, config, user};

/// Zooms of an archive where none are named.
const ZOOM_MIN: u8 = 0;
const ZOOM_MAX: u8 = 14;

/// Writes the tiles of the register to a PMTiles or MBTiles file. Also while a server runs on the store.
#[derive(Args)]
#[command(after_help = "Examples:\n  minemap tiles --output hazards.pmtiles --public\n  \
    minemap tiles --output-dir public --public --layers hazards,land-releases\n\n\
    A run that is interrupted leaves FILE.partial; the same command goes on from there, unless the register has changed.\n\
    The same register makes the same file, byte for byte.")]
pub struct Tiles {
    #[command(flatten)]
    store: StoreArgument,
    /// File to write, ending in .pmtiles or .mbtiles; it appears only when it is whole.
    #[arg(long, value_name = "FILE", required_unless_present = "output_dir", conflicts_with = "output_dir")]
    output: Option<PathBuf>,
    /// Folder for a file whose name has the revision and the hash, and never changes; `latest.json` names the newest.
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// With --output-dir: pmtiles or mbtiles.
    #[arg(long, value_name = "FORMAT", default_value = "pmtiles", value_parser = format_named)]
    format: Format,
    /// Layers of each tile: hazards (every open hazard), or collections.
    #[arg(long, value_name = "ID,…", value_delimiter = ',', default_value = "hazards", value_parser = layer_named)]
    layers: Vec<Layer>,
    /// Least zoom.
    #[arg(long, value_name = "N", default_value_t = ZOOM_MIN)]
    minzoom: u8,
    /// Greatest zoom; maps enlarge its tiles further in.
    #[arg(long, value_name = "N", default_value_t = ZOOM_MAX)]
    maxzoom: u8,
    /// Only what everybody may see, by the configuration's policy. Without it: everything, as it is.
    #[arg(long)]
    public: bool,
    /// TOML file with the policy of publication.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Tiles {
    /// Writes the file.
    pub fn run(self) -> Result<Exit, Stopped> {
        let view = self.view()?;
        let (output, format) = self.output(&view)?;
        let wanted = Wanted { layers: self.layers.clone(), zoom_min: self.minzoom, zoom_max: self.maxzoom };
        let mut shown = Shown::default();
        let written =
            archive::write(&view, &wanted, (&output, format), &mut |z, done, of| shown.at(z, done, of));
        shown.end();
        let written = written.map_err(stopped)?;
        let path = match &self.output_dir {
            Some(folder) => self.name_for_good(&view, &written, &output, folder)?,
            None => output,
        };
        let Written { tiles, contents, bytes, .. } = written;
        eprintln!("{tiles} tiles, {contents} of them different, {bytes} bytes written to {}", path.display());
        Ok(Exit::Done)
    }

    /// What is shown: what everybody may see, or all.
    fn view(&self) -> Result<View, Stopped> {
        let store = self.store.open_read_only()?;
        if !self.public {
            let snapshot = register::snapshot_of(&store, &mut |_, _| {}).map_err(Stopped::machine)?;
            return Ok(snapshot.open(&Scope::whole()));
        }
        let secret = user::open(&self.store)?.publication_secret();
        let policy = config::publication(self.config.as_deref(), secret)?;
        let snapshot =
            register::published_snapshot_of(&store, &policy, &mut |_, _| {}).map_err(Stopped::machine)?;
        Ok(snapshot.open(&Caller::public().scope()))
    }

    fn output(&self, view: &View) -> Result<(PathBuf, Format), Stopped> {
        if let Some(output) = &self.output {
            let format = Format::from_path(output).ok_or_else(|| {
                let name = output.display();
                Stopped::usage(format!("{name} does not tell its format: .pmtiles or .mbtiles"))
            })?;
            return Ok((output.clone(), format));
        }
        let folder = self.output_dir.clone().unwrap_or_default();
        std::fs::create_dir_all(&folder).map_err(Stopped::machine)?;
        Ok((folder.join(format!("{}.{}", self.stem(view), self.format.extension())), self.format))
    }

    fn stem(&self, view: &View) -> String {
        let scope = if self.public { "public" } else { "whole" };
        let epoch: String = view.epoch().chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        format!("{scope}-{epoch}-{}", view.revision())
    }

    /// Gives the file the name that it keeps, then points to it.
    fn name_for_good(
        &self,
        view: &View,
        written: &Written,
        output: &Path,
        folder: &Path,
    ) -> Result<PathBuf, Stopped> {
        let name = format!("{}-{}.{}", self.stem(view), &written.sha256[..8], self.format.extension());
        let path = folder.join(&name);
        std::fs::rename(output, &path).map_err(Stopped::machine)?;
        let latest = json!({
            "name": name,
            "sha256": written.sha256,
            "bytes": written.bytes,
            "epoch": view.epoch(),
            "revision": view.revision(),
            "recorded_at": view.recorded_at().map(|at| at.to_string()),
            "layers": self.layers.iter().map(|layer| layer.id()).collect::<Vec<_>>(),
            "minzoom": self.minzoom,
            "maxzoom": self.maxzoom,
            "synthetic": view.summary().synthetic_records > 0,
            "sentence": model::NO_RECORD_IS_NOT_SAFETY,
        });
        let pointer = folder.join("latest.json");
        let fill = |out: &mut std::io::BufWriter<std::fs::File>| {
            let put = writeln!(out, "{latest:#}");
            put.map(|()| 1).map_err(|source| exchange::WriteError::Io { file: pointer.clone(), source })
        };
        exchange::write_whole_file(&pointer, fill).map_err(Stopped::machine)?;
        Ok(path)
    }
}

/// Progress zoom by zoom.
#[derive(Default)]
struct Shown(Option<(u8, Progress)>);

impl Shown {
    fn at(&mut self, z: u8, done: u64, of: u64) {
        if self.0.as_ref().is_none_or(|(shown, _)| *shown != z) {
            self.end();
            self.0 = Some((z, Progress::of(&format!("zoom {z}"), of, "tiles")));
        }
        if let Some((_, progress)) = &mut self.0 {
            progress.at(done);
        }
    }

    fn end(&mut self) {
        if let Some((_, progress)) = self.0.take() {
            progress.finish();
        }
    }
}

fn stopped(error: archive::ArchiveError) -> Stopped {
    use archive::ArchiveError as E;
    match error {
        E::Zooms { .. } | E::NoLayer | E::Twice { .. } | E::Busy { .. } => Stopped::usage(error),
        E::File { .. } | E::Tile(_) | E::TooLarge { .. } | E::Database { .. } => Stopped::machine(error),
    }
}

fn format_named(id: &str) -> Result<Format, String> {
    let named = Format::from_path(Path::new(&format!("tiles.{id}")));
    named.ok_or_else(|| "allowed: pmtiles, mbtiles".to_owned())
}

fn layer_named(id: &str) -> Result<Layer, String> {
    Layer::from_id(id)
        .ok_or_else(|| "allowed: hazards, or a collection with places, such as surveys".to_owned())
}
