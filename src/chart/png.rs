//! Charts as PNG: the same page as the SVG, on white, with two dots for each pixel.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::model::Chart;
use super::picture::font;
use super::picture::palette::{self, Theme};
use super::picture::scene;
use super::picture::scene::{Anchor, Ink, Scene, Shape, Text};
use crate::error::{Error, Result};

/// Dots for each pixel of the page.
const SCALE: f32 = 2.0;

/// A chart as the bytes of a PNG file.
///
/// # Errors
///
/// Fails if a text has a letter that the built-in font does not have; SVG shows those.
pub fn render(chart: &Chart) -> Result<Vec<u8>> {
    let scene = scene(chart);
    for shape in &scene.shapes {
        if let Shape::Text(Text { text, .. }) = shape
            && let Some(letter) = font::missing(text)
        {
            return Err(Error::argument(format!(
                "the font of PNG files has no `{letter}`, which `{text}` needs; write an SVG file, or rename it in the query"
            )));
        }
    }
    let size = |length: f64| (length as f32 * SCALE).ceil() as u32;
    let mut pixmap = Pixmap::new(size(scene.width), size(scene.height))
        .ok_or_else(|| Error::Internal("a chart without an area".into()))?;
    pixmap.fill(paint_color(Ink::Back, 1.0));
    draw(&scene, &mut pixmap);
    encoded(&pixmap).map_err(|e| Error::Internal(format!("cannot encode a PNG: {e}")))
}

/// The file: red, green and blue of every dot, row by row behind a zero that means no filter, as one zlib stream.
fn encoded(pixmap: &Pixmap) -> std::io::Result<Vec<u8>> {
    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
    const RGB_8_BITS: [u8; 5] = [8, 2, 0, 0, 0];
    let mut zlib = ZlibEncoder::new(vec![], Compression::fast());
    let mut row = vec![];
    for dots in pixmap.data().chunks_exact(4 * pixmap.width() as usize) {
        row.clear();
        row.push(0);
        for dot in dots.chunks_exact(4) {
            row.extend_from_slice(&dot[..3]);
        }
        zlib.write_all(&row)?;
    }
    let size = [pixmap.width().to_be_bytes(), pixmap.height().to_be_bytes()].concat();
    let mut file = SIGNATURE.to_vec();
    chunk(b"IHDR", &[&size[..], &RGB_8_BITS].concat(), &mut file);
    chunk(b"IDAT", &zlib.finish()?, &mut file);
    chunk(b"IEND", &[], &mut file);
    Ok(file)
}

fn chunk(kind: &[u8; 4], data: &[u8], file: &mut Vec<u8>) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let checksum = crc32fast::hash(&file[start..]);
    file.extend(checksum.to_be_bytes());
}

fn draw(scene: &Scene, pixmap: &mut Pixmap) {
    for shape in &scene.shapes {
        match shape {
            Shape::Rect { at, size, ink } => {
                let corner = (at.0 as f32, at.1 as f32);
                if let Some(rect) = Rect::from_xywh(corner.0, corner.1, size.0 as f32, size.1 as f32) {
                    pixmap.fill_rect(rect, &paint(*ink, 1.0), scale(), None);
                }
            }
            Shape::Line { points, width, ink } if points.len() == 1 => {
                discs(points, *width, paint(*ink, 1.0), pixmap);
            }
            Shape::Line { points, width, ink } => stroke(&[points], *width, *ink, pixmap),
            Shape::Strokes { lines, width, ink } => {
                let lines: Vec<&[(f64, f64)]> = lines.iter().map(|line| line.as_slice()).collect();
                stroke(&lines, *width, *ink, pixmap);
            }
            Shape::Area { points, ink } => fill(&[points], paint(*ink, 0.3), pixmap),
            Shape::Triangles { corners, ink } => {
                let corners: Vec<&[(f64, f64)]> = corners.iter().map(|corners| corners.as_slice()).collect();
                fill(&corners, paint(*ink, 1.0), pixmap);
            }
            Shape::Discs { centres, radius, ink } => discs(centres, *radius, paint(*ink, 0.6), pixmap),
            Shape::Text(text) => letters(text, pixmap),
        }
    }
}

fn stroke(lines: &[&[(f64, f64)]], width: f64, ink: Ink, pixmap: &mut Pixmap) {
    let mut path = PathBuilder::new();
    for line in lines {
        trace(line, &mut path);
    }
    let stroke =
        Stroke { width: width as f32, line_join: LineJoin::Round, line_cap: LineCap::Butt, ..Stroke::default() };
    if let Some(path) = path.finish() {
        pixmap.stroke_path(&path, &paint(ink, 1.0), &stroke, scale(), None);
    }
}

fn fill(shapes: &[&[(f64, f64)]], paint: Paint, pixmap: &mut Pixmap) {
    let mut path = PathBuilder::new();
    for shape in shapes {
        trace(shape, &mut path);
        path.close();
    }
    if let Some(path) = path.finish() {
        pixmap.fill_path(&path, &paint, FillRule::Winding, scale(), None);
    }
}

/// Each disc on its own, so that where many lie it is darker.
fn discs(centres: &[(f64, f64)], radius: f64, paint: Paint, pixmap: &mut Pixmap) {
    for (x, y) in centres {
        if let Some(path) = PathBuilder::from_circle(*x as f32, *y as f32, radius as f32) {
            pixmap.fill_path(&path, &paint, FillRule::Winding, scale(), None);
        }
    }
}

fn letters(text: &Text, pixmap: &mut Pixmap) {
    let width = font::width(&text.text, text.size);
    let left = match text.anchor {
        Anchor::Start => text.at.0,
        Anchor::Middle => text.at.0 - width / 2.0,
        Anchor::End => text.at.0 - width,
    };
    let mut pen = Pen(PathBuilder::new());
    font::outline(&text.text, (left, text.at.1), text.size, &mut pen);
    if let Some(path) = pen.0.finish() {
        pixmap.fill_path(&path, &paint(text.ink, 1.0), FillRule::Winding, scale(), None);
    }
}

fn trace(points: &[(f64, f64)], path: &mut PathBuilder) {
    for (at, (x, y)) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
}

fn scale() -> Transform {
    Transform::from_scale(SCALE, SCALE)
}

fn paint(ink: Ink, opacity: f32) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(paint_color(ink, opacity));
    paint
}

fn paint_color(ink: Ink, opacity: f32) -> Color {
    let [red, green, blue] = palette::color(ink, Theme::Light);
    Color::from_rgba8(red, green, blue, (opacity * 255.0).round() as u8)
}

/// Outlines of letters as a path.
struct Pen(PathBuilder);

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::{Axis, Bars, Plot};

    fn bars(name: &str) -> Chart {
        let bars = Bars { names: vec![name.into()], series: vec![("v".into(), vec![1.0])] };
        Chart { title: "v".into(), x: Axis::name("n"), y: Axis::number("v"), plot: Plot::Bars(bars), notes: vec![] }
    }

    /// The size and the dots of a file, whose parts are checked on the way.
    fn decoded(file: &[u8]) -> ((usize, usize), Vec<[u8; 3]>) {
        let mut rest = file.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap();
        let (mut kinds, mut parts) = (vec![], vec![]);
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (body, after) = after.split_at(u32::from_be_bytes(*length) as usize + 4);
            let (checksum, after) = after.split_first_chunk::<4>().unwrap();
            assert_eq!(u32::from_be_bytes(*checksum), crc32fast::hash(body));
            kinds.push(&body[..4]);
            parts.push(&body[4..]);
            rest = after;
        }
        assert_eq!(kinds, [b"IHDR", b"IDAT", b"IEND"]);
        let number = |at: usize| u32::from_be_bytes(parts[0][at..at + 4].try_into().unwrap()) as usize;
        let mut raw = vec![];
        std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(parts[1]), &mut raw).unwrap();
        let rows = raw.chunks(1 + 3 * number(0)).flat_map(|row| row[1..].as_chunks::<3>().0.to_vec());
        ((number(0), number(4)), rows.collect())
    }

    #[test]
    fn a_bar_has_its_colour_and_letters_are_drawn() {
        let ((width, height), dots) = decoded(&render(&bars("alpha")).unwrap());
        assert_eq!((width, dots.len()), (1920, width * height));
        let count = |color: [u8; 3]| dots.iter().filter(|dot| **dot == color).count();
        // The bar is 17 pixels high and most of the page wide; each pixel is four dots.
        let blue = count(palette::color(Ink::Series(0), Theme::Light));
        assert!((50_000..65_000).contains(&blue), "{blue}");
        assert!(count(palette::color(Ink::Text, Theme::Light)) > 100, "letters");
        assert!(count([255, 255, 255]) > 40_000, "a white page");
    }

    #[test]
    fn a_letter_without_a_shape_is_an_error() {
        assert_eq!(
            render(&bars("東京")).unwrap_err().to_string(),
            "the font of PNG files has no `東`, which `東京` needs; write an SVG file, or rename it in the query"
        );
    }
}
