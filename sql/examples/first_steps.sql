-- What is stored, a look at the bars, and a first backtest. Run it with `threadx -f sql/examples/first_steps.sql` after
-- `threadx demo`, or put a series of yours in the place of DEMO.

SELECT symbol, timeframe, rows, first_ts, last_ts FROM datasets();

SELECT d.symbol, d.timeframe, q.check_name, q.count, q.first_ts
FROM datasets() AS d, LATERAL data_quality(d.symbol, d.timeframe) AS q
WHERE q.count > 0;

-- A longer timeframe is made from the stored one.
SELECT ts, open, high, low, close, volume FROM bars('DEMO', '1d') LIMIT 5;

-- One row of metrics.
SELECT trades, win_rate, total_return, sharpe, max_drawdown, fees FROM backtest('DEMO', '1h', bb_atr());

-- The same run trade by trade.
SELECT entry_ts, direction, entry_price, exit_ts, exit_price, pnl, exit_reason
FROM trades('DEMO', '1h', bb_atr())
ORDER BY pnl DESC
LIMIT 5;

-- And day by day: the last equity of each day, and its change.
SELECT day, equity, equity / lag(equity) OVER (ORDER BY day) - 1 AS day_return
FROM (SELECT date_trunc('day', ts) AS day, last_value(equity ORDER BY ts) AS equity
      FROM equity('DEMO', '1h', bb_atr()) GROUP BY date_trunc('day', ts))
ORDER BY day
LIMIT 5;
