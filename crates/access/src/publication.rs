//! What everybody may see of a record: the programme's policy.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, Mac};
use model::{Collection, RecordId, Tags};
use serde::Deserialize;
use sha2::Sha256;

use crate::Level;

/// How the shape of a record is shown to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As it is.
    Exact,
    /// As the cells of a fixed grid that cover it and its position error.
    Cells,
    /// Not at all.
    Hidden,
}

/// What is shown of the records of one collection and level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Their shape.
    pub form: Form,
    /// Fields that are shown. The codes by which a record is drawn ([`Tags`]) are always shown with its shape.
    pub fields: Vec<String>,
}

/// The key that public identifiers are made with. Without it nobody tells which record a public form is of.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A secret of these bytes, drawn at random once for each register.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Side of a cell where the policy does not say, in metres.
const CELL_M: u32 = 1_000;
/// Cells may not be smaller: a cell that is nearly the shape itself hides nothing.
const CELL_M_MIN: u32 = 100;
/// Cells may not be larger: a warning that is everywhere warns of nothing.
const CELL_M_MAX: u32 = 100_000;

/// The programme's policy of publication.
#[derive(Debug, Clone)]
pub struct Publication {
    cell_m: u32,
    rules: BTreeMap<(Collection, Level), Rule>,
    secret: Secret,
}

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError(String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RuleError {}

impl Publication {
    /// The policy of a programme that has settled nothing: hazards are shown as cells of a kilometre unless they are
    /// shared with everybody; of other records only those that are.
    pub fn cautious(secret: Secret) -> Self {
        let rule = |(collection, level): (Collection, Level)| {
            let form = match level {
                Level::Public => Form::Exact,
                Level::Partners | Level::Restricted if Tags::default().is_open_hazard(collection) => {
                    Form::Cells
                }
                Level::Partners | Level::Restricted => Form::Hidden,
            };
            ((collection, level), Rule { form, fields: shown(collection) })
        };
        let all = Collection::ALL.into_iter().flat_map(|c| Level::ALL.into_iter().map(move |l| (c, l)));
        Self { cell_m: CELL_M, rules: all.map(rule).collect(), secret }
    }

    /// The same with cells of another side, in metres.
    ///
    /// # Errors
    /// It is not between 100 m and 100 km.
    pub fn with_cell_m(self, cell_m: u32) -> Result<Self, RuleError> {
        if (CELL_M_MIN..=CELL_M_MAX).contains(&cell_m) {
            return Ok(Self { cell_m, ..self });
        }
        Err(RuleError(format!("cell_m is {cell_m}; allowed: {CELL_M_MIN} to {CELL_M_MAX} metres")))
    }

    /// The same with another rule for a collection and a level; `None` keeps what was settled.
    ///
    /// # Errors
    /// A field is not of the collection, or is personal data.
    pub fn with_rule(
        mut self,
        (collection, level): (Collection, Level),
        form: Option<Form>,
        fields: Option<Vec<String>>,
    ) -> Result<Self, RuleError> {
        for name in fields.iter().flatten() {
            let field = collection.fields().find(|field| field.name == name);
            match field {
                Some(field) if field.is_personal => {
                    return Err(RuleError(format!("field {name:?} of {collection} is personal data")));
                }
                Some(_) => {}
                None => return Err(RuleError(format!("{collection} has no field {name:?}"))),
            }
        }
        if let Some(rule) = self.rules.get_mut(&(collection, level)) {
            rule.form = form.unwrap_or(rule.form);
            rule.fields = fields.unwrap_or_else(|| std::mem::take(&mut rule.fields));
        }
        Ok(self)
    }

    /// Side of a cell in metres.
    pub fn cell_m(&self) -> u32 {
        self.cell_m
    }

    /// What is shown of a collection's records of a level; `None` is nothing.
    pub fn rule(&self, collection: Collection, level: Level) -> Option<&Rule> {
        self.rules.get(&(collection, level)).filter(|rule| rule.form != Form::Hidden)
    }

    /// The public identifier of a record: always the same, and told from no other without the secret.
    pub fn public_id(&self, id: RecordId) -> RecordId {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.keyed(&[b"public identifier", id.as_bytes()])[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The epoch of public numbering: another one under another policy.
    pub fn public_epoch(&self, epoch: &str) -> String {
        let policy = format!("{} {:?}", self.cell_m, self.rules);
        let hash = self.keyed(&[b"public epoch", epoch.as_bytes(), policy.as_bytes()]);
        hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A keyed hash (HMAC, RFC 2104) over the parts, each preceded by its length.
    fn keyed(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut block = [0; 64]; // a shorter key is filled up with zeros
        block[..32].copy_from_slice(&self.secret.0);
        let mut hmac = <Hmac<Sha256> as Mac>::new(&block.into());
        for part in parts {
            hmac.update(&(part.len() as u64).to_be_bytes());
            hmac.update(part);
        }
        hmac.finalize().into_bytes().into()
    }
}

/// Fields shown where the policy does not say: what kind of danger, and since when it is known. No free text, no
/// names, no device models, no evidence, no depths.
fn shown(collection: Collection) -> Vec<String> {
    const OF_ANY: [&str; 12] = [
        "classification",
        "status",
        "contamination",
        "kind",
        "triage",
        "category",
        "disposed_on",
        "outcome",
        "result",
        "type",
        "state",
        "completed_on",
    ];
    let named = collection.fields().map(|field| field.name).filter(|name| OF_ANY.contains(name));
    named.map(str::to_owned).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn policy() -> Publication {
        Publication::cautious(Secret::new([7; 32]))
    }

    #[test]
    fn a_hazard_is_always_shown_and_other_records_only_when_somebody_says_public() {
        for collection in Collection::ALL {
            let is_hazard = Tags::default().is_open_hazard(collection);
            for level in [Level::Partners, Level::Restricted] {
                let form = policy().rule(collection, level).map(|rule| rule.form);
                assert_eq!(form, is_hazard.then_some(Form::Cells), "{collection} {level:?}");
            }
            assert_eq!(policy().rule(collection, Level::Public).unwrap().form, Form::Exact);
        }
    }

    #[test]
    fn nothing_personal_and_no_free_text_is_shown_by_default() {
        for collection in Collection::ALL {
            for name in &policy().rule(collection, Level::Public).unwrap().fields {
                let field = collection.fields().find(|field| field.name == name).unwrap();
                assert!(
                    !field.is_personal && !matches!(field.kind, model::Kind::Text),
                    "{collection} {name}"
                );
            }
        }
    }

    #[test]
    fn public_identifiers_are_the_same_for_the_same_secret_and_record_only() {
        let (one, other) = (RecordId::now_v7(), RecordId::now_v7());
        assert_eq!(policy().public_id(one), policy().public_id(one));
        assert_ne!(policy().public_id(one), policy().public_id(other));
        let elsewhere = Publication::cautious(Secret::new([8; 32]));
        assert_ne!(policy().public_id(one), elsewhere.public_id(one));
        assert_eq!(policy().public_id(one).get_version_num(), 8);
    }

    #[test]
    fn a_policy_names_only_fields_that_there_are_and_that_are_not_personal() {
        let with = |name: &str| {
            policy().with_rule((Collection::HazardReports, Level::Public), None, Some(vec![name.to_owned()]))
        };
        assert!(with("kind").is_ok() && with("colour").is_err() && with("reporter").is_err());
        assert!(policy().with_cell_m(50).is_err() && policy().with_cell_m(2_000).is_ok());
    }
}
