//! A pair of metres as typed: digits in groups of three or not, with or without letters for the axes.

use super::text::Typed;

/// Two numbers, and which of them is which where the text says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub first: Typed,
    pub second: Typed,
    /// `Some(true)` where letters say that easting stands first.
    pub is_easting_first: Option<bool>,
}

impl Pair {
    /// How far the true place can be from the numbers, in their unit: half a last digit each way.
    pub fn error(&self) -> f64 {
        (self.first.step / 2.0).hypot(self.second.step / 2.0)
    }
}

/// Reads `6412345 5423456`, `6 412 345 5 423 456`, `412345mE 5423456mN`, `X=5423456 Y=6412345`.
///
/// `X` and `Y` say nothing: north is X in Ukrainian surveying and Y elsewhere.
pub(super) fn pair(text: &str) -> Option<Pair> {
    let (numbers, letters) = runs(text)?;
    let is_easting_first = match letters[..] {
        [] => None,
        ['E', 'N'] => Some(true),
        ['N', 'E'] => Some(false),
        _ => return None,
    };
    let (first, second) = match &numbers[..] {
        [first, second] => (joined(first)?, joined(second)?),
        [all] => split(all)?,
        _ => return None,
    };
    Some(Pair { first, second, is_easting_first })
}

type Number = (f64, Vec<String>);

/// Runs of digits between separators or letters, with their sign, and the letters of the axes.
fn runs(text: &str) -> Option<(Vec<Number>, Vec<char>)> {
    let mut numbers: Vec<Number> = Vec::new();
    let (mut letters, mut is_open) = (Vec::new(), false);
    for word in spaced(text).split(' ').filter(|word| !word.is_empty()) {
        let (sign, digits) = word.strip_prefix('-').map_or((1.0, word), |digits| (-1.0, digits));
        match word {
            ";" | "M" | "М" | "X" | "Y" | "Х" | "У" => is_open = false,
            "E" | "EASTING" | "СХ" => (letters.push('E'), is_open = false).1,
            "N" | "NORTHING" | "ПН" => (letters.push('N'), is_open = false).1,
            "ME" => (letters.push('E'), is_open = false).1,
            "MN" => (letters.push('N'), is_open = false).1,
            _ if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => return None,
            _ => match numbers.last_mut().filter(|_| is_open && sign > 0.0) {
                Some((_, run)) => run.push(digits.to_owned()),
                None => {
                    numbers.push((sign, vec![digits.to_owned()]));
                    is_open = true;
                }
            },
        }
    }
    Some((numbers, letters))
}

/// The text with blanks between digits, letters and signs.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() * 2);
    let kind = |letter: char| match letter {
        _ if letter.is_ascii_digit() || ".-".contains(letter) => 1,
        _ if letter.is_alphabetic() => 2,
        _ => 0,
    };
    let mut before = ' ';
    for letter in text.chars() {
        let letter = match letter {
            '=' | ':' | '\'' => ' ',
            '/' => ';',
            other => other,
        };
        if kind(letter) != kind(before) || letter == '-' {
            spaced.push(' ');
        }
        spaced.push(letter);
        before = letter;
    }
    spaced
}

/// One number out of groups of three digits.
fn joined((sign, groups): &Number) -> Option<Typed> {
    let is_group = |group: &String| group.split('.').next().is_some_and(|whole| whole.len() == 3);
    let points = groups.iter().rev().skip(1).any(|group| group.contains('.'));
    let begins = groups.len() == 1 || groups.first().is_some_and(|first| (1..=3).contains(&first.len()));
    if points || !begins || !groups.iter().skip(1).all(is_group) {
        return None;
    }
    let typed = Typed::read(&groups.concat())?;
    Some(Typed { value: sign * typed.value, ..typed })
}

/// Two numbers out of one run of groups, where there is one way only.
fn split((sign, groups): &Number) -> Option<(Typed, Typed)> {
    let way = |at: usize| {
        let (first, second) = groups.split_at(at);
        Some((joined(&(*sign, first.to_vec()))?, joined(&(1.0, second.to_vec()))?))
    };
    let mut ways = (1..groups.len()).filter_map(way);
    let found = ways.next()?;
    if ways.next().is_some() { None } else { Some(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_are_read_in_groups_with_letters_and_with_separators() {
        for text in [
            "6412345 5423456",
            "6 412 345 5 423 456",
            "6412345;5423456",
            "6 412 345; 5 423 456",
            "Y=6412345 X=5423456",
        ] {
            let read = pair(text).expect(text);
            assert_eq!((read.first.value, read.second.value), (6_412_345.0, 5_423_456.0), "{text}");
        }
        assert_eq!(pair("412345ME 5423456MN").expect("reads").is_easting_first, Some(true));
        assert_eq!(pair("N 5423456.25 E 412345").expect("reads").is_easting_first, Some(false));
        assert_eq!(pair("-7000.5 12").expect("reads").first.value, -7_000.5);
        for text in ["", "1", "1 2 3", "1;2;3", "X", "12 E", "5 423 456 412 345", "1..2 3"] {
            assert_eq!(pair(text), None, "{text}");
        }
    }
}
