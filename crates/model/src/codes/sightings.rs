//! Codes of what people saw, found or suffered: reports, items, accidents.

code_lists! {
    /// What somebody reports.
    REPORT_KIND = "report_kind", "GICHD Minimum Data Requirements, evidence" {
        "item_seen": "Item seen", "Помічено предмет",
            "Somebody has seen an item.", "Хтось бачив предмет.";
        "accident_heard": "Accident heard of", "Відомо про нещасний випадок",
            "Somebody has heard of an accident or an explosion.", "Хтось чув про нещасний випадок або вибух.";
        "suspicion": "Suspicion", "Підозра",
            "Somebody suspects a hazard for another reason.", "Хтось підозрює небезпеку з іншої причини.";
        "warning_sign": "Warning sign", "Попереджувальний знак",
            "Somebody has seen a warning sign or a marking.", "Хтось бачив попереджувальний знак або маркування.";
        "other": "Other", "Інше",
            "Something else, described in the text.", "Інше, описано в тексті.";
    }
    /// What the office made of a report.
    TRIAGE = "triage", "IMAS 05.10, validation" {
        "new": "New", "Нове",
            "Nobody has dealt with the report yet.", "Повідомлення ще ніхто не розглянув.";
        "verified": "Verified", "Перевірено",
            "Somebody has checked the report and it holds.", "Повідомлення перевірено, воно підтвердилося.";
        "duplicate": "Duplicate", "Дублікат",
            "Another report or record says the same.", "Те саме зазначено в іншому повідомленні чи записі.";
        "rejected": "Rejected", "Відхилено",
            "Somebody has checked the report and it does not hold.",
            "Повідомлення перевірено, воно не підтвердилося.";
        "converted": "Made into a record", "Перетворено на запис",
            "The report has become a record of its own.", "За повідомленням створено окремий запис.";
    }
    /// In what state an item was found.
    ITEM_CONDITION = "item_condition", "GICHD Minimum Data Requirements, device condition; IMAS 09.30" {
        "fuzed": "Fuzed", "З підривником",
            "A fuze is fitted.", "Підривник установлено.";
        "unfuzed": "Not fuzed", "Без підривника",
            "No fuze is fitted.", "Підривник не встановлено.";
        "damaged": "Damaged", "Пошкоджений",
            "Broken, burnt or corroded.", "Розбитий, обгорілий або кородований.";
        "partly_functioned": "Partly functioned", "Частково спрацював",
            "It has worked in part and explosive remains.", "Спрацював частково, вибухівка залишилася.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has established the condition.", "Стан не встановлено.";
    }
    /// What was done with an item.
    ITEM_DISPOSAL = "item_disposal", "GICHD Minimum Data Requirements, disposal method; IMAS 09.30" {
        "destroyed_in_place": "Destroyed in place", "Знищено на місці",
            "Destroyed where it lay.", "Знищено там, де лежав.";
        "moved_and_destroyed": "Moved and destroyed", "Переміщено і знищено",
            "Moved and destroyed elsewhere.", "Переміщено та знищено в іншому місці.";
        "disarmed": "Disarmed", "Знешкоджено",
            "Made unable to function, without destroying it.", "Позбавлено здатності спрацювати без знищення.";
        "handed_over": "Handed over", "Передано",
            "Given to another organisation to be disposed of.", "Передано іншій організації для знищення.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has recorded what was done.", "Немає відомостей про вжиті дії.";
    }
    /// What caused an accident, or where it happened.
    ACCIDENT_TYPE = "accident_type", "IMSMA accident type (GICHD); IMAS 10.60" {
        "mine": "Mine accident", "Підрив на міні",
            "A mine caused it.", "Спричинила міна.";
        "cluster_munition": "Cluster munition accident", "Вибух касетного боєприпасу",
            "A submunition or bomblet caused it.", "Спричинив суббоєприпас.";
        "uxo_axo": "Unexploded or abandoned ordnance accident",
            "Вибух боєприпасу, що не спрацював або покинутий",
            "Unexploded or abandoned ordnance caused it.",
            "Спричинив боєприпас, що не вибухнув, або покинутий боєприпас.";
        "ied": "Improvised device accident", "Вибух саморобного пристрою",
            "An improvised explosive device caused it.", "Спричинив саморобний вибуховий пристрій.";
        "demining": "Demining accident", "Нещасний випадок під час розмінування",
            "It happened at a demining workplace.", "Стався на робочому місці розмінування.";
        "other": "Other", "Інше",
            "Another or an unknown cause.", "Інша або невідома причина.";
    }
}
