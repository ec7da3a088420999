//! The collections of the register and their fields: the one place where a field is declared.

use crate::codes::*;
use crate::field::Kind::{Code, Codes, Date, Number, Structure, Structures, Text, Texts};
use crate::{Field, Label};

/// A kind of record. Each is an import target and an export; the spatial ones are map layers.
///
/// In the order in which a map draws and a list names them: worst hazard first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// Suspected and confirmed hazardous areas.
    HazardousAreas,
    /// Documented minefields (CCW Amended Protocol II).
    MinefieldRecords,
    /// Somebody saw or suspects something.
    HazardReports,
    /// Items found, moved, destroyed.
    ExplosiveItems,
    /// Accidents with casualty counts, no names.
    Accidents,
    /// Work planned on hazardous areas.
    Tasks,
    /// Cancelled, reduced and cleared land.
    LandReleases,
    /// Non-technical and technical surveys.
    Surveys,
    /// Who works in the programme.
    Organisations,
    /// What partners give.
    Contributions,
    /// Teams, machines, detectors.
    Capacity,
}

/// What a collection is, apart from its fields.
struct Described {
    id: &'static str,
    table: &'static str,
    label: Label,
    description: &'static str,
    geometry: &'static [&'static str],
}

const AREAS: &[&str] = &["Polygon", "MultiPolygon"];

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

const DESCRIBED: [Described; Collection::COUNT] = [
    Described {
        id: "hazardous-areas",
        table: "hazardous_areas",
        label: Label { en: "Hazardous areas", uk: "Небезпечні ділянки" },
        description: "Areas where explosive hazards are suspected or confirmed.",
        geometry: &["Polygon", "MultiPolygon", "Point"],
    },
    Described {
        id: "minefield-records",
        table: "minefield_records",
        label: Label { en: "Minefield records", uk: "Формуляри мінних полів" },
        description: "Documented minefields, as those who laid them recorded them.",
        geometry: &["Polygon", "MultiPolygon", "LineString", "Point"],
    },
    Described {
        id: "hazard-reports",
        table: "hazard_reports",
        label: Label { en: "Hazard reports", uk: "Повідомлення про небезпеку" },
        description: "What people saw or suspect, until somebody has looked at it.",
        geometry: &["Point", "Polygon"],
    },
    Described {
        id: "explosive-items",
        table: "explosive_items",
        label: Label { en: "Explosive items", uk: "Вибухонебезпечні предмети" },
        description: "Items found, moved or destroyed.",
        geometry: &["Point"],
    },
    Described {
        id: "accidents",
        table: "accidents",
        label: Label { en: "Accidents", uk: "Нещасні випадки" },
        description: "Accidents with explosive ordnance: casualty counts by sex and age, no names.",
        geometry: &["Point"],
    },
    Described {
        id: "tasks",
        table: "tasks",
        label: Label { en: "Tasks", uk: "Завдання" },
        description: "Work planned on hazardous areas.",
        geometry: AREAS,
    },
    Described {
        id: "land-releases",
        table: "land_releases",
        label: Label { en: "Released land", uk: "Вивільнені землі" },
        description: "Land released by cancellation, reduction or clearance; residual risk remains.",
        geometry: AREAS,
    },
    Described {
        id: "surveys",
        table: "surveys",
        label: Label { en: "Surveys", uk: "Обстеження" },
        description: "Where somebody has surveyed, and what they found.",
        geometry: AREAS,
    },
    Described {
        id: "organisations",
        table: "organisations",
        label: Label { en: "Organisations", uk: "Організації" },
        description: "Authorities, operators, donors and partners of the programme.",
        geometry: &[],
    },
    Described {
        id: "contributions",
        table: "contributions",
        label: Label { en: "Contributions", uk: "Внески" },
        description: "What partners pledge and deliver: funds, vehicles, detectors, training.",
        geometry: &[],
    },
    Described {
        id: "capacity",
        table: "capacity",
        label: Label { en: "Capacity", uk: "Спроможності" },
        description: "Teams, machines, detectors and dogs that can be tasked.",
        geometry: &[],
    },
];

impl Collection {
    /// How many there are.
    pub const COUNT: usize = 11;

    /// Every collection, worst hazard first.
    pub const ALL: [Collection; Self::COUNT] = [
        Self::HazardousAreas,
        Self::MinefieldRecords,
        Self::HazardReports,
        Self::ExplosiveItems,
        Self::Accidents,
        Self::Tasks,
        Self::LandReleases,
        Self::Surveys,
        Self::Organisations,
        Self::Contributions,
        Self::Capacity,
    ];

    /// Its place in [`Collection::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Identifier in URLs, files and commands.
    pub fn id(self) -> &'static str {
        DESCRIBED[self.index()].id
    }

    /// Name of the feature table: the identifier in snake case.
    pub fn table(self) -> &'static str {
        DESCRIBED[self.index()].table
    }

    /// The collection that `id` names (identifier or table name).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.id() == id || collection.table() == id)
    }

    /// Every identifier, comma-separated, for messages that say what is allowed.
    pub fn allowed() -> String {
        Self::ALL.map(Self::id).join(", ")
    }

    /// Label for people.
    pub fn label(self) -> Label {
        DESCRIBED[self.index()].label
    }

    /// What the collection holds, in one sentence.
    pub fn description(self) -> &'static str {
        DESCRIBED[self.index()].description
    }

    /// GeoJSON names of the geometries that its records have; none for collections without geometry.
    pub fn geometry_types(self) -> &'static [&'static str] {
        DESCRIBED[self.index()].geometry
    }

    /// Whether its records have a place on the map.
    pub fn is_spatial(self) -> bool {
        !self.geometry_types().is_empty()
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
            Self::MinefieldRecords
            | Self::ExplosiveItems
            | Self::Accidents
            | Self::Tasks
            | Self::Organisations
            | Self::Contributions
            | Self::Capacity => &[],
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
