//! The colours of pictures, on a light and on a dark page.

use super::scene::Ink;

/// Red, green and blue.
pub(in crate::chart) type Color = [u8; 3];

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Theme {
    Light,
    Dark,
}

/// Colours of series that people with any kind of sight tell apart, after Okabe and Ito; darker on light pages.
const SERIES: [(Color, Color); 8] = [
    ([0, 104, 170], [86, 180, 233]),
    ([200, 84, 0], [255, 150, 60]),
    ([0, 135, 98], [40, 200, 150]),
    ([176, 84, 140], [225, 145, 190]),
    ([140, 105, 0], [240, 215, 80]),
    ([90, 70, 170], [165, 150, 245]),
    ([150, 40, 50], [240, 120, 125]),
    ([90, 98, 105], [175, 182, 190]),
];

/// From the smallest to the largest value: equal steps look equally large, and on paper without colour too.
const HEAT: [Color; 5] = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

/// How many colours series have.
pub(in crate::chart) const COUNT: usize = SERIES.len();

/// The colour of an ink.
pub(in crate::chart) fn color(ink: Ink, theme: Theme) -> Color {
    let (light, dark) = match ink {
        Ink::Back => ([255, 255, 255], [22, 24, 29]),
        Ink::Text => ([30, 34, 40], [230, 233, 238]),
        Ink::Muted => ([95, 102, 112], [150, 158, 170]),
        Ink::Grid => ([226, 229, 233], [48, 53, 61]),
        Ink::Up => ([0, 135, 98], [40, 200, 150]),
        Ink::Down => ([200, 50, 50], [245, 105, 100]),
        Ink::Series(number) => SERIES[number % COUNT],
        Ink::Heat(share) => (heat(share), heat(share)),
        Ink::OnHeat(share) => {
            let text = if share > 0.55 { [20, 20, 20] } else { [255, 255, 255] };
            (text, text)
        }
    };
    if theme == Theme::Light { light } else { dark }
}

fn heat(share: f64) -> Color {
    let place = share.clamp(0.0, 1.0) * (HEAT.len() - 1) as f64;
    let first = (place as usize).min(HEAT.len() - 2);
    let between = place - first as f64;
    let mix = |part: usize| {
        let (a, b) = (f64::from(HEAT[first][part]), f64::from(HEAT[first + 1][part]));
        (a + (b - a) * between).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_goes_from_end_to_end() {
        assert_eq!([heat(-1.0), heat(0.0), heat(1.0)], [HEAT[0], HEAT[0], HEAT[4]]);
        assert_eq!(heat(0.125), [64, 42, 112]);
    }

    #[test]
    fn texts_can_be_read_on_their_page() {
        let light = |color: Color| {
            let part = |value: u8| {
                let value = f64::from(value) / 255.0;
                if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(color[0]) + 0.7152 * part(color[1]) + 0.0722 * part(color[2])
        };
        let contrast = |a: Color, b: Color| {
            let (a, b) = (light(a), light(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        for theme in [Theme::Light, Theme::Dark] {
            let back = color(Ink::Back, theme);
            for ink in [Ink::Text, Ink::Muted] {
                assert!(contrast(color(ink, theme), back) >= 4.5, "{ink:?} {theme:?}");
            }
            for ink in (0..COUNT).map(Ink::Series).chain([Ink::Up, Ink::Down]) {
                assert!(contrast(color(ink, theme), back) >= 3.0, "{ink:?} {theme:?}");
            }
        }
        for step in 0..=20 {
            let share = f64::from(step) / 20.0;
            assert!(contrast(heat(share), color(Ink::OnHeat(share), Theme::Light)) >= 3.0, "{share}");
        }
    }
}
