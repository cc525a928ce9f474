-- Indicators are window functions. Over a relation in time order, such as bars(...), OVER may be left out.

SELECT ts, close, sma(close, 20) AS average, rsi(close, 14) AS strength, bollinger(close, 20, 2.0).upper AS upper
FROM bars('DEMO', '1h')
ORDER BY ts DESC
LIMIT 5;

-- Calls nest, and stand in conditions: they are calculated before rows are dropped.
SELECT ts, close FROM bars('DEMO', '1h') WHERE crosses_above(ema(close, 5), ema(close, 20)) LIMIT 5;

-- Over any other relation OVER says what is one series and what is its order.
SELECT symbol, ts, rsi(close, 14) OVER (PARTITION BY symbol ORDER BY ts) AS strength
FROM ohlcv
WHERE symbol = 'DEMO'
LIMIT 5;

-- Statistics of a condition: what happened in the 12 bars after the close left the lower band?
SELECT count(*) AS times, avg(next_return) AS mean_return, count(*) FILTER (WHERE next_return > 0) AS up
FROM (SELECT close < bollinger(close, 20, 2.0).lower AS is_low, lead(close, 12) OVER (ORDER BY ts) / close - 1 AS next_return
      FROM bars('DEMO', '1h'))
WHERE is_low;

-- Metrics are aggregates over any column.
SELECT sharpe(ret, periods_per_year => 8760) AS sharpe, volatility(ret, periods_per_year => 8760) AS volatility
FROM (SELECT pct_change(close) AS ret FROM bars('DEMO', '1h'));
