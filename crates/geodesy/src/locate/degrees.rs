//! Degrees as people write them: decimal, with minutes, with seconds; letters, signs or plain blanks.

use super::text::Typed;

/// Which of the two a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Latitude,
    Longitude,
}

/// One angle as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Angle {
    /// Degrees, negative south and west.
    pub value_deg: f64,
    /// Size of the last digit, in degrees.
    pub step_deg: f64,
    /// Which axis its letter says it is.
    pub axis: Option<Axis>,
    /// Numbers it was written with: 1 to 3.
    pub parts: usize,
    /// Whether a sign such as ° or a letter says that this is degrees.
    pub is_marked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Number {
        typed: Typed,
        is_negative: bool,
    },
    /// 0 degrees, 1 minutes, 2 seconds.
    Mark(usize),
    /// A letter; its sign where it names a half of the Earth and not just the axis.
    Side(Axis, Option<f64>),
    Break,
}

const MARKS: [(&str, usize); 9] = [
    ("DEG", 0),
    ("DEGREES", 0),
    ("ГРАД", 0),
    ("MIN", 1),
    ("ХВ", 1),
    ("МИН", 1),
    ("SEC", 2),
    ("СЕК", 2),
    ("СЕКУНД", 2),
];
const NORTH: [&str; 7] = ["N", "NORTH", "ПН", "ПІВН", "ПІВНІЧ", "ПІВНІЧНОЇ", "СЕВ"];
const SOUTH: [&str; 6] = ["S", "SOUTH", "ПД", "ПІВД", "ПІВДЕНЬ", "ПІВДЕННОЇ"];
const EAST: [&str; 5] = ["E", "EAST", "СХ", "СХІД", "СХІДНОЇ"];
const WEST: [&str; 6] = ["W", "WEST", "ЗХ", "ЗАХ", "ЗАХІД", "ЗАХІДНОЇ"];
const LATITUDE: [&str; 4] = ["LAT", "LATITUDE", "ШИРОТА", "ШИР"];
const LONGITUDE: [&str; 6] = ["LON", "LNG", "LONG", "LONGITUDE", "ДОВГОТА", "ДОВГ"];

/// Two angles in the order in which they stand; `None` where the text is not of this kind.
///
/// # Errors
/// Text of this kind whose numbers are no angles: the sentence says which.
pub(super) fn angles(text: &str) -> Option<Result<[Angle; 2], String>> {
    let tokens = tokens(text)?;
    let (first, second) = halves(&tokens)?;
    let (first, second) = (angle(first)?, angle(second)?);
    let both = first.and_then(|first| second.map(|second| [first, second]));
    Some(both.and_then(|[first, second]| match (first.axis, second.axis) {
        (Some(one), Some(other)) if one == other => Err("both numbers are named the same axis".to_owned()),
        _ => Ok([first, second]),
    }))
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        let (length, token) = next_token(rest, letter, before, &tokens)?;
        tokens.extend(token);
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
    Some(tokens)
}

/// Length of what stands at the beginning of `rest`, and what it means.
fn next_token(rest: &str, letter: char, before: char, tokens: &[Token]) -> Option<(usize, Option<Token>)> {
    let run = |is_in: fn(char) -> bool| rest.find(|c| !is_in(c)).unwrap_or(rest.len());
    let digit_follows = rest[letter.len_utf8()..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match letter {
        '°' => Some((2, Some(Token::Mark(0)))),
        '\'' => Some((1, Some(Token::Mark(1)))),
        '"' => Some((1, Some(Token::Mark(2)))),
        ';' | '/' => Some((1, Some(Token::Break))),
        // Between digits a hyphen parts degrees from minutes.
        '-' if !digit_follows || before.is_ascii_digit() => Some((1, None)),
        '-' => signed(rest, 1, true),
        '+' if digit_follows => signed(rest, 1, false),
        '.' if !digit_follows => Some((1, None)),
        ' ' | ':' | '=' => Some((1, None)),
        _ if letter.is_ascii_digit() || letter == '.' => signed(rest, 0, false),
        _ if letter.is_alphabetic() => {
            let length = run(char::is_alphabetic);
            Some((length, word(&rest[..length], &rest[length..], tokens)?))
        }
        _ => None,
    }
}

fn signed(rest: &str, sign: usize, is_negative: bool) -> Option<(usize, Option<Token>)> {
    let digits = &rest[sign..];
    let length = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    // A point at the end of a number ends an abbreviation or a sentence.
    let number = digits[..length].trim_end_matches('.');
    let typed = Typed::read(number)?;
    Some((sign + length, Some(Token::Number { typed, is_negative })))
}

/// What a word means; `None` stops reading, `Some(None)` goes on.
fn word(word: &str, after: &str, tokens: &[Token]) -> Option<Option<Token>> {
    let side = |axis, sign| Some(Some(Token::Side(axis, sign)));
    let next = after.trim_start_matches(['.', ' ']).chars().next();
    match word {
        _ if NORTH.contains(&word) => side(Axis::Latitude, Some(1.0)),
        _ if SOUTH.contains(&word) => side(Axis::Latitude, Some(-1.0)),
        _ if EAST.contains(&word) => side(Axis::Longitude, Some(1.0)),
        _ if WEST.contains(&word) => side(Axis::Longitude, Some(-1.0)),
        _ if LATITUDE.contains(&word) => side(Axis::Latitude, None),
        _ if LONGITUDE.contains(&word) => side(Axis::Longitude, None),
        // Older maps: с.ш., ю.ш., в.д., з.д.
        "С" if next == Some('Ш') => side(Axis::Latitude, Some(1.0)),
        "Ю" if next == Some('Ш') => side(Axis::Latitude, Some(-1.0)),
        "В" if next == Some('Д') => side(Axis::Longitude, Some(1.0)),
        "З" if next == Some('Д') => side(Axis::Longitude, Some(-1.0)),
        "Ш" | "Д" | "ШИРОТИ" | "ДОВГОТИ" if matches!(tokens.last(), Some(Token::Side(..))) => {
            Some(None)
        }
        "" => None,
        _ => MARKS.iter().find(|(known, _)| *known == word).map(|(_, mark)| Some(Token::Mark(*mark))),
    }
}

/// The tokens of the first and of the second angle.
fn halves(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let places = |is_it: fn(&Token) -> bool| -> Vec<usize> {
        tokens.iter().enumerate().filter(|(_, token)| is_it(token)).map(|(index, _)| index).collect()
    };
    let sides = places(|token| matches!(token, Token::Side(..)));
    let starts_with_side = sides.first() == Some(&0);
    let at = match (sides.len(), starts_with_side) {
        (2, true) => sides[1],
        (2, false) => sides[0] + 1,
        (4, true) => sides[2],
        (0, _) => without_letters(tokens, &places)?,
        _ => return None,
    };
    Some(tokens.split_at(at))
}

fn without_letters(tokens: &[Token], places: &dyn Fn(fn(&Token) -> bool) -> Vec<usize>) -> Option<usize> {
    let breaks = places(|token| *token == Token::Break);
    let degrees = places(|token| *token == Token::Mark(0));
    let numbers = places(|token| matches!(token, Token::Number { .. }));
    match (&breaks[..], &degrees[..], numbers.len()) {
        ([at], ..) => Some(*at),
        ([], [_, second], _) => second.checked_sub(1),
        ([], [], 2 | 4 | 6) if tokens.len() == numbers.len() => Some(numbers.len() / 2),
        _ => None,
    }
}

fn angle(tokens: &[Token]) -> Option<Result<Angle, String>> {
    let mut numbers: Vec<(Typed, bool)> = Vec::new();
    let mut sides: Vec<(Axis, Option<f64>)> = Vec::new();
    let mut is_marked = false;
    for token in tokens {
        match token {
            Token::Number { typed, is_negative } => numbers.push((*typed, *is_negative)),
            Token::Side(axis, sign) => sides.push((*axis, *sign)),
            Token::Mark(mark) if numbers.len() == mark + 1 => is_marked = true,
            Token::Mark(_) => return None,
            Token::Break => {}
        }
    }
    let axis = sides.first().map(|(axis, _)| *axis);
    if sides.iter().any(|(other, _)| Some(*other) != axis) || !(1..=3).contains(&numbers.len()) {
        return None;
    }
    let sign = sides.iter().find_map(|(_, sign)| *sign);
    Some(value(&numbers, sign).map(|(value_deg, step_deg)| Angle {
        value_deg,
        step_deg,
        axis,
        parts: numbers.len(),
        is_marked: is_marked || axis.is_some(),
    }))
}

/// Degrees and the size of their last digit.
fn value(numbers: &[(Typed, bool)], side: Option<f64>) -> Result<(f64, f64), String> {
    let is_negative = numbers[0].1;
    if is_negative && side.is_some() {
        return Err("a number has both a minus and a letter".to_owned());
    }
    let (mut degrees, mut step, mut unit) = (0.0, 0.0, 1.0);
    for (index, (typed, is_negative)) in numbers.iter().enumerate() {
        let is_last = index + 1 == numbers.len();
        if (typed.has_decimals && !is_last) || (*is_negative && index > 0) {
            return Err("only the last of degrees, minutes and seconds has decimals, only the first a minus"
                .to_owned());
        }
        if index > 0 && typed.value >= 60.0 {
            return Err(format!("{} is more minutes or seconds than there are", typed.value));
        }
        degrees += typed.value * unit;
        step = typed.step * unit;
        unit /= 60.0;
    }
    Ok((degrees * side.unwrap_or(if is_negative { -1.0 } else { 1.0 }), step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locate::text::plain;

    fn read(text: &str) -> [Angle; 2] {
        angles(&plain(text)).expect("angles").expect(text)
    }

    #[test]
    fn one_place_is_read_from_every_spelling() {
        for text in [
            "50°27'30\"N 30°31'12\"E",
            "50° 27′ 30″ N, 30° 31′ 12″ E".replace(',', ";").as_str(),
            "N50°27'30'' E030°31'12''",
            "50 27 30 N 30 31 12 E",
            "50-27-30N 30-31-12E",
            "50°27'30\" пн. ш. 30°31'12\" сх. д.",
            "Пн 50°27,5' Сх 30°31,2'".replace(',', ".").as_str(),
            "50°27'30\" с.ш. 30°31'12\" в.д.",
            "lat 50 27.5 lon 30 31.2",
            "lat: 50.4583333333 lon: 30.52",
            "50°27'30\" 30°31'12\"",
            "50 27 30 30 31 12",
        ] {
            let [lat, lon] = read(text);
            assert!((lat.value_deg - (50.0 + 27.5 / 60.0)).abs() < 1e-9, "{text}: {lat:?}");
            assert!((lon.value_deg - (30.0 + 31.2 / 60.0)).abs() < 1e-9, "{text}: {lon:?}");
        }
    }

    #[test]
    fn letters_and_signs_decide_the_half_of_the_earth() {
        let [lon, lat] = read("30.52 W 50.45 S");
        assert_eq!((lon.value_deg, lon.axis), (-30.52, Some(Axis::Longitude)));
        assert_eq!((lat.value_deg, lat.axis), (-50.45, Some(Axis::Latitude)));
        let [lat, lon] = read("-50.45 -30.52");
        assert_eq!((lat.value_deg, lon.value_deg, lat.axis), (-50.45, -30.52, None));
        assert_eq!(read("33°07'S 70°W")[1].value_deg, -70.0);
    }

    #[test]
    fn numbers_that_are_no_angles_are_refused_with_the_reason() {
        for text in ["50°61' 30°", "50.5°27' 30°", "-50.45N 30E", "50N 30N", "50 60 30 30 31 12"] {
            let refused = angles(&plain(text)).expect(text);
            assert!(refused.is_err(), "{text}: {refused:?}");
        }
    }
}
