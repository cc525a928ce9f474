//! Shapes on a page.

/// A page of shapes, later ones above earlier ones. Lengths are pixels, the origin is at the top left.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) struct Scene {
    pub(in crate::chart) width: f64,
    pub(in crate::chart) height: f64,
    /// The headline, for readers without eyes on the page.
    pub(in crate::chart) title: String,
    /// The same for what is drawn.
    pub(in crate::chart) description: String,
    pub(in crate::chart) shapes: Vec<Shape>,
}

/// A shape.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) enum Shape {
    Rect {
        at: (f64, f64),
        size: (f64, f64),
        ink: Ink,
    },
    /// A line through points.
    Line {
        points: Vec<(f64, f64)>,
        width: f64,
        ink: Ink,
    },
    /// What a line encloses, half transparent.
    Area {
        points: Vec<(f64, f64)>,
        ink: Ink,
    },
    /// Separate straight lines of one colour.
    Strokes {
        lines: Vec<[(f64, f64); 2]>,
        width: f64,
        ink: Ink,
    },
    /// Separate filled corners: triangles of one colour.
    Triangles {
        corners: Vec<[(f64, f64); 3]>,
        ink: Ink,
    },
    /// Half transparent discs of one colour.
    Discs {
        centres: Vec<(f64, f64)>,
        radius: f64,
        ink: Ink,
    },
    Text(Text),
}

/// A line of text; `at` is on its base line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) struct Text {
    pub(in crate::chart) at: (f64, f64),
    pub(in crate::chart) text: String,
    pub(in crate::chart) size: f64,
    pub(in crate::chart) anchor: Anchor,
    pub(in crate::chart) ink: Ink,
}

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Anchor {
    Start,
    Middle,
    End,
}

/// A colour by its meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::chart) enum Ink {
    Back,
    Text,
    Muted,
    Grid,
    Up,
    Down,
    Series(usize),
    /// From 0, the smallest value, to 1, the largest.
    Heat(f64),
    /// Text on [`Ink::Heat`].
    OnHeat(f64),
}

/// A rectangle to draw into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Room {
    pub(super) fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// The horizontal place of a value.
    pub(super) fn x(self, value: f64, (low, high): (f64, f64)) -> f64 {
        self.left + (value - low) / (high - low) * self.width
    }

    /// The vertical place of a value.
    pub(super) fn y(self, value: f64, (low, high): (f64, f64)) -> f64 {
        self.bottom() - (value - low) / (high - low) * self.height
    }
}

impl Scene {
    pub(super) fn text(&mut self, at: (f64, f64), text: &str, (size, anchor, ink): (f64, Anchor, Ink)) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text(Text { at, text: text.to_string(), size, anchor, ink }));
        }
    }

    pub(super) fn rect(&mut self, at: (f64, f64), size: (f64, f64), ink: Ink) {
        self.shapes.push(Shape::Rect { at, size, ink });
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, width: f64, ink: Ink) {
        self.shapes.push(Shape::Line { points, width, ink });
    }
}
