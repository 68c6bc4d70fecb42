//! What a ZIP says of its parts. It is never unpacked here; whoever opens it later is kept from harm.

use std::fs::File;

use liendoan_core::{Code, Error};
use rawzip::{RECOMMENDED_BUFFER_SIZE, ZipArchive};

use super::inside::broken;

/// The most parts, bytes of all parts unpacked, and bytes unpacked for one packed (OWASP ASVS 5.2.3).
const PARTS_MAX: u64 = 10_000;
const UNPACKED_MAX: u64 = 200 << 20;
const RATIO_MAX: u64 = 100;

/// Parts as small as this may be packed as tightly as they like.
const SMALL: u64 = 64 << 10;

/// Refuses an archive that floods whoever unpacks it, or writes outside the folder that it is unpacked into.
pub fn check(file: &File) -> Result<(), Error> {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let length = file.metadata().map_err(Error::internal)?.len();
    let file = file.try_clone().map_err(Error::internal)?;
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(broken)?;
    let (mut parts, mut packed, mut unpacked) = (0, 0_u64, 0_u64);
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(broken)? {
        let (small, large) = (entry.compressed_size_hint(), entry.uncompressed_size_hint());
        parts += 1;
        packed = packed.saturating_add(small);
        unpacked = unpacked.saturating_add(large);
        let is_flood = large > SMALL && large / RATIO_MAX > small;
        // Parts that lie over each other unpack to more than the file could hold.
        if parts > PARTS_MAX || unpacked > UNPACKED_MAX || is_flood || packed > length {
            return Err(harmful());
        }
        if entry.mode().is_symlink() || leads_out(entry.file_path().as_bytes()) {
            return Err(harmful());
        }
    }
    Ok(())
}

fn leads_out(path: &[u8]) -> bool {
    let is_separator = |byte: &u8| *byte == b'/' || *byte == b'\\';
    let has_drive = path.get(1) == Some(&b':');
    has_drive
        || path.first().is_some_and(is_separator)
        || path.split(is_separator).any(|step| step == b"..")
}

fn harmful() -> Error {
    Error::new(Code::ArchiveHarmful)
        .with("max_parts", PARTS_MAX)
        .with("max_unpacked_bytes", UNPACKED_MAX)
        .with("max_ratio", RATIO_MAX)
}
