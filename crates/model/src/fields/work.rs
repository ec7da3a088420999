//! Fields of tasks, surveys and land release.

use super::members::ITEMS;
use super::table::*;

const HAZARDOUS_AREAS: Field = Field::new(
    "hazardous_areas",
    "Hazardous areas",
    "Небезпечні ділянки",
    References(Collection::HazardousAreas),
);

pub(super) const TASKS: &[Field] = &[
    HAZARDOUS_AREAS,
    Field::new("activity", "Activity", "Вид робіт", Code(&TASK_ACTIVITY)),
    Field::new("state", "State", "Стан", Code(&TASK_STATE)),
    Field::new("team", "Team", "Команда", Reference(Collection::Capacity)),
    Field::new("planned_start", "Planned start", "Плановий початок", Date).plan(),
    Field::new("planned_end", "Planned end", "Планове завершення", Date).plan(),
    Field::new("progress_m2", "Progress", "Виконано", Number)
        .help("Worked so far; it releases nothing.", "Опрацьовано досі; це нічого не вивільняє."),
];

pub(super) const LAND_RELEASES: &[Field] = &[
    Field::new("outcome", "Outcome", "Результат", Code(&RELEASE_OUTCOME)).required(),
    HAZARDOUS_AREAS.required(),
    Field::new("method", "Method", "Метод", Text),
    Field::new("depth_cm", "Searched depth", "Глибина пошуку", Number),
    Field::new("completed_on", "Completed on", "Завершено", Date).required(),
    Field::new("items_found", "Items found", "Виявлені предмети", Structures(ITEMS)),
    Field::new("survey", "Survey", "Обстеження", Reference(Collection::Surveys)),
    Field::new("approved_by", "Approved by", "Затвердив", Text),
    Field::new("approved_on", "Approved on", "Дата затвердження", Date),
];

pub(super) const SURVEYS: &[Field] = &[
    Field::new("type", "Type", "Вид", Code(&SURVEY_TYPE)),
    Field::new("method", "Method", "Метод", Text),
    Field::new("started_on", "Started on", "Початок", Date),
    Field::new("ended_on", "Ended on", "Завершення", Date),
    Field::new("result", "Result", "Результат", Code(&SURVEY_RESULT)),
    Field::new("team", "Team", "Команда", Text),
];
