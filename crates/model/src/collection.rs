//! The collections of the register.

use crate::{Field, Label, fields};

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

    /// Whether a record without a place is one to look for: a task may lie where its areas lie.
    pub fn needs_place(self) -> bool {
        self.is_spatial() && self != Self::Tasks
    }

    /// Fields that every record has and fields of this collection, in order.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        fields::common(self).iter().chain(fields::own(self))
    }

    /// What the register computes or assigns itself, in the order of the stored form. Nobody enters it.
    pub fn computed(self) -> impl Iterator<Item = &'static Field> {
        fields::computed(self)
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
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
