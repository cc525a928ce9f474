-- A strategy is a query over `bars`, the series being tested. Columns with reserved names say what to do.

CREATE OR REPLACE STRATEGY dip_buyer (
    period   INT    DEFAULT 20  CHECK (period >= 2)  SEARCH (10, 60, 10)    COMMENT 'bars of the mean',
    entry_z  DOUBLE DEFAULT 2.0 CHECK (entry_z > 0)  SEARCH (1.0, 3.0, 0.5) COMMENT 'depth of a dip, in deviations',
    stop_atr DOUBLE DEFAULT 2.0 CHECK (stop_atr > 0) SEARCH (1.0, 4.0, 1.0) COMMENT 'distance of the stop, in true ranges'
) COMMENT 'Buys dips below the mean' AS
WITH f AS (
    SELECT *, zscore(close, $period) AS z, sma(close, $period) AS middle, atr(high, low, close, 14) AS range_14 FROM bars
)
SELECT *,
       debounce(crosses_below(z, -$entry_z), 6) AS enter_long,
       close >= middle                          AS exit_long,
       $stop_atr * range_14                     AS stop_distance,
       0.01                                     AS risk
FROM f;

DESCRIBE STRATEGY dip_buyer;

-- Every column that it gives, bar by bar.
SELECT ts, close, z, enter_long, stop_distance FROM signals('DEMO', '1h', dip_buyer()) WHERE enter_long LIMIT 5;

SELECT trades, win_rate, profit_factor, total_return FROM backtest('DEMO', '1h', dip_buyer(entry_z => 1.5));

-- Every combination of the declared search ranges.
SELECT period, entry_z, stop_atr, trades, total_return
FROM sweep('DEMO', '1h', dip_buyer(period => search, entry_z => search, stop_atr => search))
ORDER BY total_return DESC
LIMIT 5;

DROP STRATEGY dip_buyer;
