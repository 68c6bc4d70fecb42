//! Archives whose directories say whatever a test wants.

/// What a directory says of a part.
#[derive(Clone, Copy)]
pub struct Part {
    pub name: &'static str,
    /// Bytes that it takes in the archive, and that it is said to take unpacked.
    pub packed: u32,
    pub unpacked: u32,
    /// Of Unix: what kind of file it is, and its permissions.
    pub mode: u32,
}

impl Part {
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            packed: 10,
            unpacked: 10,
            mode: 0o100_644,
        }
    }
}

/// An archive of these parts, as APPNOTE.TXT (PKWARE) writes them. Each takes as much room as it says, but for one
/// that lies over the one before it.
pub fn zip(parts: &[Part]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (index, part) in parts.iter().enumerate() {
        let at = archive.len() as u32;
        let common = [
            // Version, flags, deflated, time, date, checksum.
            &b"\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0"[..],
            &part.packed.to_le_bytes(),
            &part.unpacked.to_le_bytes(),
            &(part.name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        archive.extend([b"PK\x03\x04", &common[..], part.name.as_bytes()].concat());
        let lies_over = index > 0 && part.packed == parts[index - 1].packed && part.packed > 10_000;
        if !lies_over {
            archive.resize(archive.len() + part.packed as usize, 0x5a);
        }
        // Made by Unix; no comment, first disk, binary.
        directory.extend([b"PK\x01\x02\x14\x03", &common[..], &[0; 6]].concat());
        directory.extend((part.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let (at, count) = (archive.len() as u32, parts.len() as u16);
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([(directory.len() as u32).to_le_bytes(), at.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}
