//! The passwords that are tried first, by rule: what people make of common words, keyboard rows and repetition when
//! twelve characters are asked for. No list of leaked passwords is carried.

/// Words that common passwords are made of, in small letters without digits.
const WORDS: &str = include_str!("../data/common-words.txt");

/// Rows that fingers run along.
const ROWS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qwertzuiopü",
    "azertyuiop",
    "йцукенгшщзхї",
    "фівапролджє",
];

/// Whether a password (in small letters) is one that is tried first.
pub(crate) fn is_common(small: &str) -> bool {
    let characters: Vec<char> = small.chars().collect();
    if is_repeated(&characters) || is_run(&characters) {
        return true;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let bare = letters(small);
    let read = letters(&small.chars().map(letter_meant).collect::<String>());
    bare.chars().count() < 4 || [bare, read].iter().any(|text| is_of_common_words(text))
}

/// The letter that people write a sign for.
fn letter_meant(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// One group again and again, such as `abcabcabcabc`, also cut off at the end; or fewer than five characters in all.
fn is_repeated(characters: &[char]) -> bool {
    let mut different = characters.to_vec();
    different.sort_unstable();
    different.dedup();
    let is_group =
        |length: usize| characters.iter().zip(&characters[length..]).all(|(one, next)| one == next);
    different.len() < 5 || (1..=characters.len() / 2).any(is_group)
}

/// Nearly every character is a neighbour of the one before it, in a row or in counting.
fn is_run(characters: &[char]) -> bool {
    let is_step = |pair: &&[char]| {
        let (from, to) = (u32::from(pair[0]), u32::from(pair[1]));
        from.abs_diff(to) <= 1 || is_beside(pair[0], pair[1])
    };
    let steps = characters.windows(2).filter(is_step).count();
    steps * 5 >= characters.len().saturating_sub(1) * 4
}

fn is_beside(one: char, other: char) -> bool {
    ROWS.iter().any(|row| {
        let at = |wanted| row.chars().position(|c| c == wanted);
        matches!((at(one), at(other)), (Some(from), Some(to)) if from.abs_diff(to) <= 1)
    }) || matches!((one, other), ('9', '0') | ('0', '9'))
}

/// Whether it is one common word, or two, with at most three other letters.
fn is_of_common_words(letters: &str) -> bool {
    let rest_of = |text: &str| {
        WORDS
            .lines()
            .filter(|word| text.starts_with(word))
            .map(|word| text[word.len()..].to_owned())
            .collect::<Vec<_>>()
    };
    let is_short = |rest: &String| rest.chars().count() <= 3;
    let after_one = rest_of(letters);
    after_one.iter().any(is_short) || after_one.iter().any(|rest| rest_of(rest).iter().any(is_short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_make_of_common_words_and_rows_is_common() {
        let common = [
            "password1234",
            "p@ssw0rd2024!",
            "welcome12345",
            "iloveyou1234",
            "qwerty123456",
            "qwertyuiop12",
            "1qaz2wsx3edc4rfv",
            "123456789012",
            "abcdefghijkl",
            "abcabcabcabc",
            "adminadmin12",
            "ukraine2022!",
            "minemap12345",
            "demining2026!",
            "йцукенгшщзхї",
            "пароль123456",
            "letmein!!!!!",
            "aaaaaaaaaaaa1",
            "summer2026!!",
            "changeme1234",
        ];
        for password in common {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn what_nobody_tries_first_is_not() {
        let fine = [
            "correct horse battery",
            "k7fq-m3xa-pq2z-vv6n-ab4c",
            "blue tractor 19 over the hill",
            "тиха вода греблю рве",
            "j8$kq!vz2pw9",
        ];
        for password in fine {
            assert!(!is_common(password), "{password}");
        }
    }
}
