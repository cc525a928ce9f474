-- Holds a long position after every close at or below the lower Bollinger band, and nothing otherwise. The band uses the sample
-- standard deviation.
CREATE STRATEGY bollinger_reversion (
    bb_period INT    DEFAULT 20  CHECK (bb_period >= 2) SEARCH (10, 50, 1)
        COMMENT 'bars of the band',
    bb_std    DOUBLE DEFAULT 2.0 CHECK (bb_std > 0)     SEARCH (1.5, 3.0, 0.1)
        COMMENT 'distance of the band, in standard deviations'
) COMMENT 'Long below the lower Bollinger band'
AS
WITH f AS (
    SELECT *, sma(close, $bb_period) - $bb_std * rolling_stddev(close, $bb_period, 1, 1) AS bb_lower FROM bars
)
SELECT *, CASE WHEN close <= bb_lower THEN 1.0 WHEN close > bb_lower THEN 0.0 END AS "position" FROM f
