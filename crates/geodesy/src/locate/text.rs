//! Typed text made plain: one form for each sign, and the two meanings of a comma.

/// One form for signs that look alike: capitals, `-`, `°`, `'`, `"`, blank. Length in characters hardly changes.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            'º' | '˚' | '∘' => plain.push('°'),
            '′' | '’' | '‘' | '‛' | 'ʹ' | 'ʼ' | '´' | '`' => plain.push('\''),
            '″' | '”' | '“' | '„' | '‟' | 'ʺ' => plain.push('"'),
            '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => {}
            blank if blank.is_whitespace() || "()[]{}|_".contains(blank) => plain.push(' '),
            other => plain.extend(other.to_uppercase()),
        }
    }
    plain.replace("''", "\"").trim().to_owned()
}

/// The ways in which the commas of `text` can be meant, likeliest first: decimal points become `.`, separators `;`.
pub(super) fn commas(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |index: usize| letters.get(index).is_some_and(char::is_ascii_digit);
    let is_inner = |index: &usize| *index > 0 && is_digit(index - 1) && is_digit(index + 1);
    let at = |sign: char| -> Vec<usize> {
        letters.iter().enumerate().filter(|(_, letter)| **letter == sign).map(|(index, _)| index).collect()
    };
    let inner: Vec<usize> = at(',').into_iter().filter(is_inner).collect();
    let is_listed = !at(';').is_empty() || at(',').len() > inner.len();
    let has_point = at('.').iter().any(is_inner);
    let numbers =
        text.split(|c: char| !c.is_ascii_digit() && c != ',').filter(|run| run.contains(|c: char| c != ','));
    let separators = if has_point && !is_listed {
        inner.clone()
    } else {
        match (inner.len(), numbers.count()) {
            (1, 1) if !is_listed => inner.clone(),
            (3, 1) if !is_listed => vec![inner[1]],
            _ => Vec::new(),
        }
    };
    let write = |separators: &[usize]| {
        let letter = |(index, letter): (usize, &char)| match letter {
            ',' if separators.contains(&index) || !is_inner(&index) => ';',
            ',' => '.',
            other => *other,
        };
        letters.iter().enumerate().map(letter).collect::<String>()
    };
    let mut ways = vec![write(&separators)];
    let other = write(&inner);
    if !inner.is_empty() && !ways.contains(&other) {
        ways.push(other);
    }
    ways
}

/// A number as typed, with the size of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Typed {
    /// Its value.
    pub value: f64,
    /// Size of one unit of its last digit.
    pub step: f64,
    /// Whether it has decimals.
    pub has_decimals: bool,
}

impl Typed {
    /// Reads digits with at most one point; no sign, no exponent.
    pub fn read(text: &str) -> Option<Self> {
        const DIGITS_MAX: usize = 30;
        let is_plain =
            text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !is_plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let value = text.parse().ok()?;
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        Some(Self { value, step: 10f64.powi(-(decimals as i32)), has_decimals: decimals > 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_a_decimal_sign_or_a_separator_as_its_neighbours_say() {
        for (text, first) in [
            ("50,45 30,52", "50.45 30.52"),
            ("50.45,30.52", "50.45;30.52"),
            ("50.45, 30.52", "50.45; 30.52"),
            ("50,45, 30,52", "50.45; 30.52"),
            ("50,45; 30,52", "50.45; 30.52"),
            ("50,45,30,52", "50.45;30.52"),
            ("412345,5423456", "412345;5423456"),
            ("50N,30E", "50N;30E"),
            ("36,25 49", "36.25 49"),
        ] {
            assert_eq!(commas(text)[0], first, "{text}");
        }
        assert!(commas("37U 412345,5423456").contains(&"37U 412345;5423456".to_owned()));
    }
}
