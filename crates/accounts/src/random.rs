//! Random values for people and programs, and their hashes.

use sha2::{Digest, Sha256};

use crate::AccountsError;

/// Digits and letters, in the order of their values.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// RFC 4648 in small letters: easy to read aloud and to type.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// So many random bytes of the operating system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], AccountsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// 43 random letters and digits: 256 bits.
pub(crate) fn secret_text() -> Result<String, AccountsError> {
    let mut text = String::with_capacity(43);
    while text.len() < 43 {
        // 248 is the greatest multiple of 62 in a byte: what lies above would make some letters likelier.
        let drawn = bytes::<64>()?;
        let letters = drawn.iter().filter(|byte| **byte < 248).map(|byte| BASE62[usize::from(*byte) % 62]);
        text.extend(letters.take(43 - text.len()).map(char::from));
    }
    Ok(text)
}

/// A number in base 62 with six digits; larger ones than 32 bits hold do not occur.
pub(crate) fn base62_of(number: u32) -> String {
    let mut digits = [b'0'; 6];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

/// Groups of letters and digits for people: five bits each, in fours.
pub(crate) fn for_people(groups: usize) -> Result<String, AccountsError> {
    let drawn = bytes::<64>()?;
    let letters: Vec<_> = drawn.iter().map(|byte| char::from(BASE32[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).take(groups).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// A short public identifier: 64 random bits.
pub(crate) fn public_id() -> Result<String, AccountsError> {
    Ok(hex(&bytes::<8>()?))
}

/// Bytes in base 32 (RFC 4648) without padding, as authenticator apps read it.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let letters = (chunk.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|at| char::from(BASE32[(bits >> (35 - 5 * at) & 31) as usize])));
    }
    text.to_ascii_uppercase()
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256. Enough for values of 80 bits and more that nobody chose.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        let pairs =
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")];
        for (bytes, text) in pairs {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn random_texts_are_of_the_promised_length_and_differ() {
        let (one, other) = (secret_text().expect("random"), secret_text().expect("random"));
        assert!(one.len() == 43 && one != other && one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(for_people(5).expect("random").len(), 24);
        assert_eq!((base62_of(0), base62_of(u32::MAX)), ("000000".to_owned(), "4gfFC3".to_owned()));
    }
}
