//! Fields of organisations, contributions and capacity: who can do what, and what partners give.

use super::members::{MODEL, QUANTITY};
use super::table::*;

pub(super) const ORGANISATIONS: &[Field] = &[
    Field::new("code", "Code", "Код", Text).required().help(
        "Short name by which records say who answers for them.",
        "Коротка назва, якою записи вказують, хто за них відповідає.",
    ),
    Field::new("kind", "Kind", "Вид", Code(&ORGANISATION_KIND)),
    Field::new("country", "Country", "Країна", Text)
        .help("Two letters of ISO 3166-1.", "Дві літери за ISO 3166-1."),
    Field::new("accreditation", "Accreditation", "Акредитація", Structures(ACCREDITATION)).help(
        "What the authority permits, and until when (IMAS 07.30).",
        "Що дозволив уповноважений орган і до якої дати (IMAS 07.30).",
    ),
    Field::new("contact", "Contact", "Контакт", Text)
        .help("An office, not a person.", "Установа, а не особа."),
];

const ACCREDITATION: &[Field] = &[
    Field::new("from", "From", "З", Date),
    Field::new("until", "Until", "До", Date).plan(),
    Field::new("scope", "Scope", "Для чого", Codes(&TASK_ACTIVITY)),
    Field::new("by", "Given by", "Ким надано", Text),
    Field::new("number", "Number", "Номер", Text),
];

pub(super) const CONTRIBUTIONS: &[Field] = &[
    Field::new("contributor", "Contributor", "Хто надає", Reference(Collection::Organisations)).required(),
    Field::new("recipient", "Recipient", "Кому", Reference(Collection::Organisations)),
    Field::new("kind", "Kind", "Вид", Code(&CONTRIBUTION_KIND)),
    MODEL,
    Field::new("pledged_quantity", "Quantity pledged", "Обіцяна кількість", Count),
    Field::new("delivered_quantity", "Quantity delivered", "Надана кількість", Count),
    Field::new("pledged_amount", "Amount pledged", "Обіцяна сума", Number),
    Field::new("delivered_amount", "Amount delivered", "Надана сума", Number),
    Field::new("currency", "Currency", "Валюта", Text)
        .help("Three letters of ISO 4217.", "Три літери за ISO 4217."),
    Field::new("pledged_on", "Pledged on", "Дата обіцянки", Date),
    Field::new("due_on", "Due on", "Очікується", Date).plan(),
    Field::new("delivered_on", "Delivered on", "Дата надання", Date),
    Field::new("tasks", "Tasks", "Завдання", References(Collection::Tasks)).help(
        "Tasks that were done with it: who gave what did how many square metres.",
        "Завдання, виконані завдяки внеску: чий внесок скільки квадратних метрів опрацював.",
    ),
];

pub(super) const CAPACITY: &[Field] = &[
    Field::new("kind", "Kind", "Вид", Code(&CAPACITY_KIND)).required(),
    MODEL,
    QUANTITY,
    Field::new("activities", "Activities", "Види робіт", Codes(&TASK_ACTIVITY))
        .help("What it is accredited for.", "На що є акредитація."),
    Field::new("accreditation_until", "Accredited until", "Акредитовано до", Date).plan(),
    Field::new("available_from", "Available from", "Доступно з", Date).plan(),
    Field::new("available_until", "Available until", "Доступно до", Date).plan(),
    Field::new("based_at", "Based at", "Місце базування", Text),
    Field::new("contribution", "Contribution", "Внесок", Reference(Collection::Contributions))
        .help("What it was given as.", "У межах якого внеску надано."),
];
