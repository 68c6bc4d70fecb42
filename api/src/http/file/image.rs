//! Images: of a size that programs can show, and with nothing beside the picture. Cameras write the place, the
//! day and themselves into each; evidence shows the picture, and tells the rest in its record (Law on the
//! protection of personal data, 91/2025/QH15: no more data than needed).

use std::fs::File;
use std::io::{self, BufReader, BufWriter};

use liendoan_core::{Code, Error};

use super::inside::{broken, failed};
use super::metadata;

/// The largest, in pixels: they are 200 MB in the memory of whoever looks at it.
const PIXELS_MAX: u64 = 50_000_000;

#[derive(Clone, Copy, Debug)]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Tiff,
}

/// Copies the parts of an image that its picture needs; answers its pixels.
type Walk = fn(&mut BufReader<&File>, &mut BufWriter<File>) -> io::Result<u64>;

/// The picture alone.
pub fn bare(format: Format, file: File) -> Result<File, Error> {
    let walk: Walk = match format {
        Format::Jpeg => |from, to| metadata::jpeg(from, to),
        Format::Png => |from, to| metadata::png(from, to),
        Format::Webp => |from, to| metadata::webp(from, to),
        Format::Tiff => return scan(file),
    };
    let mut to = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    check(walk(&mut BufReader::new(&file), &mut to).map_err(failed)?)?;
    to.into_inner().map_err(|cause| failed(cause.into_error()))
}

/// A TIFF as it is: what it tells is woven into it, and can't be taken out part by part.
fn scan(file: File) -> Result<File, Error> {
    let mut from = BufReader::new(&file);
    if metadata::tells_place(&mut from).map_err(failed)? {
        return Err(Code::ImageTellsPlace.into());
    }
    check(metadata::pixels_of_tiff(&mut from).map_err(failed)?)?;
    Ok(file)
}

fn check(pixels: u64) -> Result<(), Error> {
    match pixels {
        0 => Err(broken("it has no pixels")),
        1..=PIXELS_MAX => Ok(()),
        _ => Err(Error::new(Code::ImageTooLarge).with("max_pixels", PIXELS_MAX)),
    }
}
