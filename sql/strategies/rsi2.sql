-- Connors' reversal within a trend: buys a very low two-bar relative strength index above the long average, sells short a
-- very high one below it, and leaves at the short average. There is no stop.
CREATE STRATEGY rsi2 (
    rsi_period   INT    DEFAULT 2    CHECK (rsi_period >= 2)                      SEARCH (2, 4, 1)
        COMMENT 'bars of the relative strength index',
    oversold     DOUBLE DEFAULT 10.0 CHECK (oversold > 0 AND oversold < 50)       SEARCH (5, 20, 5)
        COMMENT 'level below which a long position is entered',
    overbought   DOUBLE DEFAULT 90.0 CHECK (overbought > 50 AND overbought < 100) SEARCH (80, 95, 5)
        COMMENT 'level above which a short position is entered',
    trend_period INT    DEFAULT 200  CHECK (trend_period >= 2)                    SEARCH (100, 300, 50)
        COMMENT 'bars of the average that says which side is traded',
    exit_period  INT    DEFAULT 5    CHECK (exit_period >= 2)                     SEARCH (3, 10, 1)
        COMMENT 'bars of the average at which the position is left',
    CHECK (exit_period < trend_period)
) COMMENT 'Short reversals in the direction of a long trend'
AS
WITH f AS (
    SELECT *,
           rsi(close, $rsi_period)    AS strength,
           sma(close, $trend_period)  AS trend,
           sma(close, $exit_period)   AS short_average
    FROM bars
)
SELECT *,
       close > trend AND strength < $oversold   AS enter_long,
       close < trend AND strength > $overbought AS enter_short,
       close > short_average                    AS exit_long,
       close < short_average                    AS exit_short
FROM f
