//! Recovery codes: each stands once for the second factor, when the telephone is lost.

use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// How many are given out at a time.
pub const CODES: usize = 10;

/// 25 digits hold 83 bits: too many to try, so their plain hash may be kept. Digits alone, because
/// Vietnamese keyboards turn `dd` into `đ` and `w` into `ư`.
const DIGITS: usize = 25;
const GROUP: usize = 5;

/// New codes, in groups of digits such as `40718-…`.
pub fn generate() -> [SecretString; CODES] {
    std::array::from_fn(|_| code())
}

fn code() -> SecretString {
    let mut code = String::with_capacity(DIGITS + DIGITS / GROUP);
    for place in 0..DIGITS {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        let digit: u8 = rand::random_range(0..10);
        code.push(char::from(b'0' + digit));
    }
    code.into()
}

/// How a code is kept, and found again when somebody types it, with whatever signs between its groups.
pub fn hash(typed: &str) -> [u8; 32] {
    let digits: String = typed.chars().filter(|c| c.is_alphanumeric()).collect();
    Sha256::digest(digits).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn codes_are_ten_of_five_groups_of_five_digits_all_different() {
        let codes = generate();
        for code in &codes {
            let groups: Vec<&str> = code.expose_secret().split('-').collect();
            assert_eq!(groups.len(), 5);
            for group in groups {
                assert_eq!(group.len(), 5);
                assert!(group.bytes().all(|b| b.is_ascii_digit()));
            }
        }
        let different: HashSet<_> = codes
            .iter()
            .map(|code| hash(code.expose_secret()))
            .collect();
        assert_eq!(different.len(), CODES);
    }

    #[test]
    fn every_digit_comes_up() {
        let all: String = generate()
            .map(|code| code.expose_secret().to_owned())
            .concat();
        // 250 digits: one is missing once in ten thousand million times.
        assert!(('0'..='9').all(|digit| all.contains(digit)));
    }

    #[test]
    fn spaces_dashes_and_none_read_the_same() {
        let kept = hash("40718-22901-55310-08846-71209");
        for typed in [
            "4071822901553100884671209",
            " 40718 22901 55310 08846 71209\n",
            "40718–22901—55310.08846\u{a0}71209",
        ] {
            assert_eq!(hash(typed), kept, "{typed}");
        }
        for typed in [
            "40718-22901-55310-08846-71208",
            "40718-22901-55310-08846",
            "",
            "O0718-22901-55310-08846-71209",
        ] {
            assert_ne!(hash(typed), kept, "{typed}");
        }
    }
}
