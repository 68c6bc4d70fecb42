//! Images: of a size that programs can show, and with nothing beside the picture. Cameras write the place, the
//! day and themselves into each; evidence shows the picture, and tells the rest in its record (Law on the
//! protection of personal data, 91/2025/QH15: no more data than needed).

use std::fs::File;
use std::io::{BufReader, BufWriter};

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

/// The picture alone.
pub fn bare(format: Format, file: File) -> Result<File, Error> {
    let mut from = BufReader::new(&file);
    if let Format::Tiff = format {
        // What it tells is woven into it: it can't be taken out part by part.
        if metadata::tells_place(&mut from).map_err(failed)? {
            return Err(Code::ImageTellsPlace.into());
        }
        check(metadata::pixels_of_tiff(&mut from).map_err(failed)?)?;
        return Ok(file);
    }
    let mut to = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let pixels = match format {
        Format::Jpeg => metadata::jpeg(&mut from, &mut to),
        Format::Png => metadata::png(&mut from, &mut to),
        Format::Webp | Format::Tiff => metadata::webp(&mut from, &mut to),
    };
    check(pixels.map_err(failed)?)?;
    to.into_inner().map_err(|cause| failed(cause.into_error()))
}

fn check(pixels: u64) -> Result<(), Error> {
    match pixels {
        0 => Err(broken("it has no pixels")),
        1..=PIXELS_MAX => Ok(()),
        _ => Err(Error::new(Code::ImageTooLarge).with("max_pixels", PIXELS_MAX)),
    }
}
