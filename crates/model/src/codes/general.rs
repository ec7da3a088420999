//! Codes that records of every collection use.

code_lists! {
    /// Who may see a record.
    SHARING = "sharing", "IMAS 05.10, dissemination" {
        "public": "Public", "Відкрито для всіх",
            "Anybody may see the record.", "Запис може бачити будь-хто.";
        "partners": "Partners", "Для партнерів",
            "Organisations that work in the programme may see the record.",
            "Запис можуть бачити організації, що працюють у програмі.";
        "restricted": "Restricted", "Обмежений доступ",
            "Only the organisation that entered it and the authority may see the record.",
            "Запис бачать лише організація, яка його внесла, та уповноважений орган.";
    }
    /// How far a record has been looked at by a second person.
    REVIEW = "review", "IMAS 05.10, validation" {
        "unverified": "Unverified", "Не перевірено",
            "No second person has looked at the record.", "Жодна інша особа ще не розглядала запис.";
        "verified": "Verified", "Перевірено",
            "A second person has held the record against its source.",
            "Інша особа звірила запис із його джерелом.";
        "approved": "Approved", "Затверджено",
            "Somebody with the right to approve, who is not its author, has accepted the record.",
            "Запис прийняла особа з правом затвердження, яка не є його автором.";
    }
    /// Priority given by planners.
    PRIORITY = "priority", "IMAS 07.11, planning" {
        "low": "Low", "Низький",
            "Can wait behind other work.", "Може зачекати, доки виконують інші роботи.";
        "medium": "Medium", "Середній",
            "To be planned in the usual order.", "Планується у звичайному порядку.";
        "high": "High", "Високий",
            "People are at risk or something vital is blocked: to be planned first.",
            "Люди під загрозою або заблоковано щось життєво важливе: планується насамперед.";
    }
}
