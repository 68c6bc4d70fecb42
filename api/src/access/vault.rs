//! What the one secret of the installation gives: a key for each purpose, and the pepper of passwords.
//!
//! The secret lies outside the database. Whoever has a copy of the database alone can neither sign
//! tokens, nor make codes of a second factor, nor try passwords on it.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac};
use liendoan_core::db::StartError;
use liendoan_core::{Error, Result};
use secrecy::zeroize::Zeroizing;

/// What sealed bytes begin with, so that another way of sealing can be told from this one.
const VERSION: u8 = 1;

const SHORTEST: usize = 32;

/// Even 32 random hexadecimal digits hold more different ones, but for one secret in many thousands.
const FEWEST_DIFFERENT: usize = 8;

/// What documentation and examples write where a secret belongs, and people leave there.
const PLACEHOLDERS: [&str; 6] = [
    "change", "secret", "password", "example", "liendoan", "replace",
];

/// Keys that are derived from the secret. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    root: hkdf::Prk,
    pepper: hmac::Key,
}

impl Vault {
    /// Spaces and line ends around the secret do not count: files end with one, variables do not.
    pub fn new(secret: &[u8]) -> Result<Self, StartError> {
        let secret = secret.trim_ascii();
        if let Some(flaw) = flaw(secret) {
            return Err(StartError::new(format!(
                "access.secret: the secret of the installation {flaw}; `liendoan secret` makes a good one in a file, `openssl rand -base64 48` one to paste"
            )));
        }
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"liendoan").extract(secret);
        let pepper = derive(&root, &[b"pepper"])
            .map_err(|_| StartError::new("no key could be derived from the secret"))?;
        let pepper = hmac::Key::new(hmac::HMAC_SHA256, &*pepper);
        Ok(Self(Arc::new(Keys { root, pepper })))
    }

    /// Seals `plain` for one purpose and for what it is `bound_to`, such as an account's id: moved to
    /// another row, it does not open.
    pub fn seal(&self, purpose: &str, bound_to: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = plain.to_vec();
        let nonce = self.key(purpose).and_then(|key| {
            let context = Aad::from(context(purpose, bound_to));
            key.seal_in_place_append_tag(context, &mut sealed).ok()
        });
        let nonce = nonce.ok_or_else(|| Error::internal("could not seal"))?;
        Ok([&[VERSION], nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// What was sealed with this secret, for this purpose, bound to this. Anything else is `None`.
    pub fn open(&self, purpose: &str, bound_to: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&VERSION, sealed) = sealed.split_first()? else {
            return None;
        };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let context = Aad::from(context(purpose, bound_to));
        let key = self.key(purpose)?;
        let length = key.open_in_place(nonce, context, &mut opened).ok()?.len();
        opened.truncate(length);
        Some(opened)
    }

    /// What is hashed in a password's stead.
    pub fn pepper(&self, password: &[u8]) -> [u8; 32] {
        let mut peppered = [0; 32];
        peppered.copy_from_slice(hmac::sign(&self.0.pepper, password).as_ref());
        peppered
    }

    fn key(&self, purpose: &str) -> Option<RandomizedNonceKey> {
        let key = derive(&self.0.root, &[b"seal:", purpose.as_bytes()]).ok()?;
        RandomizedNonceKey::new(&AES_256_GCM, &*key).ok()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

fn derive(
    root: &hkdf::Prk,
    info: &[&[u8]],
) -> Result<Zeroizing<[u8; 32]>, aws_lc_rs::error::Unspecified> {
    let mut key = Zeroizing::new([0; 32]);
    root.expand(info, hkdf::HKDF_SHA256)?.fill(&mut *key)?;
    Ok(key)
}

/// Purpose and owner in one spelling; the length keeps `ab`, `c` apart from `a`, `bc`.
fn context(purpose: &str, bound_to: &str) -> Vec<u8> {
    let length = (purpose.len() as u64).to_be_bytes();
    let (purpose, bound_to) = (purpose.as_bytes(), bound_to.as_bytes());
    [&[VERSION], length.as_slice(), purpose, bound_to].concat()
}

/// Why `secret` is none. The sentence must not quote it.
fn flaw(secret: &[u8]) -> Option<&'static str> {
    if secret.is_empty() {
        return Some("is missing");
    }
    if secret.len() < SHORTEST {
        return Some("is shorter than 32 bytes");
    }
    let lower_case = String::from_utf8_lossy(secret).to_lowercase();
    if PLACEHOLDERS.iter().any(|word| lower_case.contains(word)) {
        return Some("is a placeholder");
    }
    (has_few_different(secret) || is_repeated(secret) || is_a_run(secret)).then_some("is guessable")
}

fn has_few_different(secret: &[u8]) -> bool {
    let mut bytes = secret.to_vec();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() < FEWEST_DIFFERENT
}

/// A shorter text, written again and again.
fn is_repeated(secret: &[u8]) -> bool {
    let is_period = |length: usize| secret.iter().zip(&secret[length..]).all(|(a, b)| a == b);
    (1..=secret.len() / 2).any(is_period)
}

/// Each byte follows the one before: `abcdef`, or the bytes 0, 1, 2.
fn is_a_run(secret: &[u8]) -> bool {
    let follows = secret
        .windows(2)
        .filter(|pair| pair[0].abs_diff(pair[1]) == 1);
    follows.count() > secret.len() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"mXq7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaT";

    fn vault() -> Vault {
        Vault::new(SECRET).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_and_owner_alone() {
        let sealed = vault().seal("totp", "account 7", b"plain").unwrap();
        // After a restart, or in another process.
        let again = Vault::new(SECRET).unwrap();
        let opened = again.open("totp", "account 7", &sealed).unwrap();
        assert_eq!(*opened, b"plain");
        assert!(again.open("totp", "account 8", &sealed).is_none());
        assert!(again.open("signing", "account 7", &sealed).is_none());
        assert!(again.open("totpa", "ccount 7", &sealed).is_none());
        let other = Vault::new(b"another mXq7vJ2pZ9tKc4LwRb8NyGd3Hs").unwrap();
        assert!(other.open("totp", "account 7", &sealed).is_none());
    }

    #[test]
    fn a_changed_bit_or_a_lost_byte_is_noticed() {
        let sealed = vault().seal("totp", "7", b"plain").unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(vault().open("totp", "7", &changed).is_none(), "{place}");
            assert!(vault().open("totp", "7", &sealed[..place]).is_none());
        }
    }

    #[test]
    fn the_same_text_never_looks_the_same_and_shows_nothing() {
        let seal = || vault().seal("totp", "7", b"plain plain plain").unwrap();
        let sealed = seal();
        assert_ne!(sealed, seal());
        assert_eq!(sealed.len(), 1 + NONCE_LEN + 17 + 16);
        assert!(!sealed.windows(5).any(|part| part == b"plain"));
        assert_eq!(format!("{:?}", vault()), "Vault");
    }

    #[test]
    fn nothing_can_be_sealed_as_well() {
        let sealed = vault().seal("totp", "7", b"").unwrap();
        assert!(vault().open("totp", "7", &sealed).unwrap().is_empty());
    }

    #[test]
    fn the_pepper_depends_on_the_secret_and_on_the_password() {
        let other = Vault::new(b"another mXq7vJ2pZ9tKc4LwRb8NyGd3Hs").unwrap();
        assert_eq!(vault().pepper(b"a"), vault().pepper(b"a"));
        assert_ne!(vault().pepper(b"a"), vault().pepper(b"b"));
        assert_ne!(vault().pepper(b"a"), other.pepper(b"a"));
    }

    #[test]
    fn derivation_stays_what_it_is() {
        // Computed apart, with another library: HKDF of RFC 5869 and HMAC of RFC 2104, both with SHA-256. Another result would
        // lock every account out.
        assert_eq!(hex(&vault().pepper(b"a")), PEPPERED);
        let opened = vault().open("totp", "account 7", &bytes(SEALED_ELSEWHERE));
        assert_eq!(*opened.unwrap(), b"plain");
    }

    const PEPPERED: &str = "0e0113420cf89624f93d7d38ed86d7da367a03322b22df304b27c1d8f21d83a1";
    const SEALED_ELSEWHERE: &str =
        "01020008b99a634b06bf89b24b95e1218976b821783f684360fac2439f278d4e4fc8";

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn a_missing_short_or_guessable_secret_is_refused_without_being_shown() {
        let refused = |secret: &[u8]| Vault::new(secret).unwrap_err().to_string();
        for missing in ["", " \n"] {
            assert!(refused(missing.as_bytes()).contains("is missing"));
        }
        assert!(refused(&SECRET[..31]).contains("shorter than 32"));
        let padded = [&SECRET[..31], b"\n\n\n"].concat();
        assert!(refused(&padded).contains("shorter than 32"));
        let ascending: Vec<u8> = (0..64).collect();
        let guessable: [&[u8]; 7] = [
            &[0; 32],
            &[b'x'; 64],
            b"0101010101010101010101010101010101010101",
            b"q8Z!mK2pq8Z!mK2pq8Z!mK2pq8Z!mK2p",
            b"correcthorsebatterycorrecthorsebatterycorr",
            b"abcdefghijklmnopqrstuvwxyz0123456789",
            &ascending,
        ];
        for secret in guessable {
            assert!(refused(secret).contains("is guessable"), "{secret:?}");
        }
        let left_there = "CHANGE-ME-CHANGE-ME-before-production-1";
        let refusal = refused(left_there.as_bytes());
        assert!(refusal.contains("is a placeholder"));
        assert!(!refusal.contains("before-production"));
    }

    #[test]
    fn what_tools_make_is_taken() {
        for secret in [
            "Zl3vWq0mJt1u7b8yQxk2c9n4sR5e6T7wYz1A2b3C4d5=",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "8d969eef6ecad3c29a3a629280e686cf",
        ] {
            assert!(Vault::new(secret.as_bytes()).is_ok(), "{secret}");
        }
        for _ in 0..1_000 {
            assert!(Vault::new(&rand::random::<[u8; 48]>()).is_ok());
        }
        // A file ends with a line end, a variable does not: the keys are the same.
        let from_file = Vault::new(&[SECRET, b"\n"].concat()).unwrap();
        assert_eq!(from_file.pepper(b"a"), vault().pepper(b"a"));
    }
}
