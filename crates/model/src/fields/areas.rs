//! Fields of hazardous areas.

use super::members::{AT, PEOPLE, PERIMETER_POINT};
use super::table::*;

pub(super) const HAZARDOUS_AREAS: &[Field] = &[
    Field::new("classification", "Classification", "Класифікація", Code(&CLASSIFICATION))
        .cautious("suspected"),
    Field::new("status", "Status", "Стан", Code(&STATUS)).cautious("open"),
    Field::new("contamination", "Contamination", "Забруднення", Codes(&CONTAMINATION)).cautious("unknown"),
    Field::new("emplacement", "Emplacement", "Спосіб встановлення", Codes(&EMPLACEMENT)),
    Field::new("evidence", "Evidence", "Ознаки", Structures(EVIDENCE)).help(
        "What the class rests on: suspected needs some, confirmed needs a direct one.",
        "На чому ґрунтується класифікація: для підозрюваної потрібна будь-яка, для підтвердженої — пряма ознака.",
    ),
    Field::new("marking", "Marking", "Маркування", Code(&MARKING)),
    Field::new("land_use", "Land use", "Використання землі", Code(&LAND_USE)),
    Field::new("blocked", "Blocked", "Заблоковано", Codes(&LAND_USE))
        .help("Uses that the hazard prevents.", "Види використання, яким заважає небезпека."),
    Field::new("terrain", "Terrain", "Рельєф", Text),
    Field::new("vegetation", "Vegetation", "Рослинність", Text),
    Field::new("slope", "Slope", "Схил", Text),
    Field::new("metal_contamination", "Metal contamination", "Засміченість металом", Text),
    Field::new("beneficiaries_direct", "Direct beneficiaries", "Прямі бенефіціари", Structure(PEOPLE))
        .help("People who will use the land itself.", "Люди, які користуватимуться самою землею."),
    Field::new("beneficiaries_indirect", "Indirect beneficiaries", "Непрямі бенефіціари", Structure(PEOPLE))
        .help("People who gain from its use by others.", "Люди, яким стане краще від користування нею іншими."),
    Field::new("priority", "Priority", "Пріоритет", Code(&PRIORITY)),
    Field::new("benchmark", "Benchmark", "Репер", Position).help(
        "A fixed point a short way outside, from which the area is measured.",
        "Закріплена точка неподалік від межі, від якої вимірюють ділянку.",
    ),
    Field::new("reference_point", "Reference point", "Опорна точка", Position).help(
        "A lasting, easily found object from which the way to the benchmark starts.",
        "Довговічний, легко впізнаваний об’єкт, від якого прямують до репера.",
    ),
    Field::new("perimeter", "Perimeter points", "Точки периметра", Structures(PERIMETER_POINT)),
    Field::new("declared_area_m2", "Declared area", "Заявлена площа", Number)
        .help("As the source states it; the computed area stands beside it.",
              "Як зазначено в джерелі; поруч стоїть обчислена площа."),
    Field::new("status_changed_on", "Status changed on", "Дата зміни стану", Date),
    Field::new("status_changed_reason", "Reason for the status change", "Причина зміни стану", Text),
    Field::new("suspended_reason", "Reason for suspension", "Причина призупинення", Text),
];

const EVIDENCE: &[Field] = &[
    Field::new("kind", "Kind", "Вид", Code(&EVIDENCE_KIND)),
    Field::new("type", "Type", "Тип", Code(&EVIDENCE_TYPE)),
    Field::new("source", "Source", "Джерело", Code(&EVIDENCE_SOURCE)),
    Field::new("note", "Note", "Примітка", Text),
    AT,
];
