//! Codes of survey, tasks and land release.

code_lists! {
    /// Kind of survey.
    SURVEY_TYPE = "survey_type", "IMAS 08.10; IMAS 08.20" {
        "non_technical": "Non-technical survey", "Нетехнічне обстеження",
            "Looking, asking and reading, without entering hazardous ground.",
            "Огляд, опитування та вивчення документів без заходу на небезпечну землю.";
        "technical": "Technical survey", "Технічне обстеження",
            "Entering the ground with detectors, dogs or machines to find where hazards are.",
            "Захід на ділянку з детекторами, собаками або машинами, щоб з’ясувати, де є небезпека.";
    }
    /// What a survey found.
    SURVEY_RESULT = "survey_result", "IMAS 07.11; IMAS 08.10" {
        "evidence_found": "Evidence found", "Виявлено ознаки забруднення",
            "There is evidence of explosive ordnance.", "Є ознаки вибухонебезпечних предметів.";
        "no_evidence_found": "No evidence found", "Ознак забруднення не виявлено",
            "The survey found no evidence; it does not prove that there is nothing.",
            "Обстеження ознак не виявило; це не доводить, що нічого немає.";
        "partly": "Evidence in part of it", "Ознаки на частині ділянки",
            "There is evidence in a part of the surveyed ground.", "Ознаки є на частині обстеженої землі.";
    }
    /// How land was released.
    RELEASE_OUTCOME = "release_outcome", "IMAS 07.11" {
        "cancelled": "Cancelled", "Скасовано",
            "Released after non-technical survey, which found no evidence of explosive ordnance.",
            "Вивільнено після нетехнічного обстеження, яке не виявило ознак вибухонебезпечних предметів.";
        "reduced": "Reduced", "Скорочено",
            "Released after technical survey, which found no evidence of explosive ordnance.",
            "Вивільнено після технічного обстеження, яке не виявило ознак вибухонебезпечних предметів.";
        "cleared": "Cleared", "Розміновано",
            "Released after a search to a stated depth, with all that was found removed; residual risk remains.",
            "Вивільнено після пошуку на зазначену глибину з вилученням усього знайденого; залишковий ризик є.";
    }
    /// What a task is to do.
    TASK_ACTIVITY = "task_activity", "GICHD Minimum Data Requirements, activity; IMSMA activity type" {
        "non_technical_survey": "Non-technical survey", "Нетехнічне обстеження",
            "Looking, asking and reading, without entering hazardous ground.",
            "Огляд, опитування та вивчення документів без заходу на небезпечну землю.";
        "technical_survey": "Technical survey", "Технічне обстеження",
            "Entering the ground to find where hazards are.", "Захід на ділянку, щоб з’ясувати, де є небезпека.";
        "clearance": "Clearance", "Розмінування",
            "Searching ground to a stated depth and removing what is found.",
            "Пошук на зазначену глибину та вилучення знайденого.";
        "battle_area_clearance": "Battle area clearance", "Очищення району бойових дій",
            "Searching ground where hazards are known not to include mines.",
            "Пошук там, де відомо, що мін серед небезпек немає.";
        "spot_task": "Spot task", "Точкове завдання",
            "Disposing of single items.", "Знешкодження окремих предметів.";
        "marking": "Marking", "Маркування",
            "Setting up or renewing signs and fences.", "Встановлення або оновлення знаків та огорож.";
        "risk_education": "Risk education", "Навчання з питань ризиків",
            "Teaching people about the hazard.", "Навчання людей щодо небезпеки.";
        "quality_check": "Quality check", "Контроль якості",
            "Monitoring or inspecting somebody else's work.", "Моніторинг або перевірка чужої роботи.";
        "other": "Other", "Інше",
            "Something else, described in the text.", "Інше, описано в тексті.";
    }
    /// Where a task stands.
    TASK_STATE = "task_state", "GICHD Minimum Data Requirements, activity status" {
        "planned": "Planned", "Заплановано",
            "Work has not begun.", "Роботи не розпочато.";
        "in_progress": "In progress", "Виконується",
            "Work is going on.", "Роботи тривають.";
        "suspended": "Suspended", "Призупинено",
            "Work has been broken off.", "Роботи перервано.";
        "completed": "Completed", "Завершено",
            "The task is done; what it released stands in its own records.",
            "Завдання виконано; вивільнене зазначено в окремих записах.";
        "abandoned": "Abandoned", "Припинено",
            "The task will not be done.", "Завдання не виконуватимуть.";
    }
}
