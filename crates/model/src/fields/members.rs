//! Members of the structures that several collections share.

use super::table::*;

pub(super) const BEARING_DEG: Field = Field::new("bearing_deg", "Bearing", "Азимут", Number)
    .range(0.0, 360.0)
    .help("Clockwise from true north.", "За годинниковою стрілкою від істинної півночі.");
pub(super) const DISTANCE_M: Field = Field::new("distance_m", "Distance", "Відстань", Number);
pub(super) const AT: Field = Field::new("position", "Position", "Положення", Position);
pub(super) const TOLD: Field = Field::new("description", "Description", "Опис", Text);
pub(super) const QUANTITY: Field = Field::new("quantity", "Quantity", "Кількість", Count);
pub(super) const MODEL: Field = Field::new("model", "Model", "Модель", Text);
pub(super) const CATEGORY: Field = Field::new("category", "Category", "Категорія", Code(&CONTAMINATION));
pub(super) const DEPTH_CM: Field = Field::new("depth_cm", "Depth", "Глибина", Number);

/// People by sex and age (GICHD Minimum Data Requirements).
pub(super) const PEOPLE: &[Field] = &[WOMEN, MEN, GIRLS, BOYS];
/// Casualties by sex and age.
pub(super) const CASUALTIES: &[Field] =
    &[WOMEN, MEN, GIRLS, BOYS, Field::new("unknown", "Sex or age unknown", "Стать або вік невідомі", Count)];

const WOMEN: Field = Field::new("women", "Women", "Жінки", Count);
const MEN: Field = Field::new("men", "Men", "Чоловіки", Count);
const GIRLS: Field = Field::new("girls", "Girls", "Дівчата", Count);
const BOYS: Field = Field::new("boys", "Boys", "Хлопці", Count);

/// One typed point of a perimeter (IMSMA point types and geopoint).
pub(super) const PERIMETER_POINT: &[Field] = &[
    Field::new("type", "Type", "Вид", Code(&POINT_TYPE)),
    AT,
    Field::new("fixed_by", "Fixed by", "Як визначено", Code(&FIXED_BY)),
    BEARING_DEG,
    DISTANCE_M,
    TOLD,
];

/// Items of one kind.
pub(super) const ITEMS: &[Field] = &[CATEGORY, MODEL, QUANTITY];

/// A finding as it is stored.
pub(super) const FINDING: &[Field] = &[
    RULE,
    Field::new("severity", "Severity", "Вага", Text),
    OF_FIELD,
    Field::new("message", "Message", "Повідомлення", Text),
];
/// A finding that somebody has accepted with a reason.
pub(super) const ACCEPTED: &[Field] = &[
    RULE,
    OF_FIELD,
    Field::new("by", "Accepted by", "Прийняв", Text),
    Field::new("on", "Accepted on", "Дата прийняття", Date),
    Field::new("reason", "Reason", "Причина", Text),
];
const RULE: Field = Field::new("rule", "Rule", "Правило", Text);
const OF_FIELD: Field = Field::new("field", "Field", "Поле", Text);
