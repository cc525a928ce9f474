//! The letters of pictures: how wide a text is, and its outlines.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// DejaVu Sans, cut down; see the licence beside it.
static FONT: &[u8] = include_bytes!("../font/DejaVuSans.ttf");

static FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(FONT, 0).ok());

/// What stands for a letter that the font does not have.
const UNKNOWN: char = '\u{fffd}';

/// Width of a text in pixels.
pub(in crate::chart) fn width(text: &str, size: f64) -> f64 {
    glyphs(text).iter().map(|(_, advance)| advance * size).sum()
}

/// The first letter that the font does not have.
pub(in crate::chart) fn missing(text: &str) -> Option<char> {
    let face = FACE.as_ref()?;
    text.chars().find(|letter| face.glyph_index(*letter).is_none())
}

/// Draws the outlines of a text, which starts at `at` on its base line.
pub(in crate::chart) fn outline(text: &str, at: (f64, f64), size: f64, pen: &mut dyn OutlineBuilder) {
    let Some(face) = FACE.as_ref() else { return };
    let scale = size / f64::from(face.units_per_em());
    let mut left = at.0;
    for (glyph, advance) in glyphs(text) {
        face.outline_glyph(glyph, &mut Placed { left, base: at.1, scale, pen });
        left += advance * size;
    }
}

/// The glyphs of a text and the width of each for letters of size 1.
fn glyphs(text: &str) -> Vec<(GlyphId, f64)> {
    let Some(face) = FACE.as_ref() else { return vec![] };
    let units = f64::from(face.units_per_em());
    let find = |letter| face.glyph_index(letter).or_else(|| face.glyph_index(UNKNOWN)).unwrap_or_default();
    let advance = |glyph| f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / units;
    text.chars().map(find).map(|glyph| (glyph, advance(glyph))).collect()
}

/// Moves and scales outlines; their vertical axis points up.
struct Placed<'a> {
    left: f64,
    base: f64,
    scale: f64,
    pen: &'a mut dyn OutlineBuilder,
}

impl Placed<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        ((self.left + f64::from(x) * self.scale) as f32, (self.base - f64::from(y) * self.scale) as f32)
    }
}

impl OutlineBuilder for Placed<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.pen.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.pen.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.pen.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.pen.curve_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_is_there_and_measures() {
        assert!(FACE.is_some());
        assert!((width("0000", 10.0) - 4.0 * width("7", 10.0)).abs() < 1e-9, "digits have one width");
        assert!(width("WW", 10.0) > width("ii", 10.0));
        assert_eq!((missing("2020-01 äß→≥ Ωж"), missing("BTC東京")), (None, Some('東')));
    }
}
