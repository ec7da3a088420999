//! Fields of minefield records (CCW Amended Protocol II, Technical Annex 1), and what is derived from them.

use super::members::{AT, CATEGORY, MODEL, PERIMETER_POINT, QUANTITY, TOLD};
use super::table::*;

pub(super) const MINEFIELD_RECORDS: &[Field] = &[
    Field::new("status", "Status", "Стан", Code(&STATUS)).cautious("open"),
    Field::new("laid_on", "Laid on", "Дата встановлення", Date),
    Field::new("laid_by", "Laid by", "Хто встановив", Text),
    Field::new("laying_method", "Laying method", "Спосіб встановлення", Codes(&EMPLACEMENT)),
    Field::new("pattern", "Pattern", "Схема встановлення", Code(&PATTERN)),
    Field::new("reference_points", "Reference points", "Опорні точки", Structures(REFERENCE_POINT)).help(
        "Two or more points that can be found on the ground, each described.",
        "Дві або більше описані точки, які можна знайти на місцевості.",
    ),
    Field::new("perimeter", "Perimeter points", "Точки периметра", Structures(PERIMETER_POINT)),
    Field::new("mines", "Mines", "Міни", Structures(MINE)),
    Field::new("mine_positions", "Positions of mines", "Положення мін", Structures(MINE_POSITION))
        .help("Each mine, or each row of mines.", "Кожна міна або кожен ряд мін."),
    Field::new("booby_traps", "Booby traps", "Міни-пастки", Structures(BOOBY_TRAP)),
    Field::new("marking", "Marking", "Маркування", Code(&MARKING)),
    Field::new("fence", "Fence", "Огорожа", Text)
        .help("What the fence is made of and where it runs.", "З чого огорожа і де вона проходить."),
    Field::new("held_by", "Held by", "Зберігається в", Text)
        .help("Who keeps the original record.", "Хто зберігає оригінал формуляра."),
    Field::new("handed_over_to", "Handed over to", "Передано кому", Text),
    Field::new("handed_over_on", "Handed over on", "Дата передання", Date),
];

const REFERENCE_POINT: &[Field] = &[AT, TOLD];

const MINE: &[Field] = &[
    MODEL,
    CATEGORY,
    QUANTITY,
    Field::new("fuze", "Fuze", "Підривник", Text),
    Field::new("anti_handling", "Anti-handling device", "Елемент невилучення", Truth),
    Field::new("self_destruct_h", "Self-destructs after", "Самознищення через", Number).help(
        "A declared time: some mines fail to keep it, so it is shown and never acted on.",
        "Заявлений час: не всі міни його дотримують, тому його лише показано.",
    ),
    Field::new("self_deactivate_h", "Self-deactivates after", "Самодеактивація через", Number).help(
        "A declared time: some mines fail to keep it, so it is shown and never acted on.",
        "Заявлений час: не всі міни його дотримують, тому його лише показано.",
    ),
    Field::new("detectable_8g", "Detectable", "Виявляється", Truth).help(
        "Gives at least the signal of 8 g of iron in one piece.",
        "Дає сигнал не слабший, ніж 8 г заліза одним шматком.",
    ),
];

const MINE_POSITION: &[Field] = &[
    Field::new("laid_as", "Laid as", "Що записано", Code(&LAID_AS)),
    AT,
    Field::new("end", "End of the row", "Кінець ряду", Position),
    MODEL,
    QUANTITY,
    TOLD,
];

const BOOBY_TRAP: &[Field] = &[AT, Field::new("mechanism", "Mechanism", "Механізм", Text), TOLD];

/// Computed from the values above.
pub(super) const DERIVED: &[Field] = &[
    Field::new("complete", "Complete", "Повний", Truth)
        .help("Whether nothing that the treaty asks for is missing.", "Чи є все, чого вимагає договір."),
    Field::new("missing", "Missing", "Бракує", Codes(&CCW_ITEM)),
    Field::new(
        "self_deactivates_on",
        "Declared self-deactivation",
        "Заявлена самодеактивація",
        Structure(DECLARED_DATES),
    )
    .help(
        "By the declared times, for display only: mines past it must be expected to work.",
        "За заявленим часом, лише для показу: слід вважати, що міни після цієї дати можуть спрацювати.",
    ),
];

const DECLARED_DATES: &[Field] = &[
    Field::new("earliest", "Earliest", "Найраніше", Date).plan(),
    Field::new("latest", "Latest", "Найпізніше", Date).plan(),
];
