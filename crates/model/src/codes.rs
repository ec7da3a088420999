//! The code lists, with labels. Meanings follow IMAS 04.10 (terms), IMAS 07.11 (land release) and the
//! GICHD Minimum Data Requirements, in own words (`docs/GLOSSARY.md`).

use crate::Label;

/// One allowed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The value, lower snake case.
    pub code: &'static str,
    /// Label for people.
    pub label: Label,
}

/// The values a field allows.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Name of the list.
    pub name: &'static str,
    /// The codes, in the order people expect them.
    pub codes: &'static [Code],
}

impl CodeList {
    /// The code that `text` spells, whatever its case, spaces or hyphens.
    pub fn read(&self, text: &str) -> Option<&'static str> {
        let codes = || self.codes.iter().map(|code| code.code);
        // As it is stored: without the allocations of the rest.
        codes().find(|code| *code == text).or_else(|| {
            let spelled = text.trim().to_lowercase().replace([' ', '-'], "_");
            codes().find(|code| *code == spelled)
        })
    }

    /// All codes, comma-separated, for messages that say what is allowed.
    pub fn allowed(&self) -> String {
        self.codes.iter().map(|code| code.code).collect::<Vec<_>>().join(", ")
    }
}

macro_rules! code_lists {
    ($($(#[$doc:meta])* $list:ident = $name:literal { $($code:literal: $en:literal, $uk:literal;)* })*) => {
        $($(#[$doc])* pub static $list: CodeList = CodeList {
            name: $name,
            codes: &[$(Code { code: $code, label: Label { en: $en, uk: $uk } }),*],
        };)*
        /// Every list.
        pub static ALL: &[&CodeList] = &[$(&$list),*];
    };
}

code_lists! {
    /// Who may see a record.
    SHARING = "sharing" {
        "public": "Public", "Відкрито для всіх";
        "partners": "Partners", "Для партнерів";
        "restricted": "Restricted", "Обмежений доступ";
    }
    /// How far a record has been looked at by a second person.
    REVIEW = "review" {
        "unverified": "Unverified", "Не перевірено";
        "verified": "Verified", "Перевірено";
        "approved": "Approved", "Затверджено";
    }
    /// Suspected or confirmed hazardous area (IMAS 07.11).
    CLASSIFICATION = "classification" {
        "suspected": "Suspected hazardous area", "Підозрювана небезпечна ділянка";
        "confirmed": "Confirmed hazardous area", "Підтверджена небезпечна ділянка";
    }
    /// Where the work on an area stands.
    STATUS = "status" {
        "open": "Open", "Відкрита";
        "worked_on": "Being worked on", "Тривають роботи";
        "suspended": "Work suspended", "Роботи призупинено";
        "closed": "Closed", "Закрита";
    }
    /// Kinds of explosive hazard.
    CONTAMINATION = "contamination" {
        "ap_mine": "Anti-personnel mine", "Протипіхотна міна";
        "ap_mine_improvised": "Improvised anti-personnel mine", "Саморобна протипіхотна міна";
        "av_mine": "Anti-vehicle mine", "Протитранспортна міна";
        "cluster_munition_remnant": "Cluster munition remnant", "Касетний боєприпас, що не спрацював";
        "uxo": "Unexploded ordnance", "Боєприпас, що не вибухнув";
        "axo": "Abandoned explosive ordnance", "Покинутий боєприпас";
        "ied": "Improvised explosive device", "Саморобний вибуховий пристрій";
        "booby_trap": "Booby trap", "Міна-пастка";
        "unknown": "Unknown", "Невідомо";
    }
    /// How hazards were laid or delivered.
    EMPLACEMENT = "emplacement" {
        "by_hand": "By hand", "Вручну";
        "mechanical": "By mine-laying machine", "Мінним загороджувачем";
        "rocket": "By rocket", "Ракетою";
        "artillery": "By artillery", "Артилерією";
        "aircraft": "By aircraft", "З літака або гелікоптера";
        "drone": "By drone", "З дрона";
        "unknown": "Unknown", "Невідомо";
    }
    /// How a place is marked on the ground.
    MARKING = "marking" {
        "none": "Not marked", "Не позначено";
        "improvised": "Improvised marking", "Саморобне маркування";
        "permanent": "Permanent marking", "Постійне маркування";
        "fenced": "Fenced", "Огороджено";
        "unknown": "Unknown", "Невідомо";
    }
    /// What the land is, or was, used for.
    LAND_USE = "land_use" {
        "agricultural": "Agricultural", "Сільськогосподарська";
        "residential": "Residential", "Житлова";
        "forest": "Forest", "Ліс";
        "grazing": "Grazing", "Пасовище";
        "road": "Road", "Дорога";
        "railway": "Railway", "Залізниця";
        "power_line": "Power line", "Лінія електропередачі";
        "water": "Water", "Водний об’єкт";
        "industrial": "Industrial", "Промислова";
        "public_facility": "Public facility", "Громадська споруда";
        "other": "Other", "Інше";
    }
    /// Priority given by planners.
    PRIORITY = "priority" {
        "low": "Low", "Низький";
        "medium": "Medium", "Середній";
        "high": "High", "Високий";
    }
    /// What somebody reports.
    REPORT_KIND = "report_kind" {
        "item_seen": "Item seen", "Помічено предмет";
        "accident_heard": "Accident heard of", "Відомо про нещасний випадок";
        "suspicion": "Suspicion", "Підозра";
        "warning_sign": "Warning sign", "Попереджувальний знак";
        "other": "Other", "Інше";
    }
    /// What the office made of a report.
    TRIAGE = "triage" {
        "new": "New", "Нове";
        "verified": "Verified", "Перевірено";
        "duplicate": "Duplicate", "Дублікат";
        "rejected": "Rejected", "Відхилено";
        "converted": "Made into a record", "Перетворено на запис";
    }
    /// Kind of survey (IMAS 08.10, 08.20).
    SURVEY_TYPE = "survey_type" {
        "non_technical": "Non-technical survey", "Нетехнічне обстеження";
        "technical": "Technical survey", "Технічне обстеження";
    }
    /// What a survey found.
    SURVEY_RESULT = "survey_result" {
        "evidence_found": "Evidence found", "Виявлено ознаки забруднення";
        "no_evidence_found": "No evidence found", "Ознак забруднення не виявлено";
        "partly": "Evidence in part of it", "Ознаки на частині ділянки";
    }
    /// How land was released (IMAS 07.11).
    RELEASE_OUTCOME = "release_outcome" {
        "cancelled": "Cancelled", "Скасовано";
        "reduced": "Reduced", "Скорочено";
        "cleared": "Cleared", "Розміновано";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_whatever_its_case_spaces_or_hyphens() {
        assert_eq!(STATUS.read(" Worked-On "), Some("worked_on"));
        assert_eq!(STATUS.read("finished"), None);
    }

    #[test]
    fn no_label_says_that_land_is_safe() {
        for code in ALL.iter().flat_map(|list| list.codes) {
            let english = code.label.en.to_lowercase();
            assert!(!english.contains("safe") && !english.contains("clean"), "{english}");
        }
    }
}
