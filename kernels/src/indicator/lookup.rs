//! Finding an indicator by name.

use super::{INDICATORS, Indicator};

/// The indicator with this SQL name or alias.
pub fn find(name: &str) -> Option<&'static Indicator> {
    let by_alias = || INDICATORS.iter().find(|def| def.aliases.contains(&name));
    match INDICATORS.binary_search_by_key(&name, |def| def.name) {
        Ok(position) => Some(INDICATORS[position]),
        Err(_) => by_alias().copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_and_aliases() {
        assert_eq!(find("rsi").map(|def| def.name), Some("rsi"));
        assert_eq!(find("rolling_max").map(|def| def.name), Some("highest"));
        assert!(find("rsj").is_none());
    }
}
