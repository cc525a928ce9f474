-- Enters when the close leaves the channel of the last `entry_period` bars, leaves when it crosses the shorter channel of
-- `exit_period` bars on the other side. The channels end at the previous bar.
CREATE STRATEGY donchian_breakout (
    entry_period   INT    DEFAULT 20   CHECK (entry_period >= 1) SEARCH (10, 60, 10) COMMENT 'bars of the entry channel',
    exit_period    INT    DEFAULT 10   CHECK (exit_period >= 1)  SEARCH (5, 30, 5)   COMMENT 'bars of the exit channel',
    atr_period     INT    DEFAULT 20   CHECK (atr_period >= 1)   SEARCH (10, 30, 10) COMMENT 'bars of the average true range',
    atr_multiplier DOUBLE DEFAULT 2.0  CHECK (atr_multiplier > 0) SEARCH (1.0, 4.0, 0.5)
        COMMENT 'distance of the stop, in average true ranges',
    risk_per_trade DOUBLE DEFAULT 0.01 CHECK (risk_per_trade > 0 AND risk_per_trade <= 1)
        COMMENT 'fraction of equity lost at the stop'
) COMMENT 'Breakout from the channel of highs and lows'
AS
WITH f AS (
    SELECT *,
           previous(highest(high, $entry_period)) AS upper,
           previous(lowest(low, $entry_period))   AS lower,
           previous(highest(high, $exit_period))  AS upper_exit,
           previous(lowest(low, $exit_period))    AS lower_exit,
           atr(high, low, close, $atr_period)     AS range_average
    FROM bars
)
SELECT *,
       close > upper                   AS enter_long,
       close < lower                   AS enter_short,
       close < lower_exit              AS exit_long,
       close > upper_exit              AS exit_short,
       $atr_multiplier * range_average AS stop_distance,
       $risk_per_trade                 AS risk
FROM f
