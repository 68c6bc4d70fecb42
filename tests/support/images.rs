//! Images of a few bytes: their parts are sound, their pixels are none.

/// What an image tells that nobody is to know.
pub const SECRET: &[u8] = b"21.0285 N 105.8542 E";

/// An image that tells more than its picture, and what is to be left of it.
pub struct Image {
    pub told: Vec<u8>,
    pub bare: Vec<u8>,
}

/// A part of an image: as it is sent, and what is left of it.
type Part = (Vec<u8>, Vec<u8>);

fn stays(part: Vec<u8>) -> Part {
    (part.clone(), part)
}

fn goes(part: Vec<u8>) -> Part {
    (part, Vec::new())
}

impl Image {
    fn of(parts: &[Part]) -> Self {
        Self {
            told: parts.iter().flat_map(|(told, _)| told.clone()).collect(),
            bare: parts.iter().flat_map(|(_, bare)| bare.clone()).collect(),
        }
    }
}

/// Exif data: which way up it is shown, the place, where told, and the place once more in words.
fn exif(tells: bool) -> Vec<u8> {
    // Little-endian. Entries of 12 bytes: tag, type, count, value.
    let mut tiff = vec![b'I', b'I', b'*', 0, 8, 0, 0, 0, 1 + u8::from(tells), 0];
    tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    if tells {
        tiff.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0");
    }
    tiff.extend([0; 4]);
    if tells {
        tiff.extend(SECRET);
    }
    tiff
}

/// Shown a quarter turned; behind its end stands another one, as telephones write it.
pub fn jpeg(width: u16, height: u16) -> Image {
    let segment = |marker: u8, content: &[u8]| {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let size = [
        &[8],
        &height.to_be_bytes()[..],
        &width.to_be_bytes(),
        &[1, 1, 0x11, 0],
    ]
    .concat();
    let turned = |tells| segment(0xe1, &[b"Exif\0\0", &exif(tells)[..]].concat());
    Image::of(&[
        stays(vec![0xff, 0xd8]),
        stays(segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")),
        goes(segment(0xe0, &[b"JFXX\0\x10", SECRET].concat())),
        (turned(true), turned(false)),
        goes(segment(
            0xe1,
            &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat(),
        )),
        stays(segment(0xe2, b"ICC_PROFILE\0\x01\x01")),
        goes(segment(0xed, SECRET)),
        goes(segment(0xfe, SECRET)),
        stays(segment(0xc0, &size)),
        stays(segment(0xda, &[1, 1, 0, 0, 63, 0])),
        stays(vec![0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
        stays(vec![0xff, 0xd9]),
        goes([&[0xff, 0xd8], &turned(true)[..], b"PK\x03\x04<html>"].concat()),
    ])
}

pub fn png(width: u32, height: u32) -> Image {
    // Nobody looks at the checksums.
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        [
            &(content.len() as u32).to_be_bytes()[..],
            kind,
            content,
            &[0; 4],
        ]
        .concat()
    };
    let size = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    Image::of(&[
        stays(b"\x89PNG\r\n\x1a\n".to_vec()),
        stays(chunk(b"IHDR", &size)),
        stays(chunk(b"sRGB", &[0])),
        goes(chunk(b"eXIf", &exif(true))),
        goes(chunk(b"tEXt", &[b"Comment\0", SECRET].concat())),
        stays(chunk(b"IDAT", &[0x78, 0x9c])),
        stays(chunk(b"IEND", b"")),
        goes(SECRET.to_vec()),
    ])
}

pub fn webp(width: u32, height: u32) -> Image {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let padding = vec![0; content.len() % 2];
        [
            kind,
            &(content.len() as u32).to_le_bytes()[..],
            content,
            &padding,
        ]
        .concat()
    };
    let canvas = |flags: u8| {
        let size = [(width - 1).to_le_bytes(), (height - 1).to_le_bytes()];
        chunk(
            b"VP8X",
            &[&[flags, 0, 0, 0], &size[0][..3], &size[1][..3]].concat(),
        )
    };
    let whole = |chunks: &[Vec<u8>]| {
        let chunks = chunks.concat();
        [
            b"RIFF",
            &(chunks.len() as u32 + 4).to_le_bytes()[..],
            b"WEBP",
            &chunks,
        ]
        .concat()
    };
    let picture = chunk(b"VP8L", &[0x2f, 0, 0]);
    let (exif, xmp) = (chunk(b"EXIF", &exif(true)), chunk(b"XMP ", SECRET));
    Image {
        told: [
            whole(&[canvas(0x1c), picture.clone(), exif, xmp]),
            SECRET.to_vec(),
        ]
        .concat(),
        bare: whole(&[canvas(0x10), picture]),
    }
}

/// A scan of one page, which tells its place or does not.
pub fn tiff(tells: bool) -> Vec<u8> {
    let mut entries = vec![
        *b"\0\x01\x03\0\x01\0\0\0\x40\x06\0\0",
        *b"\x01\x01\x03\0\x01\0\0\0\xb0\x04\0\0",
    ];
    if tells {
        entries.push(*b"\x25\x88\x04\0\x01\0\0\0\x08\0\0\0");
    }
    [
        b"II*\0\x08\0\0\0",
        &(entries.len() as u16).to_le_bytes()[..],
        &entries.concat(),
        &[0; 4],
    ]
    .concat()
}
