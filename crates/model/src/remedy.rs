//! What to do about a finding, and which findings an interactive write does not get past.

use crate::{Collection, Finding, Label};

macro_rules! remedies {
    ($($rule:literal: $en:literal, $uk:literal;)*) => {
        const REMEDIES: &[(&str, Label)] = &[$(($rule, Label { en: $en, uk: $uk })),*];
    };
}

remedies! {
    "area.declared_differs":
        "Compare the outline with its source, or correct the declared area.",
        "Порівняйте обрис із джерелом або виправте заявлену площу.";
    "ccw.missing":
        "Ask whoever holds the original record for this item.",
        "Запитайте ці відомості в того, хто зберігає оригінал формуляра.";
    "device.repeated":
        "Enter the device once with the total quantity, or leave it if both entries are right.",
        "Запишіть пристрій один раз із загальною кількістю або залиште, якщо обидва записи правильні.";
    "evidence.missing":
        "Add the evidence on which the class rests; a confirmed area needs a direct one.",
        "Додайте ознаки, на яких ґрунтується класифікація; підтверджена ділянка потребує прямої ознаки.";
    "field.future_date":
        "Correct the date: it cannot lie in the future.",
        "Виправте дату: вона не може бути в майбутньому.";
    "field.missing":
        "Enter the value; until then the most cautious one is assumed where there is one.",
        "Внесіть значення; доти, де можливо, припускається найобережніше.";
    "field.unknown":
        "Use one of the collection's fields, or put the value under attributes.",
        "Скористайтеся одним із полів колекції або перенесіть значення до атрибутів.";
    "field.unknown_member":
        "Use one of the members that the structure has; the value is kept meanwhile.",
        "Скористайтеся одним із полів структури; значення тим часом збережено.";
    "field.unreadable":
        "Enter the value anew as the message says; what was given stands under attributes.",
        "Внесіть значення знову, як зазначено в повідомленні; подане збережено в атрибутах.";
    "file.broken":
        "Ask for the file again: a part of it cannot be read.",
        "Попросіть файл ще раз: частину його неможливо прочитати.";
    "file.counts":
        "Compare the number of records with the sender's.",
        "Порівняйте кількість записів із даними відправника.";
    "file.crs_assumed":
        "Ask in which reference system the file is, and import it again with that one.",
        "З’ясуйте систему координат файлу та імпортуйте його знову, вказавши її.";
    "file.dbf":
        "Ask for the attribute table of the file again.",
        "Попросіть таблицю атрибутів файлу ще раз.";
    "file.encoding_assumed":
        "Look whether the texts are readable; otherwise import again with the right encoding.",
        "Перевірте, чи тексти читаються; якщо ні — імпортуйте знову з правильним кодуванням.";
    "file.layer_not_read":
        "Import the other layers one by one, naming each.",
        "Імпортуйте інші шари по одному, вказуючи кожен.";
    "file.no_geometry":
        "Name the columns of the coordinates in a mapping.",
        "Укажіть стовпці координат у відповідності полів.";
    "file.no_records":
        "Ask whether the file is the right one: it has no records.",
        "З’ясуйте, чи це той файл: у ньому немає записів.";
    "geometry.axes_swapped":
        "Check whether longitude and latitude were exchanged, and enter them the other way round.",
        "Перевірте, чи не переставлено довготу й широту, і внесіть їх навпаки.";
    "geometry.collinear":
        "Check the points of the outline: they make a line, not an area.",
        "Перевірте точки обрису: вони утворюють лінію, а не площу.";
    "geometry.duplicate":
        "Compare both records; withdraw one if they are the same hazard.",
        "Порівняйте обидва записи; якщо це та сама небезпека, відкличте один.";
    "geometry.duplicate_point":
        "Remove the repeated point.",
        "Вилучіть повторену точку.";
    "geometry.invalid_ring":
        "Check the order of the points against the source; until then a covering shape is drawn.",
        "Звірте порядок точок із джерелом; доти показано обрис, що все покриває.";
    "geometry.kind":
        "Enter the shape that the collection takes, or the record in another collection.",
        "Внесіть обрис дозволеного для колекції виду або перенесіть запис до іншої колекції.";
    "geometry.missing":
        "Find out where it is and enter the place.",
        "З’ясуйте, де це, і внесіть місце.";
    "geometry.not_converted":
        "Check the reference system of the coordinates, and enter the place anew.",
        "Перевірте систему координат і внесіть місце знову.";
    "geometry.out_of_range":
        "Check the reference system and the order of the coordinates, and enter the place anew.",
        "Перевірте систему й порядок координат і внесіть місце знову.";
    "geometry.outside_programme":
        "Check the coordinates and their reference system: the place lies outside the programme's area.",
        "Перевірте координати та їхню систему: місце лежить поза територією програми.";
    "geometry.overlap":
        "Compare both outlines with their sources; correct the one that is wrong.",
        "Порівняйте обидва обриси з джерелами; виправте помилковий.";
    "geometry.points_far_apart":
        "Check both points: outlines of this size are rare.",
        "Перевірте обидві точки: обриси такого розміру трапляються рідко.";
    "geometry.position_zero":
        "Enter the true place, or none: 0, 0 usually stands for a missing value.",
        "Внесіть справжнє місце або жодного: 0, 0 зазвичай означає відсутнє значення.";
    "geometry.ring_not_closed":
        "Check that no point is missing at the end of the outline.",
        "Перевірте, чи не бракує точки наприкінці обрису.";
    "geometry.too_few_points":
        "Enter at least three different points, or a point with its accuracy.",
        "Внесіть щонайменше три різні точки або одну точку з точністю.";
    "geometry.unreadable":
        "Enter the place anew; what was given is kept as entered.",
        "Внесіть місце знову; подане збережено як введено.";
    "limit.properties":
        "Split the record, or leave out columns that the register does not need.",
        "Поділіть запис або вилучіть стовпці, які реєстру не потрібні.";
    "limit.text":
        "Shorten the text, or attach it as a document.",
        "Скоротіть текст або додайте його як документ.";
    "limit.vertices":
        "Split the area into several records.",
        "Поділіть ділянку на кілька записів.";
    "mapping.closes_hazard":
        "Check that the mapping closes only records that were closed by a decision.",
        "Перевірте, чи відповідність закриває лише записи, закриті рішенням.";
    "mapping.no_such_column":
        "Correct the column's name in the mapping.",
        "Виправте назву стовпця у відповідності.";
    "record.cells":
        "Check the row in the file: it has more or fewer cells than the header.",
        "Перевірте рядок у файлі: клітинок у ньому не стільки, скільки в заголовку.";
    "record.change_needs_approval":
        "A second person compares both records, and approves or rejects the change.",
        "Інша особа порівнює обидва записи та затверджує або відхиляє зміну.";
    "record.collection":
        "Say which collection the records belong to.",
        "Укажіть, до якої колекції належать записи.";
    "record.duplicate":
        "Check whether it is one hazard entered twice; withdraw one of the records if so.",
        "Перевірте, чи не внесено одну небезпеку двічі; якщо так, відкличте один запис.";
    "record.json_mended":
        "Ask the sender for a file that is valid JSON.",
        "Попросіть у відправника файл із правильним JSON.";
    "record.properties":
        "Ask the sender for the record's properties again.",
        "Попросіть у відправника властивості запису ще раз.";
    "record.proposed_before":
        "Decide on the proposal that waits; the same change is not proposed twice.",
        "Ухваліть рішення щодо пропозиції, яка очікує; ту саму зміну не пропонують двічі.";
    "record.same_id":
        "Find out which of the records has the identifier, and correct the other.",
        "З’ясуйте, якому із записів належить ідентифікатор, і виправте інший.";
    "record.unreadable":
        "Ask the sender for the record again; nothing of it was written.",
        "Попросіть запис у відправника ще раз; нічого з нього не внесено.";
    "record.withdrawn":
        "Look at the history of the withdrawn record; enter the hazard anew if it is there after all.",
        "Перегляньте історію відкликаного запису; якщо небезпека все ж є, внесіть її знову.";
    "release.method_missing":
        "Name the survey, or the depth searched, on which the release rests.",
        "Укажіть обстеження або глибину пошуку, на яких ґрунтується вивільнення.";
    "release.other_hazard":
        "Check the other hazard there: the release leaves it on the map.",
        "Перевірте іншу небезпеку в цьому місці: вивільнення лишає її на мапі.";
    "release.outside_areas":
        "Correct the outline, or name every hazardous area that the release covers.",
        "Виправте обрис або вкажіть усі небезпечні ділянки, яких стосується вивільнення.";
}

/// What to do about a finding of this rule.
pub fn remedy(rule: &str) -> Option<Label> {
    REMEDIES.iter().find(|(name, _)| *name == rule).map(|(_, label)| *label)
}

/// Whether an interactive write with this finding is refused: what a person at a form can put right at once.
/// An import is never refused for it.
///
/// Of a place's absence a minefield record is let off: what an army handed over may be all there is.
pub fn refuses(collection: Collection, finding: &Finding) -> bool {
    match finding.rule.as_str() {
        "field.unreadable"
        | "field.unknown"
        | "field.missing"
        | "field.future_date"
        | "evidence.missing"
        | "release.method_missing"
        | "geometry.out_of_range"
        | "geometry.too_few_points"
        | "geometry.kind" => true,
        "geometry.missing" => {
            collection.is_spatial() && !matches!(collection, Collection::Tasks | Collection::MinefieldRecords)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use std::path::Path;

    /// The names that sources of ours give to `Finding::new`.
    fn rules_in(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
                rules_in(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let calls = text.split("Finding::new(").skip(1).map(str::trim_start);
                let names = calls.filter_map(|call| call.strip_prefix('"')?.split('"').next());
                found.extend(names.filter(|name| !name.contains(' ')).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_rule_that_any_crate_can_raise_has_a_remedy() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut rules = Vec::new();
        for entry in std::fs::read_dir(crates).expect("the crates").flatten() {
            let sources = entry.path().join("src");
            if sources.is_dir() {
                rules_in(&sources, &mut rules);
            }
        }
        assert!(rules.len() > 20, "{rules:?}");
        for rule in rules {
            assert!(remedy(&rule).is_some(), "{rule}");
        }
    }

    #[test]
    fn remedies_are_listed_once_and_in_order() {
        let rules: Vec<_> = REMEDIES.iter().map(|(rule, _)| *rule).collect();
        let mut sorted = rules.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(rules, sorted);
    }

    #[test]
    fn a_form_refuses_what_its_author_can_put_right_and_lets_the_rest_pass_with_a_finding() {
        let refused = |collection, rule| refuses(collection, &Finding::new(rule, Severity::Low, ""));
        for rule in ["field.missing", "evidence.missing", "geometry.missing", "geometry.kind"] {
            assert!(refused(Collection::HazardousAreas, rule), "{rule}");
        }
        for rule in [
            "geometry.invalid_ring",
            "geometry.position_zero",
            "geometry.axes_swapped",
            "geometry.points_far_apart",
            "area.declared_differs",
            "field.unknown_member",
            "ccw.missing",
        ] {
            assert!(!refused(Collection::HazardousAreas, rule), "{rule}");
        }
        assert!(!refused(Collection::MinefieldRecords, "geometry.missing"));
        assert!(!refused(Collection::Tasks, "geometry.missing"));
    }
}
