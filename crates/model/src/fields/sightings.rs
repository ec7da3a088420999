//! Fields of what people saw, found or suffered: reports, items, accidents.

use super::members::{BEARING_DEG, CASUALTIES, CATEGORY, DEPTH_CM, DISTANCE_M, MODEL, QUANTITY};
use super::table::*;

pub(super) const HAZARD_REPORTS: &[Field] = &[
    Field::new("kind", "Kind", "Вид", Code(&REPORT_KIND)).cautious("suspicion"),
    Field::new("triage", "Triage", "Розгляд", Code(&TRIAGE)).cautious("new"),
    Field::new("item_category", "Item category", "Категорія предмета", Code(&CONTAMINATION)),
    Field::new("seen_on", "Seen on", "Помічено", Date),
    Field::new("observer_position", "Observer's position", "Місце спостерігача", Position).help(
        "Where the observer stood; with bearing and distance it places the report, so that nobody has to go nearer.",
        "Де стояв спостерігач; разом з азимутом і відстанню визначає місце, щоб ніхто не підходив ближче.",
    ),
    BEARING_DEG,
    DISTANCE_M,
    Field::new("photos", "Photos", "Світлини", Texts),
    Field::new("reporter", "Reporter (personal data)", "Заявник (персональні дані)", Text)
        .personal()
        .help(
            "Never published; read only by those who verify reports of the organisation.",
            "Ніколи не публікується; читають лише ті, хто перевіряє повідомлення організації.",
        ),
    Field::new("converted_to", "Converted to", "Перетворено на", Reference(Collection::HazardousAreas)),
];

pub(super) const EXPLOSIVE_ITEMS: &[Field] = &[
    CATEGORY,
    MODEL,
    QUANTITY,
    Field::new("found_on", "Found on", "Дата виявлення", Date),
    DEPTH_CM,
    Field::new("condition", "Condition", "Стан предмета", Code(&ITEM_CONDITION)),
    Field::new("disposal", "Disposal", "Спосіб знешкодження", Code(&ITEM_DISPOSAL)),
    Field::new("disposed_on", "Disposed of on", "Дата знешкодження", Date).help(
        "Until this date is given the item counts as still there.",
        "Поки дати немає, вважається, що предмет ще на місці.",
    ),
];

pub(super) const ACCIDENTS: &[Field] = &[
    Field::new("type", "Type", "Вид", Code(&ACCIDENT_TYPE)),
    Field::new("occurred_on", "Occurred on", "Дата події", Date),
    Field::new("killed", "Killed", "Загинули", Structure(CASUALTIES)),
    Field::new("injured", "Injured", "Поранені", Structure(CASUALTIES)),
    Field::new("activity", "Activity", "Діяльність", Text)
        .help("What people were doing; no names.", "Чим займалися люди; без імен."),
    Field::new("device_category", "Device category", "Категорія пристрою", Code(&CONTAMINATION)),
];
