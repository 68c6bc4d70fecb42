//! What stands in an image beside the picture: place, day, camera, names, thumbnails, comments. Formats are
//! made of parts; those that the picture needs are copied, and nothing else. Libraries that do this hold a file
//! in memory, and one made of empty parts several times over; here a part at a time. Each answers how many pixels
//! the picture has.

use std::io::{self, BufRead, Cursor, Error, ErrorKind, Read, Seek, SeekFrom, Write};

/// Copies a JPEG (ITU-T T.81, annex B) up to its end, without what programs append behind it.
pub fn jpeg(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<u64> {
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    if array(from)? != [0xff, 0xd8] {
        return Err(ErrorKind::InvalidData.into());
    }
    to.write_all(&[0xff, 0xd8])?;
    let (mut pixels, mut next) = (0, None);
    loop {
        let marker = match next.take() {
            Some(marker) => marker,
            None => marker(from)?,
        };
        match marker {
            END => {
                to.write_all(&[0xff, END])?;
                return Ok(pixels);
            }
            0x01 | 0xd0..=0xd7 => to.write_all(&[0xff, marker])?,
            0x02..=0xbf | 0xd8 => return Err(ErrorKind::InvalidData.into()),
            _ => {
                let content = segment(from)?;
                if is_frame(marker) {
                    pixels = pixels.max(pixels_of_frame(&content)?);
                }
                let orientation = match marker {
                    0xe1 => orientation_of(&content),
                    _ => None,
                };
                if let Some(orientation) = orientation {
                    write_segment(to, marker, &exif(orientation))?;
                } else if shows(marker, &content) {
                    write_segment(to, marker, &content)?;
                }
            }
        }
        if marker == SCAN {
            next = entropy(from, to)?;
            if next.is_none() {
                // It broke off before it came to us: as much of it shows as is there.
                next = Some(END);
            }
        }
    }
}

/// Whether it tells of the pixels that follow.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

fn pixels_of_frame(content: &[u8]) -> io::Result<u64> {
    // Bits of a sample, then height and width.
    let [_, h1, h2, w1, w2, ..] = *content else {
        return Err(ErrorKind::InvalidData.into());
    };
    Ok(area(
        u16::from_be_bytes([w1, w2]),
        u16::from_be_bytes([h1, h2]),
    ))
}

fn area(width: impl Into<u64>, height: impl Into<u64>) -> u64 {
    width.into().saturating_mul(height.into())
}

/// Whether the picture needs a segment: of those for applications JFIF, the colour profile and Adobe's colours.
fn shows(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => true,
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

fn marker(from: &mut impl BufRead) -> io::Result<u8> {
    let [mut byte] = array(from)?;
    if byte != 0xff {
        return Err(ErrorKind::InvalidData.into());
    }
    while byte == 0xff {
        [byte] = array(from)?;
    }
    Ok(byte)
}

fn segment(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let length = u16::from_be_bytes(array(from)?).checked_sub(2);
    exactly(from, u64::from(length.ok_or(ErrorKind::InvalidData)?))
}

fn write_segment(to: &mut impl Write, marker: u8, content: &[u8]) -> io::Result<()> {
    let length = u16::try_from(content.len() + 2).map_err(Error::other)?;
    to.write_all(&[0xff, marker])?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(content)
}

/// Copies the compressed picture; answers the marker behind it, if it does not break off.
fn entropy(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<u8>> {
    loop {
        let bytes = from.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let Some(at) = bytes.iter().position(|byte| *byte == 0xff) else {
            let length = bytes.len();
            to.write_all(bytes)?;
            from.consume(length);
            continue;
        };
        to.write_all(&bytes[..at])?;
        from.consume(at + 1);
        loop {
            match from.fill_buf()?.first().copied() {
                None => return Ok(None),
                Some(byte) => {
                    from.consume(1);
                    match byte {
                        0xff => {}
                        0x00 | 0xd0..=0xd7 => {
                            to.write_all(&[0xff, byte])?;
                            break;
                        }
                        marker => return Ok(Some(marker)),
                    }
                }
            }
        }
    }
}

const EXIF: &[u8] = b"Exif\0\0";

/// Which way up it is shown: 2 to 8, where it is not as it lies (Exif 2.3, tag 274).
fn orientation_of(content: &[u8]) -> Option<u8> {
    let tiff = content.strip_prefix(EXIF)?;
    let value = find(&mut Cursor::new(tiff), 0x0112).ok()??;
    u8::try_from(value)
        .ok()
        .filter(|value| (2..=8).contains(value))
}

/// Exif data that tell this alone.
fn exif(orientation: u8) -> Vec<u8> {
    // Little-endian; one directory, at 8; one entry: tag 274, one SHORT; no further directory.
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    [EXIF, &tiff].concat()
}

/// Copies a PNG (ISO/IEC 15948) up to its end.
pub fn png(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<u64> {
    /// Those that need not be there, and change what is seen.
    const SHOWN: [&[u8; 4]; 12] = [
        b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL",
        b"fcTL", b"fdAT",
    ];
    to.write_all(&array::<8>(from)?)?;
    let mut pixels = 0;
    loop {
        let (length, kind) = (array(from)?, array::<4>(from)?);
        // The content and its checksum.
        let rest = u64::from(u32::from_be_bytes(length)) + 4;
        if &kind == b"IHDR" {
            let [width, height] = [array(from)?, array(from)?];
            let size = [width, height].map(u32::from_be_bytes);
            pixels = pixels.max(area(size[0], size[1]));
            to.write_all(&[length, kind, width, height].concat())?;
            copy(from, to, rest.checked_sub(8).ok_or(ErrorKind::InvalidData)?)?;
        } else if kind[0].is_ascii_uppercase() || SHOWN.contains(&&kind) {
            to.write_all(&[length, kind].concat())?;
            copy(from, to, rest)?;
        } else {
            copy(from, &mut io::sink(), rest)?;
        }
        if &kind == b"IEND" {
            return Ok(pixels);
        }
    }
}

/// Copies a WebP (RFC 9649).
pub fn webp(from: &mut impl BufRead, to: &mut (impl Write + Seek)) -> io::Result<u64> {
    const SHOWN: [&[u8; 4]; 7] = [
        b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
    ];
    let [riff, size, webp] = [array::<4>(from)?, array(from)?, array(from)?];
    to.write_all(&[riff, size, webp].concat())?;
    let mut left = u64::from(u32::from_le_bytes(size)).saturating_sub(4);
    let (mut written, mut pixels) = (4, 0);
    while left > 0 {
        let (kind, size) = (array::<4>(from)?, array(from)?);
        let length = u64::from(u32::from_le_bytes(size));
        let padded = length + length % 2;
        left = left.checked_sub(padded + 8).ok_or(ErrorKind::InvalidData)?;
        if !SHOWN.contains(&&kind) {
            copy(from, &mut io::sink(), padded)?;
            continue;
        }
        let mut head = exactly(from, padded.min(10))?;
        pixels = pixels.max(pixels_of_chunk(&kind, &mut head).unwrap_or_default());
        to.write_all(&[&kind[..], &size, &head].concat())?;
        copy(from, to, padded - head.len() as u64)?;
        written += padded + 8;
    }
    to.seek(SeekFrom::Start(4))?;
    to.write_all(&u32::try_from(written).map_err(Error::other)?.to_le_bytes())?;
    Ok(pixels)
}

/// Of a chunk that tells them, by its first bytes. Those of `VP8X` also tell that Exif data and XMP are there: they
/// are not any more.
fn pixels_of_chunk(kind: &[u8; 4], head: &mut [u8]) -> Option<u64> {
    const EXIF_AND_XMP: u8 = 0b0000_1100;
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    match kind {
        b"VP8X" => {
            *head.first_mut()? &= !EXIF_AND_XMP;
            Some(area(
                number(head.get(4..7)?) + 1,
                number(head.get(7..10)?) + 1,
            ))
        }
        // A key frame: a tag and a start code of three bytes each, then 14 bits each with a scale.
        b"VP8 " => {
            let side = |bytes: &[u8]| number(bytes) & 0x3fff;
            Some(area(side(head.get(6..8)?), side(head.get(8..10)?)))
        }
        // A signature, then 14 bits each, less one.
        b"VP8L" => {
            let bits = number(head.get(1..5)?);
            Some(area((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// Whether a TIFF tells where it was taken (Exif 2.3, tag 34853).
pub fn tells_place(from: &mut (impl Read + Seek)) -> io::Result<bool> {
    Ok(find(from, 0x8825)?.is_some())
}

/// Of the first page of a TIFF.
pub fn pixels_of_tiff(from: &mut (impl Read + Seek)) -> io::Result<u64> {
    let mut side = |tag| find(from, tag)?.ok_or(io::Error::from(ErrorKind::InvalidData));
    let (width, height) = (side(0x0100)?, side(0x0101)?);
    Ok(area(width, height))
}

/// The value of the first entry of a tag, a SHORT or a LONG (TIFF 6.0, section 2).
fn find(from: &mut (impl Read + Seek), wanted: u16) -> io::Result<Option<u32>> {
    /// The type of values of two bytes.
    const SHORT: u16 = 3;

    /// Pages of a scan; and an end, where directories name each other in a circle.
    const DIRECTORIES_MAX: usize = 1_000;
    from.rewind()?;
    let is_little = match &array(from)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return Err(ErrorKind::InvalidData.into()),
    };
    let short = |bytes: [u8; 2]| {
        if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        }
    };
    let long = |bytes: [u8; 4]| {
        if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    };
    for _ in 0..DIRECTORIES_MAX {
        let at = long(array(from)?);
        if at == 0 {
            return Ok(None);
        }
        from.seek(SeekFrom::Start(u64::from(at)))?;
        for _ in 0..short(array(from)?) {
            let entry: [u8; 12] = array(from)?;
            if short([entry[0], entry[1]]) == wanted {
                let [.., a, b, c, d] = entry;
                return Ok(Some(match short([entry[2], entry[3]]) {
                    SHORT => u32::from(short([a, b])),
                    _ => long([a, b, c, d]),
                }));
            }
        }
    }
    Err(ErrorKind::InvalidData.into())
}

fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn exactly(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    copy(from, &mut bytes, length)?;
    Ok(bytes)
}

fn copy(from: &mut impl Read, to: &mut impl Write, length: u64) -> io::Result<()> {
    match io::copy(&mut from.take(length), to)? {
        copied if copied == length => Ok(()),
        _ => Err(ErrorKind::UnexpectedEof.into()),
    }
}
