//! `POST /imports`: a file is read in a process of its own, with bounds on memory and time, and comes in as any import.
//!
//! No parser of files sees foreign bytes in the server's own process. The child is this same program; it hands what it
//! has read and checked to the register through the local socket, as a command on this machine does.

mod child;
mod folder;

use std::path::PathBuf;
use std::sync::Arc;

use access::Right;
use accounts::Action;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use model::Collection;
use percent_encoding::percent_decode_str;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use crate::App;
use crate::caller::{self, Asking};
use crate::held::{self, Coming};
use crate::limits::Limits;
use crate::params::Params;
use crate::problem::Problem;
use child::Child;
use folder::Folder;

/// Where files are uploaded.
pub(crate) const PATH: &str = "/imports";
/// What the file is called, percent-encoded; shown in the report and in the log, and never opened.
const FILE_NAME: HeaderName = HeaderName::from_static("minemap-file-name");
/// Longest such name, in bytes.
const FILE_NAME_MAX: usize = 200;
/// Longest code of an organisation or a reference system, in bytes.
const CODE_MAX: usize = 200;
/// Formats that are one file. A shapefile is several: it comes as a GeoPackage, or by the command.
const FORMATS: [&str; 4] = ["geojson", "ndjson", "csv", "gpkg"];

/// The program that reads uploaded files, and what it works on.
#[derive(Debug, Clone)]
pub struct Importer {
    /// This program.
    pub program: PathBuf,
    /// The store whose server this is; absolute.
    pub store: PathBuf,
    /// The operator's configuration, for the programme's area; absolute.
    pub config: Option<PathBuf>,
}

/// What imports share.
pub(crate) struct Imports {
    importer: Option<Importer>,
    at_once: Arc<Semaphore>,
}

impl Imports {
    pub fn new(importer: Option<Importer>, limits: &Limits) -> Self {
        if let Some(importer) = &importer {
            folder::clear(&importer.store);
        }
        Self { importer, at_once: Arc::new(Semaphore::new(limits.uploads)) }
    }
}

/// What is to be read, and how.
struct Order {
    format: String,
    collection: Option<Collection>,
    organisation: Option<String>,
    crs: Option<String>,
    dry_run: bool,
    author: String,
    name: String,
}

/// `POST /imports?format[&collection][&organisation][&crs][&dry-run]`: the report of the import.
pub(crate) async fn import(
    State(app): State<App>,
    asking: Asking,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let read = read(&app, asking, query.as_deref(), &parts.headers, body).await;
    // The body may not have been read to its end.
    read.map_err(held::and_close)
}

async fn read(
    app: &App,
    asking: Asking,
    query: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let author = author(app, &asking)?;
    let order = Order::read(query, headers, author)?;
    let importer =
        app.imports.importer.as_ref().ok_or_else(|| Problem::internal("no program reads uploads"))?;
    let Ok(_turn) = Arc::clone(&app.imports.at_once).try_acquire_owned() else {
        return Err(Problem::busy("limits.uploads", app.limits.uploads));
    };
    let folder = Folder::beside(&importer.store).map_err(|error| Problem::internal(&error.to_string()))?;
    store(&folder, &order, headers, body, &app.limits).await?;
    let ended = Child { importer, order: &order, folder: &folder, limits: &app.limits }.run().await?;
    let report = ended.report(&folder, &app.limits).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], report).into_response())
}

/// Who uploads. A file may name any organisation, so whoever brings one in has the right for all.
fn author(app: &App, asking: &Asking) -> Result<String, Problem> {
    caller::allowed(&asking.caller, Right::Import)?;
    if !asking.caller.may(Right::Import, None, None) {
        let why =
            "a file may hold records of any organisation: a grant for all of them, everywhere, is needed";
        return Err(caller::refused(&asking.caller, Right::Import).about(why));
    }
    asking.note(app, Action::Import, PATH, "")?;
    Ok(asking.caller.account().unwrap_or_default().to_owned())
}

/// Writes the body into the folder, under a name of our own.
async fn store(
    folder: &Folder,
    order: &Order,
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::internal(&format!("an upload cannot be kept: {error}"));
    let mut coming = Coming::new(headers, body, limits, ("limits.upload_bytes", limits.upload_bytes))?;
    let mut file = tokio::fs::File::create_new(folder.upload(&order.format)).await.map_err(failed)?;
    while let Some(part) = coming.next(limits).await? {
        file.write_all(&part).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)
}

impl Order {
    fn read(query: Option<&str>, headers: &HeaderMap, author: String) -> Result<Self, Problem> {
        let known = ["format", "collection", "organisation", "crs", "dry-run"];
        let params = Params::known(query, &known)?;
        let formats = FORMATS.join(", ");
        let format = params.text("format").ok_or_else(|| Problem::missing_parameter("format", &formats))?;
        if !FORMATS.contains(&format) {
            return Err(Problem::bad_parameter("format", format, formats));
        }
        Ok(Self {
            format: format.to_owned(),
            collection: params.text("collection").map(collection).transpose()?,
            organisation: code(&params, "organisation")?,
            crs: code(&params, "crs")?,
            dry_run: params.truth("dry-run")?,
            author,
            name: name(headers, format)?,
        })
    }
}

fn collection(id: &str) -> Result<Collection, Problem> {
    let allowed = || Collection::ALL.map(Collection::id).join(", ");
    Collection::from_id(id).ok_or_else(|| Problem::bad_parameter("collection", id, allowed()))
}

fn code(params: &Params, name: &str) -> Result<Option<String>, Problem> {
    let Some(text) = params.text(name) else { return Ok(None) };
    let is_good = (1..=CODE_MAX).contains(&text.len()) && !text.chars().any(char::is_control);
    let allowed = format!("1 to {CODE_MAX} bytes without control characters");
    is_good.then(|| Some(text.to_owned())).ok_or_else(|| Problem::bad_parameter(name, text, allowed))
}

/// What the file is called: its last part, should somebody send a whole path.
fn name(headers: &HeaderMap, format: &str) -> Result<String, Problem> {
    let Some(given) = headers.get(FILE_NAME) else { return Ok(format!("upload.{format}")) };
    let given = given.to_str().unwrap_or("");
    let allowed = format!("1 to {FILE_NAME_MAX} bytes of percent-encoded UTF-8 without control characters");
    let refused = || Problem::bad_header("Minemap-File-Name", given, &allowed);
    let decoded = percent_decode_str(given).decode_utf8().map_err(|_| refused())?;
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_good = (1..=FILE_NAME_MAX).contains(&last.len()) && !last.chars().any(char::is_control);
    is_good.then(|| last.to_owned()).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(FILE_NAME, text.parse().expect("a header"));
        name(&headers, "csv").ok()
    }

    #[test]
    fn a_file_name_is_words_for_people_and_no_path() {
        assert_eq!(named("fields%20north.csv").as_deref(), Some("fields north.csv"));
        assert_eq!(named("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(named("C:%5Csurvey.csv").as_deref(), Some("survey.csv"));
        for bad in ["", "..%00", "a%0Ab", "%FF", "folder/", &"x".repeat(201)] {
            assert_eq!(named(bad), None, "{bad}");
        }
        assert_eq!(name(&HeaderMap::new(), "csv").ok().as_deref(), Some("upload.csv"));
    }

    #[test]
    fn what_an_order_does_not_know_is_refused() {
        let order = |query| Order::read(Some(query), &HeaderMap::new(), "olena".to_owned());
        assert!(order("format=csv&collection=surveys&crs=EPSG:28992&dry-run=true").is_ok_and(|o| o.dry_run));
        for bad in [
            "",
            "format=shp",
            "format=../x",
            "format=csv&collection=roads",
            "format=csv&store=x",
            "format=csv&crs=",
        ] {
            assert!(order(bad).is_err(), "{bad}");
        }
    }
}
