//! Codes of minefield records, as CCW Amended Protocol II asks for them.

code_lists! {
    /// How the mines of a field lie.
    PATTERN = "pattern", "CCW Amended Protocol II, Technical Annex 1" {
        "rows": "Rows", "Рядами",
            "The mines lie in rows whose positions are recorded.", "Міни лежать рядами, положення яких записано.";
        "scattered": "Scattered", "Розкидані",
            "The mines lie without order over an area.", "Міни лежать на площі без порядку.";
        "clusters": "Clusters", "Групами",
            "The mines lie in groups.", "Міни лежать групами.";
        "single": "Single", "Поодинокі",
            "Single mines at chosen places.", "Окремі міни у вибраних місцях.";
    }
    /// What one entry of the mine positions stands for.
    LAID_AS = "laid_as", "CCW Amended Protocol II, Technical Annex 1(a)(iv)" {
        "mine": "One mine", "Одна міна",
            "The position of a single mine.", "Положення окремої міни.";
        "row": "Row of mines", "Ряд мін",
            "The beginning and the end of a row of mines.", "Початок і кінець ряду мін.";
    }
    /// What a complete minefield record holds.
    CCW_ITEM = "ccw_item", "CCW Amended Protocol II, Technical Annex 1" {
        "reference_points": "Reference points", "Опорні точки",
            "At least two reference points that can be found on the ground, each described.",
            "Щонайменше дві описані опорні точки, які можна знайти на місцевості.";
        "perimeter": "Perimeter", "Периметр",
            "The outline of the field, as an area or as points.", "Обрис поля: площею або точками.";
        "laid_on": "Date of laying", "Дата встановлення",
            "When the mines were laid.", "Коли встановлено міни.";
        "laying_method": "Laying method", "Спосіб встановлення",
            "How the mines were laid or delivered.", "Як міни встановлено або доставлено.";
        "mine_types": "Types of mines", "Типи мін",
            "The model or the category of every entry of the mine list.",
            "Модель або категорія в кожному рядку переліку мін.";
        "mine_quantities": "Number of mines", "Кількість мін",
            "How many mines of each type were laid.", "Скільки мін кожного типу встановлено.";
        "fuzes": "Fuzes", "Підривники",
            "The fuze of each type of mine.", "Підривник кожного типу мін.";
        "anti_handling": "Anti-handling devices", "Елементи невилучення",
            "Whether each type of mine has an anti-handling device.",
            "Чи має кожен тип мін елемент невилучення.";
        "life_times": "Life times", "Строки дії",
            "The declared self-destruct or self-deactivation time of mines delivered from a distance.",
            "Заявлений час самознищення або самодеактивації мін, установлених дистанційно.";
        "mine_positions": "Positions of mines", "Положення мін",
            "Where each mine, or each row of mines, lies.", "Де лежить кожна міна або кожен ряд мін.";
        "booby_traps": "Booby traps", "Міни-пастки",
            "The position and the mechanism of each booby trap.", "Положення та механізм кожної міни-пастки.";
        "held_by": "Custody", "Зберігання",
            "Who keeps the original record.", "Хто зберігає оригінал формуляра.";
    }
}
