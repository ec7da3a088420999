//! `/audit`: the audit trail, by pages or whole.

use access::Right;
use accounts::{Accounts, AccountsError, Action, Filter, Noted};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use super::with_accounts;
use crate::App;
use crate::caller::{Asking, allowed};
use crate::params::Params;
use crate::problem::Problem;

/// Entries on a page where the request does not say, and at most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 10_000;

/// What is asked for.
#[derive(Clone)]
struct Question {
    since: u64,
    account: Option<String>,
    action: Option<String>,
}

impl Question {
    fn page(&self, accounts: &Accounts, limit: usize) -> Result<(Vec<Noted>, Option<u64>), AccountsError> {
        let (since, account, action) = (self.since, self.account.as_deref(), self.action.as_deref());
        accounts.audit(&Filter { since, account, action }, limit)
    }
}

/// `GET /audit?since&limit&account&action&f`.
pub(crate) async fn audit(
    State(app): State<App>,
    asking: Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    allowed(&asking.caller, Right::ReadAudit)?;
    let params = Params::known(query.as_deref(), &["since", "limit", "account", "action", "f"])?;
    let action = params.text("action").map(known_action).transpose()?;
    let account = params.text("account").map(str::to_owned);
    let question = Question { since: params.whole("since")?.unwrap_or(0), account, action };
    let format = match params.text("f") {
        None | Some("json") => return page(&app, question, params.limit(PAGE, PAGE_MAX)?).await,
        Some("csv") => Format::Csv,
        Some("ndjson") => Format::Ndjson,
        Some(other) => return Err(Problem::bad_parameter("f", other, "json, csv, ndjson")),
    };
    asking.note(&app, Action::Export, "audit", format.name())?;
    Ok(whole(app, question, format))
}

fn known_action(code: &str) -> Result<String, Problem> {
    let codes = Action::ALL.map(Action::code);
    let known = codes.contains(&code).then(|| code.to_owned());
    known.ok_or_else(|| Problem::bad_parameter("action", code, codes.join(", ")))
}

async fn page(app: &App, question: Question, limit: usize) -> Result<Response, Problem> {
    let read = with_accounts(app, move |accounts| {
        Ok((question.page(accounts, limit)?, accounts.verify_audit()?.broken_at))
    });
    let ((entries, next), broken_at) = read.await?;
    let entries: Vec<_> = entries.iter().map(described).collect();
    Ok(Json(json!({"entries": entries, "next": next, "checked": broken_at.is_none()})).into_response())
}

fn described(noted: &Noted) -> Value {
    json!({
        "number": noted.number, "at": noted.at, "account": noted.account, "name": noted.name,
        "action": noted.action, "object": noted.object, "outcome": noted.outcome, "address": noted.address,
        "detail": noted.detail,
    })
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Ndjson,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Csv => "number,at,account,name,action,object,outcome,address,detail\r\n",
            Self::Ndjson => "",
        }
    }

    fn line(self, noted: &Noted) -> String {
        match self {
            Self::Ndjson => format!("{}\n", described(noted)),
            Self::Csv => {
                let account = noted.account.as_deref().unwrap_or("");
                let texts = [account, &noted.name, &noted.action, &noted.object, &noted.outcome];
                let texts = texts.into_iter().chain([noted.address.as_str(), &noted.detail]);
                let cells: Vec<_> = texts.map(cell).collect();
                format!("{},{},{}\r\n", noted.number, noted.at, cells.join(","))
            }
        }
    }
}

/// A cell of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// Everything that is asked for, page by page as it is taken.
fn whole(app: App, question: Question, format: Format) -> Response {
    let pages = stream::try_unfold(Some(question), move |question| {
        let app = app.clone();
        async move {
            let Some(question) = question else { return Ok(None) };
            let asked = question.clone();
            let read = with_accounts(&app, move |accounts| asked.page(accounts, PAGE_MAX)).await;
            // The answer has begun: it breaks off, and the client sees that it is not whole.
            let (entries, next) =
                read.map_err(|_| std::io::Error::other("the audit trail cannot be read"))?;
            let text: String = entries.iter().map(|noted| format.line(noted)).collect();
            Ok::<_, std::io::Error>(Some((text, next.map(|since| Question { since, ..question }))))
        }
    });
    use futures_util::StreamExt;
    let head = stream::once(async move { Ok(format.head().to_owned()) });
    let body = Body::from_stream(head.chain(pages).map(|text| text.map(Bytes::from)));
    let name = format!("attachment; filename=\"minemap-audit.{}\"", format.name());
    let headers =
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_holds_quotes() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("a \"b\""), "\"a \"\"b\"\"\"");
    }
}
