//! The types of file that are taken, and what their bytes look like as they come by.

use infer::text::{is_html, is_shellscript, is_xml};

use super::image::Format;
use super::inside::Inside;

/// A type of file that is taken.
#[derive(Debug)]
pub struct FileType {
    pub media_type: &'static str,
    /// How names of such files may end, in small letters.
    pub endings: &'static [&'static str],
    marks: Marks,
    pub inside: Inside,
}

/// What a type is known by.
#[derive(Debug)]
enum Marks {
    /// Its first bytes, as the library knows them.
    First,
    /// These first bytes. The library would take what has them further on, behind a page or a program.
    Beginning(&'static [u8]),
    /// It is a ZIP with a part of this name. The library knows only the order of parts that Microsoft's
    /// programs write. The names of a ZIP's parts stand in it as they are.
    Part(&'static [u8]),
    /// It is text in UTF-8, and neither a page nor a program.
    Text,
}

/// Of OOXML, what stands before its own words.
macro_rules! openxml {
    ($words:literal) => {
        concat!("application/vnd.openxmlformats-officedocument.", $words)
    };
}

/// The document names each.
pub const TYPES: &[FileType] = &[
    FileType {
        media_type: "application/pdf",
        endings: &["pdf"],
        marks: Marks::Beginning(b"%PDF-"),
        inside: Inside::Bytes,
    },
    FileType {
        media_type: "image/jpeg",
        endings: &["jpg", "jpeg"],
        marks: Marks::First,
        inside: Inside::Image(Format::Jpeg),
    },
    FileType {
        media_type: "image/png",
        endings: &["png"],
        marks: Marks::First,
        inside: Inside::Image(Format::Png),
    },
    FileType {
        media_type: "image/tiff",
        endings: &["tif", "tiff"],
        marks: Marks::First,
        inside: Inside::Image(Format::Tiff),
    },
    FileType {
        media_type: "image/webp",
        endings: &["webp"],
        marks: Marks::First,
        inside: Inside::Image(Format::Webp),
    },
    FileType {
        media_type: openxml!("wordprocessingml.document"),
        endings: &["docx"],
        marks: Marks::Part(b"word/document"),
        inside: Inside::Archive,
    },
    FileType {
        media_type: openxml!("spreadsheetml.sheet"),
        endings: &["xlsx"],
        marks: Marks::Part(b"xl/workbook"),
        inside: Inside::Archive,
    },
    FileType {
        media_type: openxml!("presentationml.presentation"),
        endings: &["pptx"],
        marks: Marks::Part(b"ppt/presentation"),
        inside: Inside::Archive,
    },
    FileType {
        media_type: "application/vnd.oasis.opendocument.text",
        endings: &["odt"],
        marks: Marks::First,
        inside: Inside::Archive,
    },
    FileType {
        media_type: "application/vnd.oasis.opendocument.spreadsheet",
        endings: &["ods"],
        marks: Marks::First,
        inside: Inside::Archive,
    },
    FileType {
        media_type: "application/vnd.oasis.opendocument.presentation",
        endings: &["odp"],
        marks: Marks::First,
        inside: Inside::Archive,
    },
    FileType {
        media_type: "text/plain",
        endings: &["txt"],
        marks: Marks::Text,
        inside: Inside::Bytes,
    },
    FileType {
        media_type: "text/csv",
        endings: &["csv"],
        marks: Marks::Text,
        inside: Inside::Bytes,
    },
];

impl FileType {
    /// Whether a file of this name may be of this type.
    pub fn may_be_called(&self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let ending = ending.map(str::to_ascii_lowercase);
        ending.is_some_and(|ending| self.endings.contains(&ending.as_str()))
    }

    pub fn look(&'static self) -> Look {
        Look {
            of: self,
            head: Vec::new(),
            tail: Vec::new(),
            has_part: false,
            is_text: true,
        }
    }
}

/// As many first bytes as tell the type.
const HEAD: usize = 8 << 10;

/// Whether the bytes that come by look like what they are said to be. That they are sound nobody can tell.
pub struct Look {
    of: &'static FileType,
    head: Vec<u8>,
    /// The last bytes before those that come next: what began there may go on.
    tail: Vec<u8>,
    has_part: bool,
    is_text: bool,
}

impl Look {
    pub fn push(&mut self, bytes: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        match self.of.marks {
            Marks::First | Marks::Beginning(_) => {}
            Marks::Part(part) if !self.has_part => {
                self.tail.extend_from_slice(bytes);
                self.has_part = self.tail.windows(part.len()).any(|w| w == part);
                let keep = self.tail.len().min(part.len() - 1);
                self.tail.drain(..self.tail.len() - keep);
            }
            Marks::Part(_) => {}
            Marks::Text => {
                self.tail.extend_from_slice(bytes);
                let (text, rest) = match std::str::from_utf8(&self.tail) {
                    Ok(text) => (text, 0),
                    // A character that goes on in the next bytes.
                    Err(why) if why.error_len().is_none() => {
                        let valid = why.valid_up_to();
                        let text = std::str::from_utf8(&self.tail[..valid]);
                        (text.unwrap_or_default(), self.tail.len() - valid)
                    }
                    Err(_) => {
                        self.is_text = false;
                        ("", 0)
                    }
                };
                let is_strange = |c: char| c.is_control() && !"\t\r\n\u{c}".contains(c);
                self.is_text &= !text.contains(is_strange);
                self.tail.drain(..self.tail.len() - rest);
            }
        }
    }

    /// Whether it can't become what it is said to be, whatever follows.
    pub fn is_hopeless(&self) -> bool {
        self.head.len() >= HEAD && !self.begins_well()
    }

    /// Whether all that came is what it is said to be.
    pub fn holds(&self) -> bool {
        let is_all_there = match self.of.marks {
            Marks::First | Marks::Beginning(_) => true,
            Marks::Part(_) => self.has_part,
            Marks::Text => self.tail.is_empty(),
        };
        is_all_there && self.begins_well()
    }

    fn begins_well(&self) -> bool {
        let head = &self.head;
        match self.of.marks {
            Marks::First => infer::is_mime(head, self.of.media_type),
            Marks::Beginning(bytes) => head.starts_with(bytes),
            Marks::Part(_) => infer::is_mime(head, "application/zip"),
            Marks::Text => {
                let is_code = is_html(head) || is_xml(head) || is_shellscript(head);
                self.is_text && !is_code && !head.is_empty()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at bytes that come in pieces of `size`.
    fn holds_in(size: usize, bytes: &[u8], media_type: &str) -> bool {
        let known = TYPES.iter().find(|known| known.media_type == media_type);
        let mut look = known.unwrap().look();
        bytes.chunks(size).for_each(|chunk| look.push(chunk));
        assert!(!(look.is_hopeless() && look.holds()));
        look.holds()
    }

    fn holds(bytes: &[u8], media_type: &str) -> bool {
        let whole = holds_in(bytes.len().max(1), bytes, media_type);
        assert_eq!(holds_in(1, bytes, media_type), whole);
        assert_eq!(holds_in(7, bytes, media_type), whole);
        whole
    }

    fn zip(names: &[&str]) -> Vec<u8> {
        let part = |name: &&str| format!("PK\u{3}\u{4}{:26}{name}", "");
        names.iter().map(part).collect::<String>().into_bytes()
    }

    #[test]
    fn a_type_is_known_by_what_the_bytes_are() {
        // As LibreOffice orders them.
        let docx = zip(&[
            "_rels/.rels",
            "docProps/core.xml",
            "docProps/app.xml",
            "word/document.xml",
        ]);
        let (word, excel) = (
            openxml!("wordprocessingml.document"),
            openxml!("spreadsheetml.sheet"),
        );
        assert!(holds(&docx, word));
        assert!(!holds(&docx, excel));
        let xlsx = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
        assert!(holds(&xlsx, excel));
        assert!(!holds(&xlsx, word));
        assert!(!holds(b"word/document.xml", word));
        let odt = zip(&["mimetypeapplication/vnd.oasis.opendocument.text"]);
        assert!(holds(&odt, "application/vnd.oasis.opendocument.text"));
        assert!(!holds(
            &odt,
            "application/vnd.oasis.opendocument.spreadsheet"
        ));
        assert!(holds(b"%PDF-1.7", "application/pdf"));
        assert!(holds(b"\xff\xd8\xff\xe0", "image/jpeg"));
        assert!(holds(b"\x89PNG\r\n\x1a\n", "image/png"));
        assert!(holds(b"II*\0\x08\0\0\0\x0c\0", "image/tiff"));
        assert!(holds(b"RIFF\0\0\0\0WEBP", "image/webp"));
        for known in TYPES {
            let media_type = known.media_type;
            assert!(!holds(b"", media_type), "{media_type}");
            assert!(!holds(b"<html>", media_type), "{media_type}");
            assert!(!holds(b"PK\x03\x04", media_type), "{media_type}");
        }
    }

    #[test]
    fn a_text_is_utf_8_and_neither_page_nor_program() {
        let is_text = |bytes: &[u8]| holds(bytes, "text/csv");
        assert!(is_text(
            "\u{feff}đơn vị;số tiền\r\nhn-q-btl;8500000\t\n".as_bytes()
        ));
        assert!(!is_text("đơn vị".as_bytes().split_last().unwrap().1));
        assert!(!is_text(b"\xd0\xd2n"));
        assert!(!is_text(b"a\0b"));
        assert!(!is_text(b"a\x1bb"));
        assert!(!is_text(b"#!/bin/sh\n"));
        assert!(!is_text(b" <!DOCTYPE html>"));
        assert!(!is_text(b"<?xml version=\"1.0\"?><svg/>"));
    }

    #[test]
    fn what_is_of_another_type_is_known_by_its_beginning() {
        let mut look = TYPES[0].look();
        look.push(&[b'x'; HEAD - 1]);
        assert!(!look.is_hopeless());
        look.push(b"x");
        assert!(look.is_hopeless());
    }

    #[test]
    fn a_name_ends_as_its_type_does() {
        let pdf = &TYPES[0];
        assert!(pdf.may_be_called("Quyết định.PDF"));
        for other in ["a", "pdf", "a.pdf.exe", "a.pdf ", "a.pdf.", "a.png"] {
            assert!(!pdf.may_be_called(other), "{other}");
        }
    }
}
