//! Codes of hazardous areas: class, status, what is there, and what says so.

code_lists! {
    /// Suspected or confirmed hazardous area.
    CLASSIFICATION = "classification", "IMAS 07.11; IMAS 04.10" {
        "suspected": "Suspected hazardous area", "Підозрювана небезпечна ділянка",
            "Indirect evidence gives reason to suspect explosive ordnance.",
            "Непрямі ознаки дають підстави підозрювати наявність вибухонебезпечних предметів.";
        "confirmed": "Confirmed hazardous area", "Підтверджена небезпечна ділянка",
            "Direct evidence shows that explosive ordnance is there.",
            "Прямі ознаки свідчать, що вибухонебезпечні предмети там є.";
    }
    /// Where the work on an area stands.
    STATUS = "status", "GICHD Minimum Data Requirements, hazardous area; TNMA 07.11/01" {
        "open": "Open", "Відкрита",
            "The hazard stands and no work has begun.", "Небезпека існує, роботи не розпочато.";
        "worked_on": "Being worked on", "Тривають роботи",
            "Survey or clearance is going on; the hazard stands.",
            "Триває обстеження або розмінування; небезпека існує.";
        "suspended": "Work suspended", "Роботи призупинено",
            "Work has begun and been broken off; the hazard stands.",
            "Роботи розпочато й перервано; небезпека існує.";
        "closed": "Closed", "Закрита",
            "An approved decision ended the record: all of it was released, or it was shown to be wrong.",
            "Запис завершено затвердженим рішенням: усю площу вивільнено або доведено його помилковість.";
    }
    /// Kinds of explosive hazard.
    CONTAMINATION = "contamination", "IMAS 04.10; IMAS 05.10 Annex B" {
        "ap_mine": "Anti-personnel mine", "Протипіхотна міна",
            "A mine that a person's presence, nearness or touch sets off.",
            "Міна, яка спрацьовує від присутності, наближення чи дотику людини.";
        "ap_mine_improvised": "Improvised anti-personnel mine", "Саморобна протипіхотна міна",
            "A self-made device that works as an anti-personnel mine.",
            "Саморобний пристрій, що діє як протипіхотна міна.";
        "av_mine": "Anti-vehicle mine", "Протитранспортна міна",
            "A mine meant for vehicles; a person may set it off as well.",
            "Міна проти транспорту; її може привести в дію і людина.";
        "cluster_munition_remnant": "Cluster munition remnant", "Касетний боєприпас, що не спрацював",
            "A submunition, bomblet or container that failed to work or was left behind.",
            "Суббоєприпас або контейнер, що не спрацював чи був залишений.";
        "uxo": "Unexploded ordnance", "Боєприпас, що не вибухнув",
            "Ordnance that was fired, dropped or launched and did not work as meant.",
            "Боєприпас, який вистрілено, скинуто чи запущено і який не спрацював належно.";
        "axo": "Abandoned explosive ordnance", "Покинутий боєприпас",
            "Unused ordnance left behind, under nobody's control.",
            "Невикористаний боєприпас, залишений без нагляду.";
        "ied": "Improvised explosive device", "Саморобний вибуховий пристрій",
            "A self-made explosive device of any other kind.", "Саморобний вибуховий пристрій іншого виду.";
        "booby_trap": "Booby trap", "Міна-пастка",
            "A device that works when somebody disturbs something that looks like an everyday object.",
            "Пристрій, що спрацьовує, коли хтось торкається предмета, що здається звичайним.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has established the kind: any must be expected.",
            "Вид не встановлено: слід очікувати будь-якого.";
    }
    /// How hazards were laid or delivered.
    EMPLACEMENT = "emplacement", "CCW Amended Protocol II, Technical Annex 1" {
        "by_hand": "By hand", "Вручну",
            "People placed them one by one.", "Люди встановлювали їх по одному.";
        "mechanical": "By mine-laying machine", "Мінним загороджувачем",
            "A machine on the ground placed them.", "Встановлено наземною машиною.";
        "rocket": "By rocket", "Ракетою",
            "Rockets scattered them.", "Розкидано ракетами.";
        "artillery": "By artillery", "Артилерією",
            "Shells or mortar bombs scattered them, or were themselves left unexploded.",
            "Розкидано снарядами чи мінами або це самі снаряди, що не вибухнули.";
        "aircraft": "By aircraft", "З літака або гелікоптера",
            "Dropped from an aeroplane or a helicopter.", "Скинуто з літака або гелікоптера.";
        "drone": "By drone", "З дрона",
            "Dropped or placed by an unmanned vehicle.", "Скинуто або встановлено безпілотником.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has established how.", "Спосіб не встановлено.";
    }
    /// Whether evidence shows the hazard itself.
    EVIDENCE_KIND = "evidence_kind", "IMAS 08.10; IMAS 07.11" {
        "direct": "Direct", "Пряма",
            "Shows the presence of explosive ordnance: the item, its traces, an accident.",
            "Свідчить про наявність вибухонебезпечних предметів: сам предмет, його сліди, нещасний випадок.";
        "indirect": "Indirect", "Непряма",
            "Gives reason to suspect it: unused land, hearsay, old records.",
            "Дає підстави для підозри: земля не використовується, чутки, давні записи.";
    }
    /// What the evidence is.
    EVIDENCE_TYPE = "evidence_type", "IMSMA Core hazardous area form (GICHD); IMAS 08.10" {
        "explosive_item": "Explosive item", "Вибухонебезпечний предмет",
            "An item, or a part of one, is there.", "На місці є предмет або його частина.";
        "marking": "Marking", "Маркування",
            "Signs, tape, stakes or stones warn of a hazard.",
            "Про небезпеку попереджають знаки, стрічка, кілки або каміння.";
        "scrap": "Scrap", "Уламки",
            "Fragments, packaging or empty containers lie there.",
            "Лежать уламки, пакування або порожні контейнери.";
        "crater": "Crater", "Вирва",
            "The ground shows strike marks.", "На ґрунті є сліди вибухів.";
        "damaged_infrastructure": "Damaged infrastructure", "Пошкоджена інфраструктура",
            "Buildings, roads or vehicles were damaged by explosions.",
            "Вибухами пошкоджено будівлі, дороги або транспорт.";
        "unused_land": "Unused land", "Земля не використовується",
            "People leave productive land unused.", "Люди не користуються придатною землею.";
        "reported_detonation": "Reported detonation", "Повідомлення про вибух",
            "Somebody reports an explosion.", "Хтось повідомив про вибух.";
        "accident": "Accident", "Нещасний випадок",
            "People or animals were harmed.", "Постраждали люди або тварини.";
        "former_record": "Former record", "Давній запис",
            "An earlier survey, minefield record or map names the place.",
            "Місце названо в попередньому обстеженні, формулярі або на мапі.";
        "other": "Other", "Інше",
            "Something else, described in the note.", "Інше, описано в примітці.";
    }
    /// Where the evidence comes from.
    EVIDENCE_SOURCE = "evidence_source", "IMSMA Core hazardous area form (GICHD)" {
        "observation": "Observation", "Спостереження",
            "The surveyor has seen it.", "Побачив той, хто проводив обстеження.";
        "verbal": "Verbal", "Усна інформація",
            "Somebody has said so.", "Хтось розповів.";
        "record": "Record", "Документ",
            "It stands in a document.", "Зазначено в документі.";
    }
    /// How a place is marked on the ground.
    MARKING = "marking", "IMAS 08.40" {
        "none": "Not marked", "Не позначено",
            "Nothing on the ground warns of the hazard.", "На місцевості немає попереджень.";
        "improvised": "Improvised marking", "Саморобне маркування",
            "Local people or others have marked it with what was at hand.",
            "Позначено підручними засобами місцевими мешканцями або іншими.";
        "permanent": "Permanent marking", "Постійне маркування",
            "Durable signs stand around it.", "Навколо встановлено довговічні знаки.";
        "fenced": "Fenced", "Огороджено",
            "A fence with signs stands around it.", "Навколо є огорожа зі знаками.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has recorded whether it is marked.", "Немає відомостей про маркування.";
    }
    /// What the land is, or was, used for.
    LAND_USE = "land_use", "IMSMA information model, blockage" {
        "agricultural": "Agricultural", "Сільськогосподарська",
            "Fields, gardens and orchards.", "Поля, городи та сади.";
        "residential": "Residential", "Житлова",
            "Houses and the ground around them.", "Будинки та прибудинкові ділянки.";
        "forest": "Forest", "Ліс",
            "Woodland, planted or natural.", "Природний або насаджений ліс.";
        "grazing": "Grazing", "Пасовище",
            "Pasture and hay meadows.", "Пасовища та сіножаті.";
        "road": "Road", "Дорога",
            "Roads and tracks with their verges.", "Дороги та ґрунтівки з узбіччями.";
        "railway": "Railway", "Залізниця",
            "Railways with their verges.", "Залізничні колії зі смугою відведення.";
        "power_line": "Power line", "Лінія електропередачі",
            "Power lines and the ground needed to keep them up.",
            "Лінії електропередачі та земля для їх обслуговування.";
        "water": "Water", "Водний об’єкт",
            "Rivers, lakes, wells, banks and beaches.", "Річки, озера, колодязі, береги та пляжі.";
        "industrial": "Industrial", "Промислова",
            "Factories, quarries, stores.", "Підприємства, кар’єри, склади.";
        "public_facility": "Public facility", "Громадська споруда",
            "Schools, hospitals, places of worship, cemeteries.", "Школи, лікарні, храми, кладовища.";
        "other": "Other", "Інше",
            "Another use, described in the text.", "Інше використання, описано в тексті.";
    }
    /// What a point of a perimeter is.
    POINT_TYPE = "point_type", "IMSMA point types (GICHD)" {
        "reference": "Reference point", "Опорна точка",
            "A lasting, easily found object at some distance, from which the way to the benchmark starts.",
            "Довговічний, легко впізнаваний об’єкт на відстані, від якого прямують до репера.";
        "benchmark": "Benchmark", "Репер",
            "A fixed point a short way outside, from which the area is measured.",
            "Закріплена точка неподалік від межі, від якої вимірюють ділянку.";
        "start": "Start point", "Початкова точка",
            "The first turning point.", "Перша поворотна точка.";
        "turning": "Turning point", "Поворотна точка",
            "The perimeter changes direction here.", "Тут межа змінює напрямок.";
        "intermediate": "Intermediate point", "Проміжна точка",
            "A marker between turning points that are far apart or out of sight of each other.",
            "Позначка між поворотними точками, що далеко одна від одної або не видно одна одної.";
        "end": "End point", "Кінцева точка",
            "The last turning point.", "Остання поворотна точка.";
    }
    /// How the position of a point was found.
    FIXED_BY = "fixed_by", "IMSMA geopoint, fixed by (GICHD)" {
        "gnss": "Satellite positioning", "Супутникове визначення",
            "A handheld or surveying satellite receiver.", "Портативний або геодезичний супутниковий приймач.";
        "total_station": "Total station", "Тахеометр",
            "Angles and distances measured with a surveying instrument.",
            "Кути й відстані виміряно геодезичним приладом.";
        "bearing_distance": "Bearing and distance", "Азимут і відстань",
            "Compass bearing and distance from another point.", "Азимут за компасом і відстань від іншої точки.";
        "map": "Read off a map", "Знято з мапи",
            "Taken from a map or a sketch.", "Взято з мапи або схеми.";
        "imagery": "Read off an image", "Знято зі знімка",
            "Taken from a satellite or drone image.", "Взято із супутникового знімка або знімка з дрона.";
        "unknown": "Unknown", "Невідомо",
            "Nobody has recorded how.", "Спосіб не зазначено.";
    }
}
