-- Rides the way from one Bollinger band towards the other. It enters when the bands are wide for their recent past, volume is
-- high, the price was outside a band within `spring_lookback` bars, and the MACD histogram crosses zero towards the other band.
-- The initial stop lies between the band and the mean, or below the swing, and its distance sets the size. At the opposite
-- band a part is closed; beyond it, or after a gain, the trailing exit is armed. Adds follow the breakout, then the mean.
--
-- `%B` of a short position is mirrored: 0 and 1 change places. The slope of the histogram is compared with the steepest one so
-- far, not with the steepest one of the series.
CREATE STRATEGY amplitude_hunter (
    bb_period       INT    DEFAULT 20   CHECK (bb_period >= 2)          SEARCH (10, 50, 1)
        COMMENT 'bars of the Bollinger bands',
    bb_std          DOUBLE DEFAULT 2.0  CHECK (bb_std > 0)              SEARCH (1.5, 3.0, 0.1)
        COMMENT 'distance of the bands from the mean, in standard deviations',
    bbwidth_percentile_threshold DOUBLE DEFAULT 50.0
        CHECK (bbwidth_percentile_threshold BETWEEN 0 AND 100)          SEARCH (30, 70, 5)
        COMMENT 'percent of the earlier widths that must not be above the current one',
    bbwidth_lookback INT   DEFAULT 100  CHECK (bbwidth_lookback >= 10)  SEARCH (50, 200, 50)
        COMMENT 'number of earlier widths',
    volume_lookback INT    DEFAULT 50   CHECK (volume_lookback >= 10)   SEARCH (20, 100, 10)
        COMMENT 'bars before the current one with which its volume is compared',
    volume_zscore_threshold DOUBLE DEFAULT 0.5                          SEARCH (0.0, 2.0, 0.25)
        COMMENT 'smallest distance of the volume from its mean, in standard deviations',
    use_adx_filter  BOOLEAN DEFAULT false                               SEARCH [true, false]
        COMMENT 'whether the average directional index must be high',
    adx_threshold   DOUBLE DEFAULT 15.0 CHECK (adx_threshold >= 0)      SEARCH (15, 30, 1)
        COMMENT 'smallest average directional index',
    adx_period      INT    DEFAULT 14   CHECK (adx_period >= 1)         SEARCH (7, 20, 1)
        COMMENT 'bars of the average directional index, exponential averages',
    spring_lookback INT    DEFAULT 20   CHECK (spring_lookback >= 1)    SEARCH (10, 30, 5)
        COMMENT 'bars before the current one of which one closed outside the band',
    pb_entry_threshold_min DOUBLE DEFAULT 0.2 CHECK (pb_entry_threshold_min BETWEEN 0 AND 1) SEARCH (0.1, 0.4, 0.05)
        COMMENT 'smallest %B of an entry',
    pb_entry_threshold_max DOUBLE DEFAULT 0.5 CHECK (pb_entry_threshold_max BETWEEN 0 AND 1) SEARCH (0.4, 0.7, 0.05)
        COMMENT 'largest %B of an entry',
    macd_fast       INT    DEFAULT 12   CHECK (macd_fast >= 1)          SEARCH (8, 15, 1)
        COMMENT 'bars of the fast average',
    macd_slow       INT    DEFAULT 26   CHECK (macd_slow >= 2)          SEARCH (20, 35, 1)
        COMMENT 'bars of the slow average',
    macd_signal     INT    DEFAULT 9    CHECK (macd_signal >= 1)        SEARCH (6, 12, 1)
        COMMENT 'bars of the signal average',
    amplitude_score_threshold DOUBLE DEFAULT 0.6 CHECK (amplitude_score_threshold BETWEEN 0 AND 1) SEARCH (0.4, 0.8, 0.05)
        COMMENT 'smallest score: the weighted mean of width, %B, slope and volume',
    amplitude_w1_bbwidth    DOUBLE DEFAULT 0.3 CHECK (amplitude_w1_bbwidth >= 0)    COMMENT 'weight of the rank of the width',
    amplitude_w2_pb         DOUBLE DEFAULT 0.2 CHECK (amplitude_w2_pb >= 0)         COMMENT 'weight of %B',
    amplitude_w3_macd_slope DOUBLE DEFAULT 0.3 CHECK (amplitude_w3_macd_slope >= 0) COMMENT 'weight of the slope',
    amplitude_w4_volume     DOUBLE DEFAULT 0.2 CHECK (amplitude_w4_volume >= 0)     COMMENT 'weight of the volume',
    pyramiding_enabled  BOOLEAN DEFAULT false                           SEARCH [true, false]
        COMMENT 'whether positions are added to',
    pyramiding_max_adds INT DEFAULT 1   CHECK (pyramiding_max_adds BETWEEN 0 AND 2) SEARCH [0, 1, 2]
        COMMENT 'largest number of adds',
    atr_period      INT    DEFAULT 14   CHECK (atr_period >= 1)         SEARCH (7, 21, 1)
        COMMENT 'bars of the average true range',
    sl_atr_multiplier DOUBLE DEFAULT 2.0 CHECK (sl_atr_multiplier > 0)  SEARCH (1.0, 3.0, 0.25)
        COMMENT 'distance of the stop from the swing of 11 bars, in average true ranges',
    sl_min_pct      DOUBLE DEFAULT 0.37 CHECK (sl_min_pct > 0 AND sl_min_pct <= 1)  SEARCH (0.2, 0.6, 0.05)
        COMMENT 'how far from the band to the mean the stop is at least',
    short_stop_pct  DOUBLE DEFAULT 0.37 CHECK (short_stop_pct > 0 AND short_stop_pct <= 1)  SEARCH (0.2, 0.6, 0.05)
        COMMENT 'largest distance of the stop of a short position, as a fraction of the price',
    trailing_activation_pb_threshold DOUBLE DEFAULT 1.0                 SEARCH (0.8, 1.2, 0.1)
        COMMENT '%B beyond which the trailing exit is armed',
    trailing_activation_gain_r DOUBLE DEFAULT 1.0 CHECK (trailing_activation_gain_r >= 0) SEARCH (0.5, 2.0, 0.25)
        COMMENT 'gain that arms the trailing exit, as a multiple of the initial risk',
    trailing_type   TEXT   DEFAULT 'chandelier' CHECK (trailing_type IN ('chandelier', 'pb_floor', 'macd_fade'))
        SEARCH ['chandelier', 'pb_floor', 'macd_fade']
        COMMENT 'armed exit: too far from the mean, %B too low, or the histogram crosses zero',
    trailing_chandelier_atr_mult DOUBLE DEFAULT 2.5 CHECK (trailing_chandelier_atr_mult > 0) SEARCH (2.0, 4.0, 0.5)
        COMMENT 'distance from the mean, in average true ranges',
    trailing_pb_floor DOUBLE DEFAULT 0.5                                SEARCH (0.3, 0.7, 0.1)
        COMMENT 'smallest %B',
    use_bip_target  BOOLEAN DEFAULT true                                SEARCH [true, false]
        COMMENT 'whether a part is closed at the opposite band',
    bip_partial_exit_pct DOUBLE DEFAULT 0.5 CHECK (bip_partial_exit_pct BETWEEN 0 AND 1) SEARCH (0.3, 0.7, 0.1)
        COMMENT 'that part; 1 closes the position',
    risk_per_trade  DOUBLE DEFAULT 0.02 CHECK (risk_per_trade > 0 AND risk_per_trade <= 1) SEARCH (0.01, 0.05, 0.005)
        COMMENT 'fraction of equity lost at the stop, of an entry and of each add',
    max_hold_bars   INT    DEFAULT 100  CHECK (max_hold_bars >= 1)      SEARCH (50, 200, 25)
        COMMENT 'leave after this many bars',
    leverage        DOUBLE DEFAULT 1.0  CHECK (leverage > 0)            SEARCH (1.0, 5.0, 1.0)
        COMMENT 'cap on notional / equity',
    CHECK (pb_entry_threshold_min <= pb_entry_threshold_max),
    CHECK (macd_fast < macd_slow),
    CHECK (amplitude_w1_bbwidth + amplitude_w2_pb + amplitude_w3_macd_slope + amplitude_w4_volume BETWEEN 0.95 AND 1.05)
) COMMENT 'Swings between Bollinger bands after a spring, with a partial exit, an armed trailing exit and adds'
AS
WITH f AS (
    SELECT *,
           bollinger(close, $bb_period, $bb_std).upper                               AS bb_upper,
           bollinger(close, $bb_period, $bb_std).middle                              AS bb_middle,
           bollinger(close, $bb_period, $bb_std).lower                               AS bb_lower,
           percent_b(close, $bb_period, $bb_std)                                     AS pb,
           -- The rank of a width does not depend on `bb_std`. Ranks count smaller values: of the negative, larger ones. Widths
           -- that are not known yet count as larger, so that the rank begins `bbwidth_lookback` bars in.
           100 - percentrank(-coalesce(rolling_stddev(close, $bb_period), 1e300), $bbwidth_lookback) AS width_rank,
           previous(sma(volume, $volume_lookback))                                   AS volume_mean,
           previous(rolling_stddev(volume, $volume_lookback))                        AS volume_deviation,
           ewma(close, $macd_fast) - ewma(close, $macd_slow)                         AS macd_line,
           ewma(true_range(high, low, close, 'range'), $atr_period)                  AS atr,
           high - previous(high)                                                     AS rise,
           previous(low) - low                                                       AS fall
    FROM bars
), m AS (
    SELECT *,
           macd_line - ewma(macd_line, $macd_signal)                                           AS histogram,
           CASE WHEN volume_deviation = 0 THEN 0.0 ELSE (volume - volume_mean) / volume_deviation END AS volume_z,
           ewma(CASE WHEN rise > fall AND rise > 0 THEN rise ELSE 0.0 END, $adx_period)        AS plus_movement,
           ewma(CASE WHEN fall > rise AND fall > 0 THEN fall ELSE 0.0 END, $adx_period)        AS minus_movement
    FROM f
), d AS (
    SELECT *,
           abs(change(histogram)) AS slope,
           ewma(CASE WHEN plus_movement + minus_movement = 0 THEN 0.0
                     ELSE 100 * abs(plus_movement - minus_movement) / (plus_movement + minus_movement) END, $adx_period) AS adx
    FROM m
), s AS (
    SELECT *,
           $amplitude_w1_bbwidth * (width_rank / 100)
           + $amplitude_w2_pb * CASE WHEN abs(pb) > 1 THEN 1.0 ELSE abs(pb) END
           + $amplitude_w3_macd_slope * (slope / nullif(all_time_high(slope), 0.0))
           + $amplitude_w4_volume * CASE WHEN volume_z > 3 THEN 1.0 WHEN volume_z < 0 THEN 0.0 ELSE volume_z / 3 END AS score
    FROM d
), r AS (
    SELECT *,
           width_rank >= $bbwidth_percentile_threshold AND volume_z >= $volume_zscore_threshold
           AND score >= $amplitude_score_threshold
           AND CASE WHEN $use_adx_filter THEN adx >= $adx_threshold ELSE true END                     AS in_regime,
           rolling_any(previous(close) < previous(bb_lower), $spring_lookback)                        AS spring_long,
           rolling_any(previous(close) > previous(bb_upper), $spring_lookback)                        AS spring_short,
           histogram > 0 AND previous(histogram) < 0 AND previous(histogram, 2) < previous(histogram) AS impulse_long,
           histogram < 0 AND previous(histogram) > 0 AND previous(histogram, 2) > previous(histogram) AS impulse_short
    FROM s
), l AS (
    SELECT *,
           bb_lower + $sl_min_pct * (bb_middle - bb_lower) AS floor_long,
           bb_upper - $sl_min_pct * (bb_upper - bb_middle) AS floor_short
    FROM r
)
SELECT *,
       in_regime AND spring_long AND impulse_long
       AND pb BETWEEN $pb_entry_threshold_min AND $pb_entry_threshold_max             AS enter_long,
       in_regime AND spring_short AND impulse_short
       AND pb BETWEEN 1 - $pb_entry_threshold_max AND 1 - $pb_entry_threshold_min     AS enter_short,
       -- Entries and adds are long only while the histogram is positive.
       CASE WHEN histogram > 0
            THEN greatest(lowest(low, 11) - $sl_atr_multiplier * atr, floor_long)
            ELSE least(highest(high, 11) + $sl_atr_multiplier * atr, floor_short, close * (1 + $short_stop_pct))
       END                                                                            AS stop_price,
       $risk_per_trade                                                                AS risk,
       $leverage                                                                      AS leverage,
       $max_hold_bars                                                                 AS max_bars,
       CASE WHEN $use_bip_target THEN close >= bb_upper ELSE false END                AS scale_out_long,
       CASE WHEN $use_bip_target THEN close <= bb_lower ELSE false END                AS scale_out_short,
       CASE WHEN $use_bip_target THEN $bip_partial_exit_pct END                       AS scale_out_fraction,
       pb > $trailing_activation_pb_threshold                                         AS trail_arm_long,
       pb < 1 - $trailing_activation_pb_threshold                                     AS trail_arm_short,
       $trailing_activation_gain_r                                                    AS trail_arm_r,
       CASE WHEN $trailing_type = 'chandelier' THEN close <= bb_middle - $trailing_chandelier_atr_mult * atr
            WHEN $trailing_type = 'pb_floor'   THEN pb < $trailing_pb_floor
            ELSE                                    crosses_below(histogram, 0.0) END AS exit_armed_long,
       CASE WHEN $trailing_type = 'chandelier' THEN close >= bb_middle + $trailing_chandelier_atr_mult * atr
            WHEN $trailing_type = 'pb_floor'   THEN pb > 1 - $trailing_pb_floor
            ELSE                                    crosses_above(histogram, 0.0) END AS exit_armed_short,
       CASE WHEN $pyramiding_enabled THEN $pyramiding_max_adds ELSE 0 END             AS max_adds,
       CASE WHEN $pyramiding_enabled AND $pyramiding_max_adds > 0
            THEN close > bb_upper AND histogram > 0 AND rising(histogram, 1) ELSE false END  AS add_long,
       CASE WHEN $pyramiding_enabled AND $pyramiding_max_adds > 0
            THEN close < bb_lower AND histogram < 0 AND falling(histogram, 1) ELSE false END AS add_short,
       CASE WHEN $pyramiding_enabled AND $pyramiding_max_adds > 1
            THEN close >= bb_middle AND histogram > 0 ELSE false END                  AS add_again_long,
       CASE WHEN $pyramiding_enabled AND $pyramiding_max_adds > 1
            THEN close <= bb_middle AND histogram < 0 ELSE false END                  AS add_again_short,
       CASE WHEN $pyramiding_enabled AND $pyramiding_max_adds > 0
            THEN CASE WHEN histogram > 0 THEN floor_long ELSE floor_short END END     AS add_stop_price
FROM l
