//! Who asks and who writes, until accounts exist: persons named in the operator's configuration.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use crate::App;
use crate::params::Params;
use crate::problem::Problem;

/// Somebody who may write.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Short name, as requests and the log give it.
    pub id: String,
    /// Name for people.
    pub name: String,
}

const PERSON: HeaderName = HeaderName::from_static("minemap-person");

/// The person that a request names; the only one there is, where it names none.
///
/// # Errors
/// Nobody is named although there are several, or somebody who is not known.
pub(crate) fn named<'a>(app: &'a App, headers: &HeaderMap) -> Result<&'a Person, Problem> {
    let known = || app.persons.iter().map(|person| person.id.as_str()).collect::<Vec<_>>().join(", ");
    match (headers.get(PERSON).map(|value| value.to_str().unwrap_or("")), app.persons.as_ref()) {
        (Some(id), persons) => persons.iter().find(|person| person.id == id).ok_or_else(|| {
            Problem::forbidden("unknown-person", format!("nobody here is {id:?}; there are {}", known()))
        }),
        (None, [only]) => Ok(only),
        (None, _) => {
            let detail = format!("say who writes by the header Minemap-Person; there are {}", known());
            Err(Problem::forbidden("person-needed", detail))
        }
    }
}

/// `GET /session`: who the request is, and who there is.
pub(crate) async fn session(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &[])?;
    let described = |person: &Person| json!({"id": person.id, "name": person.name});
    let person = match headers.contains_key(PERSON) {
        true => Some(described(named(&app, &headers)?)),
        false => named(&app, &headers).ok().map(described),
    };
    Ok(Json(json!({"person": person, "persons": app.persons.iter().map(described).collect::<Vec<_>>()})))
}
