//! The collections of the register and their fields: the one place where a field is declared.

use crate::codes::*;
use crate::field::Kind::{Code, Codes, Date, Number, Structure, Structures, Text, Texts};
use crate::{Field, Label};

/// A kind of record. Each is a map layer, an import target and an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// Suspected and confirmed hazardous areas.
    HazardousAreas,
    /// Somebody saw or suspects something.
    HazardReports,
    /// Cancelled, reduced and cleared land.
    LandReleases,
    /// Non-technical and technical surveys.
    Surveys,
}

const COMMON: &[Field] = &[
    Field::new("external_id", "Operator's identifier", "Ідентифікатор оператора", Text),
    Field::new("name", "Name", "Назва", Text),
    Field::new("description", "Description", "Опис", Text),
    Field::new("organisation", "Organisation", "Організація", Text),
    Field::new("reported_on", "Reported on", "Дата повідомлення", Date).cautious("today"),
    Field::new("source_document", "Source document", "Документ-джерело", Text),
    Field::new("position_accuracy_m", "Position accuracy", "Точність положення", Number),
    Field::new("sharing", "Sharing", "Доступ", Code(&SHARING)).default("restricted"),
];

const HAZARDOUS_AREAS: &[Field] = &[
    Field::new("classification", "Classification", "Класифікація", Code(&CLASSIFICATION))
        .cautious("suspected"),
    Field::new("status", "Status", "Стан", Code(&STATUS)).cautious("open"),
    Field::new("contamination", "Contamination", "Забруднення", Codes(&CONTAMINATION)).cautious("unknown"),
    Field::new("emplacement", "Emplacement", "Спосіб встановлення", Codes(&EMPLACEMENT)),
    Field::new("evidence", "Evidence", "Ознаки", Structures),
    Field::new("marking", "Marking", "Маркування", Code(&MARKING)),
    Field::new("land_use", "Land use", "Використання землі", Code(&LAND_USE)),
    Field::new("blocked", "Blocked", "Заблоковано", Codes(&LAND_USE)),
    Field::new("terrain", "Terrain", "Рельєф", Text),
    Field::new("vegetation", "Vegetation", "Рослинність", Text),
    Field::new("slope", "Slope", "Схил", Text),
    Field::new("metal_contamination", "Metal contamination", "Засміченість металом", Text),
    Field::new("beneficiaries_direct", "Direct beneficiaries", "Прямі бенефіціари", Structure),
    Field::new("beneficiaries_indirect", "Indirect beneficiaries", "Непрямі бенефіціари", Structure),
    Field::new("priority", "Priority", "Пріоритет", Code(&PRIORITY)),
    Field::new("benchmark", "Benchmark", "Репер", Structure),
    Field::new("reference_point", "Reference point", "Опорна точка", Structure),
    Field::new("perimeter", "Perimeter points", "Точки периметра", Structures),
    Field::new("declared_area_m2", "Declared area", "Заявлена площа", Number),
    Field::new("status_changed_on", "Status changed on", "Дата зміни стану", Date),
    Field::new("status_changed_reason", "Reason for the status change", "Причина зміни стану", Text),
    Field::new("suspended_reason", "Reason for suspension", "Причина призупинення", Text),
];

const HAZARD_REPORTS: &[Field] = &[
    Field::new("kind", "Kind", "Вид", Code(&REPORT_KIND)).cautious("suspicion"),
    Field::new("triage", "Triage", "Розгляд", Code(&TRIAGE)).cautious("new"),
    Field::new("item_category", "Item category", "Категорія предмета", Code(&CONTAMINATION)),
    Field::new("seen_on", "Seen on", "Помічено", Date),
    Field::new("observer_position", "Observer's position", "Місце спостерігача", Structure),
    Field::new("bearing_deg", "Bearing", "Азимут", Number),
    Field::new("distance_m", "Distance", "Відстань", Number),
    Field::new("photos", "Photos", "Світлини", Texts),
    Field::new("reporter", "Reporter (personal data)", "Заявник (персональні дані)", Text),
    Field::new("converted_to", "Converted to", "Перетворено на", Text),
];

const LAND_RELEASES: &[Field] = &[
    Field::new("outcome", "Outcome", "Результат", Code(&RELEASE_OUTCOME)).required(),
    Field::new("hazardous_areas", "Hazardous areas", "Небезпечні ділянки", Texts).required(),
    Field::new("method", "Method", "Метод", Text),
    Field::new("depth_cm", "Searched depth", "Глибина пошуку", Number),
    Field::new("completed_on", "Completed on", "Завершено", Date).required(),
    Field::new("items_found", "Items found", "Виявлені предмети", Structures),
    Field::new("survey", "Survey", "Обстеження", Text),
    Field::new("approved_by", "Approved by", "Затвердив", Text),
    Field::new("approved_on", "Approved on", "Дата затвердження", Date),
];

const SURVEYS: &[Field] = &[
    Field::new("type", "Type", "Вид", Code(&SURVEY_TYPE)),
    Field::new("method", "Method", "Метод", Text),
    Field::new("started_on", "Started on", "Початок", Date),
    Field::new("ended_on", "Ended on", "Завершення", Date),
    Field::new("result", "Result", "Результат", Code(&SURVEY_RESULT)),
    Field::new("team", "Team", "Команда", Text),
];

impl Collection {
    /// Every collection, worst hazard first.
    pub const ALL: [Collection; 4] =
        [Self::HazardousAreas, Self::HazardReports, Self::LandReleases, Self::Surveys];

    /// Identifier in URLs, files and commands.
    pub fn id(self) -> &'static str {
        match self {
            Self::HazardousAreas => "hazardous-areas",
            Self::HazardReports => "hazard-reports",
            Self::LandReleases => "land-releases",
            Self::Surveys => "surveys",
        }
    }

    /// Name of the feature table: the identifier in snake case.
    pub fn table(self) -> &'static str {
        match self {
            Self::HazardousAreas => "hazardous_areas",
            Self::HazardReports => "hazard_reports",
            Self::LandReleases => "land_releases",
            Self::Surveys => "surveys",
        }
    }

    /// The collection that `id` names (identifier or table name).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.id() == id || collection.table() == id)
    }

    /// Label for people.
    pub fn label(self) -> Label {
        match self {
            Self::HazardousAreas => {
                Label { en: "Hazardous areas", uk: "Небезпечні ділянки" }
            }
            Self::HazardReports => {
                Label { en: "Hazard reports", uk: "Повідомлення про небезпеку" }
            }
            Self::LandReleases => Label { en: "Released land", uk: "Вивільнені землі" },
            Self::Surveys => Label { en: "Surveys", uk: "Обстеження" },
        }
    }

    /// What the collection holds, in one sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::HazardousAreas => "Areas where explosive hazards are suspected or confirmed.",
            Self::HazardReports => "What people saw or suspect, until somebody has looked at it.",
            Self::LandReleases => {
                "Land released by cancellation, reduction or clearance; residual risk remains."
            }
            Self::Surveys => "Where somebody has surveyed, and what they found.",
        }
    }

    /// Fields that every record has and fields of this collection, in order.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        COMMON.iter().chain(self.own_fields())
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    fn own_fields(self) -> &'static [Field] {
        match self {
            Self::HazardousAreas => HAZARDOUS_AREAS,
            Self::HazardReports => HAZARD_REPORTS,
            Self::LandReleases => LAND_RELEASES,
            Self::Surveys => SURVEYS,
        }
    }
}

impl std::fmt::Display for Collection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_is_found_by_its_identifier_and_by_its_table() {
        for collection in Collection::ALL {
            assert_eq!(Collection::from_id(collection.id()), Some(collection));
            assert_eq!(Collection::from_id(collection.table()), Some(collection));
        }
        assert_eq!(Collection::from_id("roads"), None);
    }

    #[test]
    fn field_names_are_snake_case_and_used_once() {
        for collection in Collection::ALL {
            let mut names: Vec<_> = collection.fields().map(|field| field.name).collect();
            assert!(
                names
                    .iter()
                    .all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
            );
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{collection}");
        }
    }

    #[test]
    fn a_cautious_code_is_one_of_the_list() {
        for field in Collection::ALL.into_iter().flat_map(Collection::fields) {
            if let (Some(codes), Some(value)) = (field.kind.codes(), field.cautious) {
                assert_eq!(codes.read(value), Some(value), "{}", field.name);
            }
        }
    }
}
