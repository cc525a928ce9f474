-- Several timeframes and series in one strategy. Run it with `threadx -f sql/examples/other_bars.sql` after `threadx demo`,
-- or put series of yours in the place of DEMO.

-- A bar sees a longer one once that has closed: at 03:00 the hour ends with the four hours.
SELECT ts, close, at_timeframe('4h', close) AS close_4h, at_timeframe('1d', rsi(close, 14)) AS rsi_day
FROM bars('DEMO', '1h')
LIMIT 8;

-- Dips of the hours in the direction of a longer trend, while the days of a leading series are above their average.
CREATE OR REPLACE STRATEGY with_the_trend (
    trend_timeframe TEXT   DEFAULT '4h'   SEARCH ['2h', '4h', '1d'],
    trend_period    INT    DEFAULT 20     CHECK (trend_period >= 2) SEARCH (5, 20, 5),
    entry_z         DOUBLE DEFAULT 1.0    CHECK (entry_z > 0)       SEARCH (0.5, 2.0, 0.5),
    leader          TEXT   DEFAULT 'DEMO'
) AS
WITH f AS (
    SELECT *, zscore(close, 20) AS z,
           at_timeframe($trend_timeframe, ema(close, $trend_period))            AS trend,
           at_series($leader, '1d', close > sma(close, 5))                      AS leader_rises,
           at_timeframe('1d', bollinger(close, 5, 2.0).upper)                   AS upper_day
    FROM bars
)
SELECT *,
       crosses_below(z, -$entry_z) AND close > trend AND leader_rises AS enter_long,
       close < trend OR close > upper_day                             AS exit_long
FROM f;

-- What is on other bars is evaluated once for each value of its own parameters, and lined up once.
EXPLAIN SELECT trend_timeframe, trend_period, entry_z, sharpe
FROM sweep('DEMO', '1h', with_the_trend(trend_timeframe => search, trend_period => search, entry_z => search));

SELECT trend_timeframe, trend_period, entry_z, trades, sharpe, total_return
FROM sweep('DEMO', '1h', with_the_trend(trend_timeframe => search, trend_period => search, entry_z => search))
ORDER BY sharpe DESC
LIMIT 5;

-- The bars of another series beside those of one, both of an hour.
SELECT a.ts, a.close, b.close AS other, a.close / b.close AS ratio
FROM bars('DEMO', '1h') AS a ASOF JOIN bars('DEMO', '1h') AS b MATCH_CONDITION (a.ts >= b.ts)
ORDER BY a.ts
LIMIT 5;

DROP STRATEGY with_the_trend;
