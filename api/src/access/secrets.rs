//! Secrets that carry nothing: random text, shown once and kept as its hash.
//!
//! They hold 256 random bits, so a fast hash will do: nobody can try them all, as one could with
//! passwords. They are found by looking their hash up, which tells an observer of time nothing about
//! the secret; no comparison in constant time is needed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// 32 bytes in base64url.
const RANDOM_CHARACTERS: usize = 43;

/// What a secret opens. People and scanners know a leaked one by its first letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    RefreshToken,
    ServiceSecret,
    Invitation,
    /// Of an account that nobody has chosen a password for: the demo's.
    Password,
}

impl Kind {
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::RefreshToken => "ldr_",
            Self::ServiceSecret => "lds_",
            Self::Invitation => "ldi_",
            Self::Password => "ldp_",
        }
    }

    /// Whether `text` could be a secret of this kind: what can't be need not be looked up.
    pub fn fits(self, text: &str) -> bool {
        text.strip_prefix(self.prefix()).is_some_and(|random| {
            random.len() == RANDOM_CHARACTERS && URL_SAFE_NO_PAD.decode(random).is_ok()
        })
    }
}

/// A secret at the moment of its making.
pub struct Opaque(SecretString);

impl Opaque {
    pub fn generate(kind: Kind) -> Self {
        let random = Zeroizing::new(rand::random::<[u8; 32]>());
        let random = Zeroizing::new(URL_SAFE_NO_PAD.encode(*random));
        Self(format!("{}{}", kind.prefix(), *random).into())
    }

    /// As it is shown, once, to whom it belongs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// As it is kept.
    pub fn hash(&self) -> [u8; 32] {
        hash(self.expose())
    }
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opaque")
    }
}

/// As a secret that somebody presents was kept.
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const KINDS: [Kind; 3] = [Kind::RefreshToken, Kind::ServiceSecret, Kind::Invitation];

    #[test]
    fn a_secret_fits_its_own_kind_alone() {
        for kind in KINDS {
            let secret = Opaque::generate(kind);
            for other in KINDS {
                assert_eq!(other.fits(secret.expose()), other == kind);
            }
        }
    }

    #[test]
    fn what_was_cut_or_padded_fits_nothing() {
        let secret = Opaque::generate(Kind::RefreshToken);
        let text = secret.expose();
        for changed in [
            text[..text.len() - 1].to_owned(),
            format!("{text}="),
            format!("{text}A"),
            format!(" {text}"),
            text.replace("ldr_", "LDR_"),
            format!("ldr_{}", "é".repeat(21)) + "A",
            "ldr_".to_owned(),
            String::new(),
        ] {
            assert!(!Kind::RefreshToken.fits(&changed), "{changed}");
        }
    }

    #[test]
    fn no_two_are_alike_and_none_is_shown_by_debug() {
        let generate = |_| Opaque::generate(Kind::Invitation);
        let secrets: Vec<_> = (0..1_000).map(generate).collect();
        let texts: HashSet<_> = secrets.iter().map(Opaque::expose).collect();
        let hashes: HashSet<_> = secrets.iter().map(Opaque::hash).collect();
        assert_eq!((texts.len(), hashes.len()), (1_000, 1_000));
        assert_eq!(format!("{:?}", secrets[0]), "Opaque");
    }

    #[test]
    fn what_is_presented_is_found_by_its_hash() {
        let secret = Opaque::generate(Kind::ServiceSecret);
        assert_eq!(hash(secret.expose()), secret.hash());
        // FIPS 180-2, appendix B.1.
        assert_eq!(hash("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
