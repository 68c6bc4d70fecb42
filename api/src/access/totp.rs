//! The second factor: codes that change every half minute (RFC 6238 over RFC 4226, with SHA-1, which
//! is what every authenticator knows).

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;

/// How many steps a telephone's clock may be ahead or behind.
const SKEW: i64 = 1;

/// As long as SHA-1's result: what RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// What an account shares with its authenticator.
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    pub fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// As it was kept; `None` where that is no secret of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// To be sealed and kept.
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// For whoever can't scan: what they type into the authenticator.
    pub fn base32(&self) -> SecretString {
        base32(self.as_bytes()).into()
    }

    /// What the authenticator scans as a QR code.
    pub fn uri(&self, issuer: &str, account: &str) -> SecretString {
        let secret = Zeroizing::new(base32(self.as_bytes()));
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
        let uri = format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            *secret
        );
        uri.into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The step whose code this is; it is to be kept as the last one used, in the transaction that lets the
/// account in. No step is accepted twice, and none older than the last one used.
pub fn check(
    secret: &Secret,
    typed: &str,
    now_seconds: i64,
    last_used_step: Option<i64>,
) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let this_step = now_seconds.div_euclid(STEP_SECONDS);
    let mut found = None;
    // All of them, always; of two that are the same, the later one is used up.
    for step in this_step - SKEW..=this_step + SKEW {
        let is_unused = last_used_step.is_none_or(|last| step > last);
        let code = code(secret, step);
        let is_same = verify_slices_are_equal(code.as_bytes(), typed.as_bytes()).is_ok();
        if is_same && is_unused {
            found = Some(step);
        }
    }
    found
}

/// The digits of a step.
fn code(secret: &Secret, step: i64) -> String {
    let number = truncated(secret.as_bytes(), step) % 10_u32.pow(DIGITS as u32);
    format!("{number:0DIGITS$}")
}

/// RFC 4226, section 5.3: 31 bits out of the HMAC, at a place that its last four bits choose.
fn truncated(secret: &[u8], counter: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let place = usize::from(tag[tag.len() - 1] & 0xf);
    let chosen = tag[place..place + 4].iter();
    chosen.fold(0, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff
}

/// RFC 4648, section 6. Secrets are of a length that needs no padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letter =
        |group: u64, place: usize| char::from(ALPHABET[(group >> (35 - 5 * place) & 31) as usize]);
    let groups = bytes.chunks(5).map(|group| {
        let group = group
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (0..8).map(move |place| letter(group, place))
    });
    groups.flatten().collect()
}

/// Every byte but letters, digits and `-._~`. Authenticators read `+` as itself: no form encoding.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn of_the_rfcs() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        // Appendix D.
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        for (counter, expected) in (0..).zip(codes) {
            assert_eq!(code(&of_the_rfcs(), counter), expected);
        }
    }

    #[test]
    fn times_are_those_of_rfc_6238() {
        // Appendix B, the last six of eight digits.
        for (now, digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = check(&of_the_rfcs(), &digits[2..], now, None);
            assert_eq!(step, Some(now / 30), "{now}");
        }
    }

    const NOW: i64 = 1_700_000_010;
    const STEP: i64 = NOW / 30;

    fn checked(step: i64, last_used: Option<i64>) -> Option<i64> {
        check(&of_the_rfcs(), &code(&of_the_rfcs(), step), NOW, last_used)
    }

    #[test]
    fn clocks_may_differ_by_one_step() {
        let accepted: Vec<i64> = (STEP - 5..STEP + 5)
            .filter(|step| checked(*step, None).is_some())
            .collect();
        assert_eq!(accepted, [STEP - 1, STEP, STEP + 1]);
    }

    #[test]
    fn a_step_counts_once_and_none_before_the_last_one_used() {
        assert_eq!(checked(STEP, Some(STEP - 1)), Some(STEP));
        assert_eq!(checked(STEP, Some(STEP)), None);
        assert_eq!(checked(STEP - 1, Some(STEP)), None);
        assert_eq!(checked(STEP + 1, Some(STEP)), Some(STEP + 1));
        assert_eq!(checked(STEP, Some(STEP + 1)), None);
    }

    #[test]
    fn only_six_digits_are_a_code() {
        let right = code(&of_the_rfcs(), STEP);
        let check = |typed: &str| check(&of_the_rfcs(), typed, NOW, None);
        let (first, second) = right.split_at(3);
        assert_eq!(check(&format!(" {first} {second}\n")), Some(STEP));
        for wrong in [
            "",
            "000",
            &right[1..],
            &format!("{right}0"),
            &format!("0{right}"),
            &format!("{first}-{second}"),
        ] {
            assert_eq!(check(wrong), None, "{wrong}");
        }
        let of_another = code(&Secret::random(), STEP + 40);
        assert!(of_another == right || check(&of_another).is_none());
    }

    #[test]
    fn times_before_1970_and_far_away_do_no_harm() {
        for now in [-1, 0, -1_000_000, 1_i64 << 60] {
            let step = now.div_euclid(30);
            let code = code(&of_the_rfcs(), step);
            assert_eq!(check(&of_the_rfcs(), &code, now, None), Some(step));
        }
    }

    #[test]
    fn an_authenticator_can_read_the_uri() {
        // RFC 4648, section 10, has no vector of such a length; this is the secret of many tutorials.
        assert_eq!(
            base32(b"12345678901234567890"),
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        );
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        let uri = of_the_rfcs().uri("Liên đoàn", "hoa@example.vn");
        assert_eq!(
            uri.expose_secret(),
            "otpauth://totp/Li%C3%AAn%20%C4%91o%C3%A0n:hoa%40example.vn\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Li%C3%AAn%20%C4%91o%C3%A0n\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(of_the_rfcs().base32().expose_secret().len(), 32);
    }

    #[test]
    fn secrets_are_random_kept_as_bytes_and_never_shown() {
        let secret = Secret::random();
        assert_ne!(secret.as_bytes(), Secret::random().as_bytes());
        let again = Secret::from_bytes(secret.as_bytes()).unwrap();
        assert_eq!(again.as_bytes(), secret.as_bytes());
        assert!(Secret::from_bytes(b"short").is_none());
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
