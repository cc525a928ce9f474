"""Candlestick patterns: TA-Lib, which gives whole numbers that must be met exactly."""

import numpy as np
import talib
from talib import abstract

from bars import b

# TA-Lib's names, without CDL.
NAMES = {
    "cdl_abandoned_baby": "ABANDONEDBABY",
    "cdl_advance_block": "ADVANCEBLOCK",
    "cdl_belt_hold": "BELTHOLD",
    "cdl_breakaway": "BREAKAWAY",
    "cdl_closing_marubozu": "CLOSINGMARUBOZU",
    "cdl_concealing_baby_swallow": "CONCEALBABYSWALL",
    "cdl_counterattack": "COUNTERATTACK",
    "cdl_dark_cloud_cover": "DARKCLOUDCOVER",
    "cdl_doji": "DOJI",
    "cdl_doji_star": "DOJISTAR",
    "cdl_dragonfly_doji": "DRAGONFLYDOJI",
    "cdl_engulfing": "ENGULFING",
    "cdl_evening_doji_star": "EVENINGDOJISTAR",
    "cdl_evening_star": "EVENINGSTAR",
    "cdl_gap_side_by_side_white": "GAPSIDESIDEWHITE",
    "cdl_gap_three_methods": "XSIDEGAP3METHODS",
    "cdl_gravestone_doji": "GRAVESTONEDOJI",
    "cdl_hammer": "HAMMER",
    "cdl_hanging_man": "HANGINGMAN",
    "cdl_harami": "HARAMI",
    "cdl_harami_cross": "HARAMICROSS",
    "cdl_high_wave": "HIGHWAVE",
    "cdl_hikkake": "HIKKAKE",
    "cdl_hikkake_modified": "HIKKAKEMOD",
    "cdl_homing_pigeon": "HOMINGPIGEON",
    "cdl_identical_three_crows": "IDENTICAL3CROWS",
    "cdl_in_neck": "INNECK",
    "cdl_inverted_hammer": "INVERTEDHAMMER",
    "cdl_kicking": "KICKING",
    "cdl_kicking_by_length": "KICKINGBYLENGTH",
    "cdl_ladder_bottom": "LADDERBOTTOM",
    "cdl_long_legged_doji": "LONGLEGGEDDOJI",
    "cdl_long_line": "LONGLINE",
    "cdl_marubozu": "MARUBOZU",
    "cdl_mat_hold": "MATHOLD",
    "cdl_matching_low": "MATCHINGLOW",
    "cdl_morning_doji_star": "MORNINGDOJISTAR",
    "cdl_morning_star": "MORNINGSTAR",
    "cdl_on_neck": "ONNECK",
    "cdl_piercing": "PIERCING",
    "cdl_rickshaw_man": "RICKSHAWMAN",
    "cdl_rise_fall_three_methods": "RISEFALL3METHODS",
    "cdl_separating_lines": "SEPARATINGLINES",
    "cdl_shooting_star": "SHOOTINGSTAR",
    "cdl_short_line": "SHORTLINE",
    "cdl_spinning_top": "SPINNINGTOP",
    "cdl_stalled_pattern": "STALLEDPATTERN",
    "cdl_stick_sandwich": "STICKSANDWICH",
    "cdl_takuri": "TAKURI",
    "cdl_tasuki_gap": "TASUKIGAP",
    "cdl_three_black_crows": "3BLACKCROWS",
    "cdl_three_inside": "3INSIDE",
    "cdl_three_line_strike": "3LINESTRIKE",
    "cdl_three_outside": "3OUTSIDE",
    "cdl_three_stars_in_south": "3STARSINSOUTH",
    "cdl_three_white_soldiers": "3WHITESOLDIERS",
    "cdl_thrusting": "THRUSTING",
    "cdl_tristar": "TRISTAR",
    "cdl_two_crows": "2CROWS",
    "cdl_unique_three_river": "UNIQUE3RIVER",
    "cdl_upside_gap_two_crows": "UPSIDEGAP2CROWS",
}


def calls(put):
    for name, talib_name in NAMES.items():
        talib_name = "CDL" + talib_name
        default = abstract.Function(talib_name).parameters.get("penetration")
        for columns in ("open high low close", "p_open p_high p_low p_close"):
            bars = [b[column].to_numpy() for column in columns.split()]
            for penetration in [None] if default is None else [default, 0.0, 0.1, 1.5]:
                options = {} if penetration is None else {"penetration": penetration}
                values = getattr(talib, talib_name)(*bars, **options).astype(float)
                # Whole numbers have no NaN: TA-Lib has a zero before the first value.
                values[: abstract.Function(talib_name).lookback] = np.nan
                put(name, columns, "" if penetration is None else penetration, values)
