-- Buys weakness of the bars while their close is above the average of longer bars, sells short the mirror image; leaves when
-- strength returns, when the trend turns, or at an ATR stop.
CREATE STRATEGY trend_pullback (
    trend_timeframe TEXT  DEFAULT '4h' SEARCH ['2h', '4h', '1d']
        COMMENT 'timeframe of the trend, a multiple of that of the bars',
    trend_period   INT    DEFAULT 20   CHECK (trend_period >= 2)                     SEARCH (10, 50, 10)
        COMMENT 'longer bars of the average that is the trend',
    rsi_period     INT    DEFAULT 5    CHECK (rsi_period >= 2)                       SEARCH (3, 9, 2)
        COMMENT 'bars of the relative strength index',
    pullback       DOUBLE DEFAULT 25.0 CHECK (pullback > 0 AND pullback < 50)        SEARCH (15, 40, 5)
        COMMENT 'level below which a rising trend has pulled back; 100 less it for a falling one',
    atr_period     INT    DEFAULT 14   CHECK (atr_period >= 1)                       SEARCH (7, 21, 7)
        COMMENT 'bars of the average true range',
    atr_multiplier DOUBLE DEFAULT 3.0  CHECK (atr_multiplier > 0)                    SEARCH (1.5, 5.0, 0.5)
        COMMENT 'distance of the stop, in average true ranges',
    risk_per_trade DOUBLE DEFAULT 0.01 CHECK (risk_per_trade > 0 AND risk_per_trade <= 1)
        COMMENT 'fraction of equity lost at the stop'
) COMMENT 'Pullbacks in the direction of a trend on a longer timeframe'
AS
WITH f AS (
    SELECT *,
           at_timeframe($trend_timeframe, ema(close, $trend_period)) AS trend,
           rsi(close, $rsi_period)                                   AS strength,
           atr(high, low, close, $atr_period)                        AS range_average
    FROM bars
)
SELECT *,
       crosses_below(strength, $pullback) AND close > trend       AS enter_long,
       crosses_above(strength, 100 - $pullback) AND close < trend AS enter_short,
       strength >= 50 OR close < trend                            AS exit_long,
       strength <= 50 OR close > trend                            AS exit_short,
       $atr_multiplier * range_average                            AS stop_distance,
       $risk_per_trade                                            AS risk
FROM f
