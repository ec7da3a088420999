//! Reference systems by the names that people in Ukraine use, and the EPSG codes that a name can mean.

/// Systems that share a datum and a habit of naming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// State system of Ukraine since 2007; its zones, 3° zones and the systems of the oblasts.
    Ucs2000,
    /// Pulkovo 1942 in Gauss-Kruger zones of 6°: the Soviet military maps.
    Sk42,
    /// Pulkovo 1942 in the zones of the old cadastre.
    Sk63,
}

/// A system as named, perhaps with a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub family: Family,
    zone: Option<u32>,
    /// Number of an oblast's system.
    local: Option<u32>,
}

/// A projected system that metres may be in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub epsg: u32,
    /// Easting of its middle meridian, in metres.
    pub false_easting_m: f64,
}

/// How far from its middle meridian an easting of one zone may lie, in metres.
const HALF_ZONE_M: f64 = 450_000.0;

const SPELLINGS: [(&str, Family); 25] = [
    ("UCS-2000", Family::Ucs2000),
    ("UCS2000", Family::Ucs2000),
    ("UCS 2000", Family::Ucs2000),
    ("USK-2000", Family::Ucs2000),
    ("USK2000", Family::Ucs2000),
    ("УСК-2000", Family::Ucs2000),
    ("УСК2000", Family::Ucs2000),
    ("УСК 2000", Family::Ucs2000),
    ("SK-42", Family::Sk42),
    ("SK42", Family::Sk42),
    ("SK 42", Family::Sk42),
    ("СК-42", Family::Sk42),
    ("СК42", Family::Sk42),
    ("СК 42", Family::Sk42),
    ("PULKOVO 1942", Family::Sk42),
    ("PULKOVO-1942", Family::Sk42),
    ("ПУЛКОВО 1942", Family::Sk42),
    ("SK-63", Family::Sk63),
    ("SK63", Family::Sk63),
    ("SK 63", Family::Sk63),
    ("СК-63", Family::Sk63),
    ("СК63", Family::Sk63),
    ("СК 63", Family::Sk63),
    ("CS63", Family::Sk63),
    ("CS-63", Family::Sk63),
];
/// Local systems: `LCS-63`, `МСК-63`; not to be taken for SK-63.
const LOCAL: [&str; 6] = ["LCS-", "LCS ", "МСК-", "МСК ", "MSK-", "MSK "];
const WGS84: [&str; 3] = ["WGS 84", "WGS-84", "WGS84"];
/// Words that stand in the names of systems and say nothing more.
const FILLERS: [&str; 12] = [
    "GAUSS-KRUGER",
    "GAUSS-KRÜGER",
    "ГАУСС-КРЮГЕР",
    "ГАУСА-КРЮГЕРА",
    "GAUSS",
    "KRUGER",
    "GK",
    "ГК",
    "TM",
    "UKRAINE",
    "OBLAST",
    "ОБЛАСТЬ",
];
/// Systems of the oblasts: number, EPSG code, how their names begin.
const OBLASTS: [(u32, u32, [&str; 2]); 27] = [
    (1, 9831, ["CRIMEA", "КРИМ"]),
    (5, 9832, ["VINNYTS", "ВІННИЦ"]),
    (7, 9833, ["VOLYN", "ВОЛИН"]),
    (12, 9834, ["DNIPR", "ДНІПР"]),
    (14, 9835, ["DONET", "ДОНЕЦ"]),
    (18, 9836, ["ZHYTOMYR", "ЖИТОМИР"]),
    (21, 9837, ["ZAKARPAT", "ЗАКАРПАТ"]),
    (23, 9838, ["ZAPORI", "ЗАПОРІ"]),
    (26, 9839, ["IVANO", "ІВАНО"]),
    (32, 9821, ["KYIV-REGION", "КИЇВСЬК"]),
    (35, 9840, ["KIROVOH", "КІРОВОГР"]),
    (44, 9841, ["LUHANSK", "ЛУГАН"]),
    (46, 9851, ["LVIV", "ЛЬВІВ"]),
    (48, 9852, ["MYKOLA", "МИКОЛА"]),
    (51, 9853, ["ODES", "ОДЕ"]),
    (53, 9854, ["POLTAV", "ПОЛТАВ"]),
    (56, 9855, ["RIVNE", "РІВН"]),
    (59, 9856, ["SUMY", "СУМ"]),
    (61, 9857, ["TERNOP", "ТЕРНОП"]),
    (63, 9858, ["KHARK", "ХАРК"]),
    (65, 9859, ["KHERSON", "ХЕРСОН"]),
    (68, 9860, ["KHMELN", "ХМЕЛЬН"]),
    (71, 9861, ["CHERKAS", "ЧЕРКАС"]),
    (73, 9862, ["CHERNIVT", "ЧЕРНІВ"]),
    (74, 9863, ["CHERNIH", "ЧЕРНІГ"]),
    (80, 9864, ["KYIV", "КИЇВ"]),
    (85, 9865, ["SEVASTOPOL", "СЕВАСТОПОЛ"]),
];

/// What a text says about its system, and the text without it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// Nothing, or WGS 84.
    Nothing,
    /// `EPSG:N`.
    Code(String),
    /// A name.
    Name(Named),
}

/// Takes the name of a system out of plain text (capitals).
pub(super) fn take(text: &str) -> (Said, String) {
    if let Some((at, length, named)) = found(text) {
        let (zoned, used) = zone(named, &text[at + length..]);
        return (
            Said::Name(zoned),
            format!("{} {}", &text[..at], &text[at + length + used..]).trim().to_owned(),
        );
    }
    if let Some((before, after)) = text.split_once("EPSG:") {
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let rest = format!("{before} {}", after[end..].trim_start_matches([' ', ':', ';', ',']));
        return (Said::Code(format!("EPSG:{}", &after[..end])), rest.trim().to_owned());
    }
    let plain = WGS84.iter().fold(text.to_owned(), |text, name| text.replace(name, " "));
    (Said::Nothing, plain.trim_matches([' ', ':', ';', ',', '/']).to_owned())
}

/// Where a family's name stands, its length, and what it names.
fn found(text: &str) -> Option<(usize, usize, Named)> {
    let starts_word = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let family = SPELLINGS.iter().find_map(|(spelling, family)| {
        let at = text.find(spelling).filter(|at| starts_word(*at))?;
        Some((at, spelling.len(), Named { family: *family, zone: None, local: None }))
    });
    // A local system alone is one of UCS-2000; named after UCS-2000 it is read with the zone.
    family.or_else(|| {
        LOCAL.iter().find_map(|spelling| {
            let at = text.find(spelling).filter(|at| starts_word(*at))?;
            Some((at, 0, Named { family: Family::Ucs2000, zone: None, local: None }))
        })
    })
}

/// Reads on behind the name: zone, oblast, words that say nothing. Gives the bytes that it used.
fn zone(named: Named, after: &str) -> (Named, usize) {
    let (mut named, mut used) = (named, 0);
    while let Some((step, next)) = named.and_word(&after[used..]) {
        (named, used) = (next, used + step);
    }
    (named, used)
}

/// First word of a text and the bytes up to its end.
fn first_word(text: &str) -> Option<(&str, usize)> {
    const PARTING: [char; 9] = [' ', ':', ';', ',', '/', '(', ')', '№', '.'];
    let start = text.find(|c: char| !PARTING.contains(&c))?;
    let length = text[start..].find(|c: char| PARTING.contains(&c)).unwrap_or(text.len() - start);
    Some((&text[start..start + length], start + length))
}

impl Named {
    fn and_word(self, text: &str) -> Option<(usize, Self)> {
        let (word, end) = first_word(text)?;
        if let Some(number) = LOCAL.iter().find_map(|name| word.strip_prefix(name.trim_end())) {
            return self.and_local(number, text, end);
        }
        if ["ZONE", "ЗОНА", "ЗОНИ", "З"].contains(&word) {
            let (number, length) = first_word(&text[end..])?;
            return Some((end + length, Self { zone: Some(zone_number(number)?), ..self }));
        }
        let is_lettered_zone = self.family == Family::Sk63 && word.starts_with(['X', 'Х']);
        if is_lettered_zone && let Some(zone) = zone_number(word) {
            return Some((end, Self { zone: Some(zone), ..self }));
        }
        if FILLERS.contains(&word) {
            return Some((end, self));
        }
        let begins = |(_, _, stems): &&(u32, u32, [&str; 2])| stems.iter().any(|stem| word.starts_with(stem));
        let oblast = OBLASTS.iter().find(begins).filter(|_| self.family == Family::Ucs2000)?;
        Some((end, Self { local: self.local.or(Some(oblast.0)), ..self }))
    }

    fn and_local(self, number: &str, text: &str, end: usize) -> Option<(usize, Self)> {
        let (number, end) = match number.trim_start_matches('-') {
            "" => first_word(&text[end..]).map(|(number, length)| (number, end + length))?,
            number => (number, end),
        };
        let number = number.parse().ok()?;
        let is_known = OBLASTS.iter().any(|(known, ..)| *known == number);
        is_known.then_some((end, Self { local: Some(number), ..self }))
    }

    /// Name for people.
    pub fn name(self) -> String {
        let family = match self.family {
            Family::Ucs2000 => "UCS-2000",
            Family::Sk42 => "SK-42",
            Family::Sk63 => "SK-63",
        };
        match (self.local, self.zone) {
            (Some(number), _) => format!("{family} LCS-{number:02}"),
            (None, Some(zone)) => format!("{family} zone {zone}"),
            (None, None) => family.to_owned(),
        }
    }

    /// EPSG code of the degrees on its datum.
    pub fn degrees(self) -> u32 {
        match self.family {
            Family::Ucs2000 => 5561,
            Family::Sk42 | Family::Sk63 => 4284,
        }
    }

    /// The projected systems that the name can mean.
    pub fn candidates(self) -> Vec<Candidate> {
        if let Some(number) = self.local {
            return OBLASTS
                .iter()
                .filter(|(known, ..)| *known == number)
                .map(|(_, epsg, _)| local(*epsg))
                .collect();
        }
        let zones =
            |range: std::ops::RangeInclusive<u32>| range.filter(|zone| self.zone.is_none_or(|z| z == *zone));
        match self.family {
            Family::Ucs2000 => {
                let narrow = zones(7..=13).map(|zone| Candidate { epsg: 6374 + zone, false_easting_m: 3e5 });
                zones(4..=7).flat_map(|zone| six_degrees(zone, 5558, 5562)).chain(narrow).collect()
            }
            Family::Sk42 => zones(4..=7).flat_map(|zone| six_degrees(zone, 28400, 2490)).collect(),
            Family::Sk63 => zones(1..=7).map(lettered).collect(),
        }
    }
}

fn local(epsg: u32) -> Candidate {
    Candidate { epsg, false_easting_m: 300_000.0 }
}

fn lettered(zone: u32) -> Candidate {
    Candidate { epsg: 7824 + zone, false_easting_m: f64::from(zone) * 1e6 + 3e5 }
}

/// A Gauss-Kruger zone of 6° with its number before the easting, and without.
fn six_degrees(zone: u32, with: u32, without: u32) -> [Candidate; 2] {
    [
        Candidate { epsg: with + zone, false_easting_m: f64::from(zone) * 1e6 + 5e5 },
        Candidate { epsg: without + zone, false_easting_m: 5e5 },
    ]
}

/// Every system of Ukraine whose eastings carry the number of their zone.
pub(super) fn with_zone_prefix() -> Vec<Candidate> {
    let families = [Family::Sk42, Family::Ucs2000, Family::Sk63];
    let all = families.into_iter().flat_map(|family| Named { family, zone: None, local: None }.candidates());
    all.filter(|candidate| candidate.false_easting_m >= 1e6).collect()
}

impl Candidate {
    /// Whether an easting in metres may be one of this zone.
    pub fn may_hold(&self, easting_m: f64) -> bool {
        (easting_m - self.false_easting_m).abs() <= HALF_ZONE_M
    }
}

/// `6`, `X5`, `6:`.
fn zone_number(word: &str) -> Option<u32> {
    let digits = word.trim_start_matches(['X', 'Х']);
    digits.parse().ok().filter(|zone| (1..=13).contains(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> (Vec<u32>, String) {
        let (said, rest) = take(text);
        let Said::Name(named) = said else { panic!("{text}: {said:?}") };
        (named.candidates().iter().map(|candidate| candidate.epsg).collect(), rest)
    }

    #[test]
    fn names_mean_the_codes_that_epsg_gives_them() {
        for (text, expected) in [
            ("UCS-2000 ZONE 6: 1 2", vec![5564, 5568]),
            ("УСК-2000 ЗОНА 7 1 2", vec![5565, 5569, 6381]),
            ("UCS-2000 ZONE 13 1 2", vec![6387]),
            ("SK-42 ZONE 6 1 2", vec![28406, 2496]),
            ("PULKOVO 1942 / GAUSS-KRUGER ZONE 4 1 2", vec![28404, 2494]),
            ("СК-63 X5 1 2", vec![7829]),
            ("СК-63 ЗОНА Х5; 1 2", vec![7829]),
            ("UCS-2000 KHARKIV 1 2", vec![9858]),
            ("UCS-2000 / LCS-63 KHARKIV 1 2", vec![9858]),
            ("МСК-63 1 2", vec![9858]),
            ("LCS 80 KYIV 1 2", vec![9864]),
            ("1 2 SK-63 X1", vec![7825]),
        ] {
            let (found, rest) = codes(text);
            assert_eq!((found, rest.trim_start_matches([':', ';', ' '])), (expected, "1 2"), "{text}");
        }
    }

    #[test]
    fn every_code_is_in_the_database_and_has_the_easting_that_is_written_here() {
        let all = OBLASTS.iter().map(|(_, epsg, _)| local(*epsg));
        let families = [Family::Sk42, Family::Ucs2000, Family::Sk63];
        let named =
            families.into_iter().flat_map(|family| Named { family, zone: None, local: None }.candidates());
        for candidate in all.chain(named) {
            let described = crate::crs::describe(&format!("EPSG:{}", candidate.epsg)).expect("known to PROJ");
            let parameters = described["conversion"]["parameters"].as_array().expect("parameters");
            let easting = parameters.iter().find(|parameter| parameter["name"] == "False easting");
            assert_eq!(
                easting.expect("one")["value"].as_f64(),
                Some(candidate.false_easting_m),
                "{candidate:?}"
            );
        }
    }
}
