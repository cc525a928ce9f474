-- Enters on the first close of the day outside the range of its first `range_minutes`, with the stop on the other side of
-- that range. Days are those of UTC and begin with their first bar. From `exit_minute` of the day on nothing is entered, and
-- what is open is left; a position that a gap in the data carried into the next day is left at its first close.
CREATE STRATEGY opening_range_breakout (
    range_minutes  INT    DEFAULT 60   CHECK (range_minutes BETWEEN 1 AND 1440) SEARCH [15, 30, 60, 120]
        COMMENT 'minutes of the opening range',
    exit_minute    INT    DEFAULT 1380 CHECK (exit_minute BETWEEN 1 AND 1440)   SEARCH [720, 960, 1200, 1380]
        COMMENT 'minute of the day, in UTC, from which on the position is left; 1440 is midnight',
    target_r       DOUBLE DEFAULT 0.0  CHECK (target_r >= 0)                    SEARCH [0, 1, 2, 3]
        COMMENT 'distance of the target, as a multiple of the range; 0 sets none',
    risk_per_trade DOUBLE DEFAULT 0.01 CHECK (risk_per_trade > 0 AND risk_per_trade <= 1) SEARCH (0.005, 0.03, 0.005)
        COMMENT 'fraction of equity lost at the stop',
    leverage       DOUBLE DEFAULT 1.0  CHECK (leverage > 0)                     SEARCH (1.0, 5.0, 1.0)
        COMMENT 'cap on notional / equity'
) COMMENT 'Breakout from the first minutes of a day'
AS
WITH f AS (
    SELECT *,
           opening_range(ts, high, low, $range_minutes, 'day').high AS range_high,
           opening_range(ts, high, low, $range_minutes, 'day').low  AS range_low,
           bars_since_session_start(ts, 'day') = 0                  AS is_first,
           60 * date_part('hour', ts) + date_part('minute', ts)     AS minute
    FROM bars
), e AS (
    SELECT *,
           first_true_since(close > range_high, is_first) AND minute < $exit_minute AS enter_long,
           first_true_since(close < range_low, is_first) AND minute < $exit_minute  AS enter_short
    FROM f
)
SELECT *,
       minute >= $exit_minute OR is_first                                   AS exit_long,
       minute >= $exit_minute OR is_first                                   AS exit_short,
       CASE WHEN close > range_high THEN range_low ELSE range_high END      AS stop_price,
       CASE WHEN $target_r > 0 THEN $target_r * (range_high - range_low) END AS target_distance,
       $risk_per_trade                                                      AS risk,
       $leverage                                                            AS leverage
FROM e
