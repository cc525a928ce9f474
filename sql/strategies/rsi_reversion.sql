-- Buys when the relative strength index falls below `oversold`, sells short when it rises above `overbought`; leaves in the
-- middle of its range or at an ATR stop.
CREATE STRATEGY rsi_reversion (
    rsi_period     INT    DEFAULT 14   CHECK (rsi_period >= 2)                       SEARCH (7, 28, 7)
        COMMENT 'bars of the relative strength index',
    oversold       DOUBLE DEFAULT 30.0 CHECK (oversold > 0 AND oversold < 50)        SEARCH (15, 40, 5)
        COMMENT 'level below which a long position is entered',
    overbought     DOUBLE DEFAULT 70.0 CHECK (overbought > 50 AND overbought < 100)  SEARCH (60, 85, 5)
        COMMENT 'level above which a short position is entered',
    atr_period     INT    DEFAULT 14   CHECK (atr_period >= 1)                       SEARCH (7, 21, 7)
        COMMENT 'bars of the average true range',
    atr_multiplier DOUBLE DEFAULT 3.0  CHECK (atr_multiplier > 0)                    SEARCH (1.5, 5.0, 0.5)
        COMMENT 'distance of the stop, in average true ranges',
    risk_per_trade DOUBLE DEFAULT 0.01 CHECK (risk_per_trade > 0 AND risk_per_trade <= 1)
        COMMENT 'fraction of equity lost at the stop'
) COMMENT 'Mean reversion at the extremes of the relative strength index'
AS
WITH f AS (SELECT *, rsi(close, $rsi_period) AS strength, atr(high, low, close, $atr_period) AS range_average FROM bars)
SELECT *,
       crosses_below(strength, $oversold)   AS enter_long,
       crosses_above(strength, $overbought) AS enter_short,
       strength >= 50                       AS exit_long,
       strength <= 50                       AS exit_short,
       $atr_multiplier * range_average      AS stop_distance,
       $risk_per_trade                      AS risk
FROM f
