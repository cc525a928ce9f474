-- Mean reversion on two conditions: the close was outside a Bollinger band within the last `arm_bars` bars, and now crosses the
-- moving average on its way back. The stop follows a line between the band and the mean, once the mean was reached.
--
-- The stop of a long position is a fraction below the price, as that of a short position is a fraction above it: a stop at the
-- lower band would lie above the price at which one buys below the band, and end the trade on its first bar.
CREATE STRATEGY bollinger_dual (
    bb_window         INT     DEFAULT 20    CHECK (bb_window >= 2)                        SEARCH (10, 50, 1)
        COMMENT 'bars of the Bollinger bands',
    bb_std            DOUBLE  DEFAULT 2.0   CHECK (bb_std > 0)                            SEARCH (1.5, 3.0, 0.1)
        COMMENT 'distance of the bands from the mean, in standard deviations',
    arm_bars          INT     DEFAULT 0     CHECK (arm_bars >= 0)                         SEARCH [0, 5, 10, 20, 40]
        COMMENT 'bars for which a close outside a band counts; 0 takes bb_window',
    ma_window         INT     DEFAULT 10    CHECK (ma_window >= 1)                        SEARCH (5, 50, 1)
        COMMENT 'bars of the moving average',
    ma_type           TEXT    DEFAULT 'sma' CHECK (ma_type IN ('sma', 'ema'))             SEARCH ['sma', 'ema']
        COMMENT 'simple, or exponential from the first bar on',
    trailing_pct      DOUBLE  DEFAULT 0.8   CHECK (trailing_pct > 0 AND trailing_pct <= 1) SEARCH (0.5, 1.0, 0.05)
        COMMENT 'where the trailing stop is: between the lower band (0) and the mean (1), for shorts between mean and upper band',
    median_activated  BOOLEAN DEFAULT true                                                SEARCH [true, false]
        COMMENT 'whether trailing begins at the mean; otherwise it begins at once',
    long_stop_pct     DOUBLE  DEFAULT 0.37  CHECK (long_stop_pct > 0 AND long_stop_pct < 1) SEARCH (0.2, 0.6, 0.05)
        COMMENT 'distance of the stop of a long position, as a fraction of the price',
    short_stop_pct    DOUBLE  DEFAULT 0.37  CHECK (short_stop_pct > 0)                    SEARCH (0.2, 0.6, 0.05)
        COMMENT 'distance of the stop of a short position, as a fraction of the price',
    position_fraction DOUBLE  DEFAULT 0.02  CHECK (position_fraction > 0 AND position_fraction <= 1) SEARCH (0.01, 0.05, 0.005)
        COMMENT 'notional as a fraction of equity',
    max_hold_bars     INT     DEFAULT 100   CHECK (max_hold_bars >= 1)                    SEARCH (50, 200, 25)
        COMMENT 'leave after this many bars'
) COMMENT 'Return from a Bollinger band, confirmed by the crossing of a moving average'
AS
WITH f AS (
    SELECT *,
           bollinger(close, $bb_window, $bb_std).upper  AS bb_upper,
           bollinger(close, $bb_window, $bb_std).middle AS bb_middle,
           bollinger(close, $bb_window, $bb_std).lower  AS bb_lower,
           CASE WHEN $ma_type = 'sma' THEN sma(close, $ma_window) ELSE ewma(close, $ma_window) END AS moving_average
    FROM bars
), e AS (
    SELECT *,
           rolling_any(close < bb_lower, CASE WHEN $arm_bars = 0 THEN $bb_window ELSE $arm_bars END)
           AND crosses_above(close, moving_average) AS enter_long,
           rolling_any(close > bb_upper, CASE WHEN $arm_bars = 0 THEN $bb_window ELSE $arm_bars END)
           AND crosses_below(close, moving_average) AS enter_short
    FROM f
)
SELECT *,
       -- The average is crossed upwards or downwards, so at a signal bar the side is known.
       CASE WHEN close > moving_average THEN $long_stop_pct ELSE $short_stop_pct END * close AS stop_distance,
       bb_lower + $trailing_pct * (bb_middle - bb_lower)                             AS trail_price_long,
       bb_middle + $trailing_pct * (bb_upper - bb_middle)                            AS trail_price_short,
       CASE WHEN $median_activated THEN close >= bb_middle ELSE true END             AS trail_arm_long,
       CASE WHEN $median_activated THEN close <= bb_middle ELSE true END             AS trail_arm_short,
       $position_fraction                                                            AS size,
       $max_hold_bars                                                                AS max_bars
FROM e
