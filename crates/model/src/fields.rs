//! The fields of every collection: the one place where a field is declared. A new one is a line in a table here.
//!
//! They follow the GICHD Minimum Data Requirements (2018) and, for minefield records, CCW Amended Protocol II.

use crate::codes::SHARING;
use crate::field::Kind::{Code, Codes, Count, Date, Number, Structure, Structures, Text, Texts, Truth};
use crate::limits::POSITION_ACCURACY_M_MAX;
use crate::{Collection, Field};

mod areas;
mod members;
mod minefields;
mod partners;
mod sightings;
mod work;

const EXTERNAL_ID: Field =
    Field::new("external_id", "Operator's identifier", "Ідентифікатор оператора", Text).help(
        "The operator's own identifier, unique in its organisation and collection; the same file again is known by it.",
        "Власний ідентифікатор оператора, єдиний у його організації та колекції; за ним упізнають той самий файл.",
    );
const NAME: Field = Field::new("name", "Name", "Назва", Text);
const DESCRIPTION: Field = Field::new("description", "Description", "Опис", Text);
const ORGANISATION: Field = Field::new("organisation", "Organisation", "Організація", Text).help(
    "Code of the organisation that answers for the record.",
    "Код організації, яка відповідає за запис.",
);
const REPORTED_ON: Field =
    Field::new("reported_on", "Reported on", "Дата повідомлення", Date).cautious("today");
const SOURCE_DOCUMENT: Field = Field::new("source_document", "Source document", "Документ-джерело", Text);
const POSITION_ACCURACY_M: Field =
    Field::new("position_accuracy_m", "Position accuracy", "Точність положення", Number)
        .range(0.0, POSITION_ACCURACY_M_MAX)
        .help(
            "How far the true place may lie from the recorded one; distances are reckoned from its edge.",
            "Як далеко справжнє місце може бути від записаного; відстані рахують від цієї межі.",
        );
const SHARED_WITH: Field = Field::new("sharing", "Sharing", "Доступ", Code(&SHARING)).default("restricted");

/// Fields of every record that has a place.
const COMMON: &[Field] = &[
    EXTERNAL_ID,
    NAME,
    DESCRIPTION,
    ORGANISATION,
    REPORTED_ON,
    SOURCE_DOCUMENT,
    POSITION_ACCURACY_M,
    SHARED_WITH,
];

/// Fields of every record that has none.
const COMMON_WITHOUT_PLACE: &[Field] =
    &[EXTERNAL_ID, NAME, DESCRIPTION, ORGANISATION, REPORTED_ON, SOURCE_DOCUMENT, SHARED_WITH];

/// Capacity belongs to somebody.
const COMMON_OF_CAPACITY: &[Field] =
    &[EXTERNAL_ID, NAME, DESCRIPTION, ORGANISATION.required(), REPORTED_ON, SOURCE_DOCUMENT, SHARED_WITH];

/// Fields that the register shares between collections.
pub(crate) fn common(collection: Collection) -> &'static [Field] {
    match collection {
        Collection::Organisations | Collection::Contributions => COMMON_WITHOUT_PLACE,
        Collection::Capacity => COMMON_OF_CAPACITY,
        Collection::HazardousAreas
        | Collection::MinefieldRecords
        | Collection::HazardReports
        | Collection::ExplosiveItems
        | Collection::Accidents
        | Collection::Tasks
        | Collection::LandReleases
        | Collection::Surveys => COMMON,
    }
}

/// Fields that only this collection has.
pub(crate) fn own(collection: Collection) -> &'static [Field] {
    match collection {
        Collection::HazardousAreas => areas::HAZARDOUS_AREAS,
        Collection::MinefieldRecords => minefields::MINEFIELD_RECORDS,
        Collection::HazardReports => sightings::HAZARD_REPORTS,
        Collection::ExplosiveItems => sightings::EXPLOSIVE_ITEMS,
        Collection::Accidents => sightings::ACCIDENTS,
        Collection::Tasks => work::TASKS,
        Collection::LandReleases => work::LAND_RELEASES,
        Collection::Surveys => work::SURVEYS,
        Collection::Organisations => partners::ORGANISATIONS,
        Collection::Contributions => partners::CONTRIBUTIONS,
        Collection::Capacity => partners::CAPACITY,
    }
}

/// Values that the register computes for a stored record of the collection. No file and no request sets them.
pub(crate) fn computed(collection: Collection) -> impl Iterator<Item = &'static Field> {
    let measured = if collection.is_spatial() { MEASURED } else { &[] };
    let derived = if collection == Collection::MinefieldRecords { minefields::DERIVED } else { &[] };
    measured.iter().chain(derived).chain(ASSIGNED)
}

const MEASURED: &[Field] = &[
    Field::new("area_m2", "Area", "Площа", Number).help("On the WGS 84 ellipsoid.", "На еліпсоїді WGS 84."),
    Field::new("length_m", "Length", "Довжина", Number).help(
        "On the WGS 84 ellipsoid: the perimeter of an area, the length of a line.",
        "На еліпсоїді WGS 84: периметр площі, довжина лінії.",
    ),
    Field::new("admin", "Administrative units", "Адміністративні одиниці", Texts).help(
        "Codes of the units it touches, where the operator has loaded a layer of them.",
        "Коди одиниць, яких він торкається, якщо оператор завантажив їхній шар.",
    ),
];

const ASSIGNED: &[Field] = &[
    Field::new("review", "Review", "Перевірка", Code(&crate::codes::REVIEW)),
    Field::new("withdrawn", "Withdrawn", "Відкликано", Truth).help(
        "An approved decision says that the record was wrong; it stays in the history.",
        "Затвердженим рішенням запис визнано помилковим; він лишається в історії.",
    ),
    Field::new(
        "accepted_findings",
        "Accepted findings",
        "Прийняті зауваження",
        Structures(members::ACCEPTED),
    ),
    Field::new("findings", "Findings", "Зауваження", Structures(members::FINDING)),
    Field::new("revision", "Revision", "Ревізія", Count),
    Field::new("recorded_at", "Recorded at", "Внесено", Text),
    Field::new("recorded_by", "Recorded by", "Вніс", Text),
];

#[allow(unused_imports, reason = "the tables of the topics take their kinds from here")]
mod table {
    pub(super) use super::{Code, Codes, Count, Date, Number, Structure, Structures, Text, Texts, Truth};
    pub(super) use crate::Collection;
    pub(super) use crate::codes::*;
    pub(super) use crate::field::Field;
    pub(super) use crate::field::Kind::{Position, Reference, References};
}
