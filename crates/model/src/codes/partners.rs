//! Codes of organisations, contributions and capacity.

code_lists! {
    /// What part an organisation has in the programme.
    ORGANISATION_KIND = "organisation_kind", "IMAS 02.10; IMAS 07.30" {
        "authority": "Authority", "Уповноважений орган",
            "Sets the rules and approves the release of land.", "Встановлює правила та затверджує вивільнення земель.";
        "centre": "Mine action centre", "Центр протимінної діяльності",
            "Coordinates the work and keeps the register.", "Координує роботи та веде реєстр.";
        "operator": "Operator", "Оператор",
            "Surveys, searches or teaches on the ground.", "Обстежує, розміновує або навчає на місцях.";
        "donor": "Donor", "Донор",
            "Gives money, equipment or training.", "Надає кошти, обладнання або навчання.";
        "partner": "Partner", "Партнер",
            "Uses the register's data or helps in another way.", "Користується даними реєстру або допомагає інакше.";
        "other": "Other", "Інше",
            "Another part.", "Інша роль.";
    }
    /// What a partner gives.
    CONTRIBUTION_KIND = "contribution_kind", "the register's own list" {
        "funds": "Funds", "Кошти",
            "Money.", "Гроші.";
        "vehicle": "Vehicles", "Транспорт",
            "Vehicles for teams and equipment.", "Транспорт для команд і обладнання.";
        "detector": "Detectors", "Детектори",
            "Metal detectors and other handheld sensors.", "Металодетектори та інші ручні прилади.";
        "machine": "Machines", "Машини",
            "Demining machines, driven or remote controlled.", "Машини розмінування, керовані водієм або дистанційно.";
        "equipment": "Other equipment", "Інше обладнання",
            "Protective equipment, drones, computers and other things.", "Засоби захисту, дрони, комп’ютери тощо.";
        "training": "Training", "Навчання",
            "Training of people; the quantity counts people.", "Навчання людей; кількість — це люди.";
        "personnel": "Personnel", "Персонал",
            "People who work in the programme; the quantity counts people.",
            "Люди, які працюють у програмі; кількість — це люди.";
        "other": "Other", "Інше",
            "Something else, described in the text.", "Інше, описано в тексті.";
    }
    /// What can be tasked.
    CAPACITY_KIND = "capacity_kind", "IMAS 07.30; IMAS 06.10" {
        "team": "Team", "Команда",
            "People trained to work together.", "Люди, навчені працювати разом.";
        "machine": "Machine", "Машина",
            "A demining machine with its crew.", "Машина розмінування з екіпажем.";
        "detector": "Detector", "Детектор",
            "Metal detectors and other handheld sensors.", "Металодетектори та інші ручні прилади.";
        "dog": "Dog", "Собака",
            "Mine detection dogs with their handlers.", "Мінно-розшукові собаки з кінологами.";
        "drone": "Drone", "Дрон",
            "Unmanned aircraft used for survey.", "Безпілотники для обстеження.";
        "vehicle": "Vehicle", "Транспорт",
            "Vehicles for teams and equipment.", "Транспорт для команд і обладнання.";
        "other": "Other", "Інше",
            "Something else, described in the text.", "Інше, описано в тексті.";
    }
}
