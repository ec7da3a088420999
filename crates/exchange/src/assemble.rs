//! A record of a file → a draft of a collection: names, places, nothing left out.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use geodesy::Crs;
use model::{Collection, Draft, Finding, Origin, Properties, Record, Severity};
use serde_json::Value;

use crate::source::Source;
use crate::{Item, Mapping, ReadOptions, locate};

/// Rule of records whose collection nobody names.
pub(crate) const NO_COLLECTION: &str = "record.collection";
/// The name under which a file's own feature identifier is kept.
const FEATURE_ID: &str = "feature_id";

/// Everything that is the same for all records of a file.
pub(crate) struct Plan<'a> {
    file: String,
    forced: Option<Collection>,
    of_file: Option<Collection>,
    mapping: Option<&'a Mapping>,
    organisation: Option<&'a str>,
    sharing: Option<&'a str>,
    crs: Crs,
    /// Which of the mapping's columns were seen.
    seen: Vec<(&'a str, AtomicBool)>,
}

impl<'a> Plan<'a> {
    /// `name` is the file's own name for the records (layer, table, member), if it has one.
    pub fn new(
        path: &Path,
        layer: Option<&str>,
        name: Option<&str>,
        options: &'a ReadOptions,
        crs: Crs,
    ) -> Self {
        let mapping = options.mapping.as_ref();
        let path = options.shown_as.as_deref().map_or(path, Path::new);
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self {
            file: layer.map_or_else(|| file.clone().into_owned(), |layer| format!("{file}#{layer}")),
            forced: options.collection.or_else(|| mapping?.collection),
            of_file: name.and_then(Collection::from_id).or_else(|| Collection::from_id(stem?)),
            mapping,
            organisation: options.organisation.as_deref().or_else(|| mapping?.organisation.as_deref()),
            sharing: options.sharing.as_deref(),
            crs,
            seen: mapping
                .into_iter()
                .flat_map(Mapping::columns)
                .map(|name| (name, AtomicBool::new(false)))
                .collect(),
        }
    }

    pub fn origin(&self, number: u64) -> Origin {
        Origin { file: self.file.clone(), number }
    }

    /// A record that cannot be read as one.
    pub fn unreadable(&self, number: u64, reason: impl Into<String>) -> Item {
        let finding = Finding::new("record.unreadable", Severity::High, reason);
        Item::Unreadable { origin: self.origin(number), finding }
    }

    /// The draft of a record.
    pub fn item(&self, mut source: Source) -> Item {
        let collection = match self.collection_of(&source) {
            Ok(collection) => collection,
            Err(message) => {
                let finding = Finding::new(NO_COLLECTION, Severity::High, message);
                return Item::Unreadable { origin: self.origin(source.number), finding };
            }
        };
        let mut draft = Draft::new(collection, self.origin(source.number));
        draft.findings = std::mem::take(&mut source.findings);
        let is_own = is_own(&source);
        keep_id(&mut source, &mut draft.fields);
        locate::place(source.place, &self.crs, &mut draft);
        self.name(source.properties, is_own, &mut draft);
        for (name, value) in [("organisation", self.organisation), ("sharing", self.sharing)] {
            if let Some(value) = value {
                draft.fields.entry(name).or_insert_with(|| value.into());
            }
        }
        Item::Draft(draft)
    }

    fn collection_of(&self, source: &Source) -> Result<Collection, String> {
        if let Some(collection) = self.forced {
            return Ok(collection);
        }
        let named = source.collection.as_deref().or_else(|| source.properties.get("collection")?.as_str());
        match (named, self.of_file) {
            (Some(id), _) => {
                Collection::from_id(id).ok_or_else(|| format!("the collection {id:?} does not exist"))
            }
            (None, Some(collection)) => Ok(collection),
            (None, None) => Err("the file does not say which collection its records belong to".to_owned()),
        }
    }

    /// Puts our names on the values: by the mapping, or as they stand where they are ours.
    fn name(&self, mut columns: Properties, is_own: bool, draft: &mut Draft) {
        self.mark_seen(&columns);
        let mut moved = Vec::new();
        for rule in self.mapping.into_iter().flat_map(|mapping| &mapping.rules) {
            if let Some(value) = rule.apply(&columns, &mut moved) {
                draft.findings.extend(rule.lowering(draft.collection, &value));
                draft.fields.insert(rule.field.clone(), value);
            }
        }
        let is_by_name = self.mapping.is_none_or(|mapping| mapping.by_name);
        if is_by_name && is_own {
            restore(&mut columns, draft);
        }
        for (name, value) in columns {
            let is_ours = is_by_name && draft.collection.field(&name).is_some();
            if moved.contains(&name) || value.is_null() {
                continue;
            } else if is_ours && !draft.fields.contains_key(&name) {
                draft.fields.insert(name, value);
            } else {
                draft.attributes.insert(name, value);
            }
        }
    }

    /// Tells the plan which columns a table has, even where no row has a value in them.
    pub fn has_columns<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) {
        for (name, seen) in &self.seen {
            seen.fetch_or(names.clone().any(|known| known == *name), Ordering::Relaxed);
        }
    }

    fn mark_seen(&self, columns: &Properties) {
        for (name, seen) in &self.seen {
            if !seen.load(Ordering::Relaxed) && columns.contains_key(*name) {
                seen.store(true, Ordering::Relaxed);
            }
        }
    }

    /// A note for each column that the mapping names and no record had.
    pub fn unseen_columns(&self) -> Vec<Finding> {
        let unseen = self.seen.iter().filter(|(_, seen)| !seen.load(Ordering::Relaxed));
        unseen
            .map(|(name, _)| {
                let message = format!("the mapping names the column {name:?}, which no record has");
                Finding::new("mapping.no_such_column", Severity::Medium, message)
            })
            .collect()
    }
}

/// Whether the record was written by this program: only then its computed values may be left to be computed anew.
fn is_own(source: &Source) -> bool {
    let text = |name: &str| source.properties.get(name).and_then(Value::as_str);
    let id = source.id.as_ref().and_then(Value::as_str).or_else(|| text("id"));
    let review = text("review").and_then(|text| model::codes::REVIEW.read(text));
    review.is_some() && id.is_some_and(is_uuid)
}

/// A UUID as this program writes one: 36 characters.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// A feature's UUID may be a record's; any other identifier is an attribute of the file.
fn keep_id(source: &mut Source, fields: &mut Properties) {
    match source.id.take() {
        None | Some(Value::Null) => {}
        Some(Value::String(id)) if is_uuid(&id) => {
            fields.insert("id".to_owned(), Value::String(id));
        }
        Some(id) => {
            let taken = source.properties.contains_key(FEATURE_ID);
            let name = if taken { "feature_id (beside the properties)" } else { FEATURE_ID };
            source.properties.insert(name.to_owned(), id);
        }
    }
}

/// What only our own files have: attributes and entered coordinates as such; computed values, not believed.
fn restore(columns: &mut Properties, draft: &mut Draft) {
    if let Some(attributes) = columns.shift_remove("attributes") {
        match nested(attributes) {
            Value::Object(attributes) => draft.attributes.extend(attributes),
            Value::Null => {}
            other => drop(draft.attributes.insert("attributes".to_owned(), other)),
        }
    }
    if let Some(as_entered) = columns.shift_remove("as_entered").map(nested).filter(|value| !value.is_null())
    {
        draft.as_entered = Some(as_entered);
    }
    let computed: Vec<String> = columns.keys().filter(|name| Record::is_computed(name)).cloned().collect();
    for name in computed {
        if let Some(value) = columns.shift_remove(&name) {
            draft.fields.entry(name).or_insert(value);
        }
    }
}

/// Tables carry structures as JSON text.
fn nested(value: Value) -> Value {
    match &value {
        Value::String(text) if text.starts_with(['{', '[']) => serde_json::from_str(text).unwrap_or(value),
        _ => value,
    }
}
