-- Fades moves of more than `entry_z` standard deviations from the mean of `bb_period` closes, leaves at the mean, and
-- risks a fraction of equity against a stop of `atr_multiplier` average true ranges.
CREATE STRATEGY bb_atr (
    bb_period      INT     DEFAULT 20    CHECK (bb_period >= 2)                      SEARCH (10, 50, 5)
        COMMENT 'bars of the Bollinger band',
    bb_std         DOUBLE  DEFAULT 2.0   CHECK (bb_std > 0)                          SEARCH (1.5, 3.0, 0.25)
        COMMENT 'width of the band; kept for compatibility, it does not change the signals',
    entry_z        DOUBLE  DEFAULT 1.0   CHECK (entry_z > 0)                         SEARCH (1.0, 3.0, 0.25)
        COMMENT 'distance from the mean that triggers an entry, in standard deviations',
    entry_logic    TEXT    DEFAULT 'AND' CHECK (entry_logic IN ('AND', 'OR'))        SEARCH ['AND', 'OR']
        COMMENT 'how the trend filter joins the band condition',
    atr_period     INT     DEFAULT 14    CHECK (atr_period >= 1)                     SEARCH (7, 21, 7)
        COMMENT 'bars of the average true range',
    atr_multiplier DOUBLE  DEFAULT 1.5   CHECK (atr_multiplier > 0)                  SEARCH (1.0, 3.0, 0.5)
        COMMENT 'distance of the stop, in average true ranges',
    trailing_stop  BOOLEAN DEFAULT true                                              SEARCH [true, false]
        COMMENT 'whether the stop follows the close',
    risk_per_trade DOUBLE  DEFAULT 0.01  CHECK (risk_per_trade > 0 AND risk_per_trade <= 1) SEARCH (0.005, 0.03, 0.005)
        COMMENT 'fraction of equity lost at the stop',
    leverage       DOUBLE  DEFAULT 1.0   CHECK (leverage > 0)                        SEARCH (1.0, 5.0, 1.0)
        COMMENT 'cap on notional / equity',
    max_hold_bars  INT     DEFAULT 72    CHECK (max_hold_bars >= 1)                  SEARCH (24, 144, 24)
        COMMENT 'leave after this many bars',
    spacing_bars   INT     DEFAULT 6     CHECK (spacing_bars >= 0)                   SEARCH (0, 12, 3)
        COMMENT 'smallest distance between signals',
    trend_period   INT     DEFAULT 0     CHECK (trend_period >= 0)                   SEARCH [0, 50, 100, 200]
        COMMENT 'bars of the trend filter; 0 switches it off'
) COMMENT 'Bollinger z-score mean reversion with an ATR stop'
AS
WITH f AS (
    SELECT *,
           zscore(close, $bb_period)                                         AS bb_z,
           sma(close, $bb_period)                                            AS bb_middle,
           ewma(true_range(high, low, close, 'range'), $atr_period)          AS atr,
           ewma(close, CASE WHEN $trend_period > 0 THEN $trend_period ELSE 1 END) AS trend
    FROM bars
), c AS (
    SELECT *,
           CASE WHEN $trend_period = 0       THEN bb_z < -$entry_z
                WHEN $entry_logic = 'AND'    THEN bb_z < -$entry_z AND close > trend
                ELSE                              bb_z < -$entry_z OR  close > trend END AS is_low,
           CASE WHEN $trend_period = 0       THEN bb_z > $entry_z
                WHEN $entry_logic = 'AND'    THEN bb_z > $entry_z AND close < trend
                ELSE                              bb_z > $entry_z OR  close < trend END AS is_high
    FROM f
), e AS (
    SELECT *,
           becomes_true(is_low)  AS low_edge,
           becomes_true(is_high) AS high_edge,
           bb_z IS NOT NULL AND previous(bb_z) IS NOT NULL AS is_ready
    FROM c
), s AS (
    SELECT *, debounce(is_ready AND (low_edge OR high_edge), $spacing_bars) AS fires FROM e
)
SELECT *,
       fires AND low_edge                                        AS enter_long,
       fires AND high_edge                                       AS enter_short,
       close >= bb_middle                                        AS exit_long,
       close <= bb_middle                                        AS exit_short,
       $atr_multiplier * atr                                     AS stop_distance,
       CASE WHEN $trailing_stop THEN $atr_multiplier * atr END   AS trail_distance,
       $max_hold_bars                                            AS max_bars,
       $risk_per_trade                                           AS risk,
       $leverage                                                 AS leverage
FROM s
