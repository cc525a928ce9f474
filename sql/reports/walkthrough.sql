-- @title A walk through the SQL of ThreadX
-- @text Each block is one query; the fold below it shows the text. Everything runs over {symbol} {timeframe}.
--
-- @param symbol TEXT DEFAULT 'DEMO' Symbol of the series
-- @param timeframe TEXT DEFAULT '1h' Length of a bar

-- @section Bars
-- @text `bars` gives one series in time order. A length that is not stored is made from a shorter one, complete buckets only.

-- @chart candles Two hundred bars with an average and its bands
SELECT ts, open, high, low, close, sma(close, 20) AS average, bollinger(close, 20, 2.0).upper AS upper,
       bollinger(close, 20, 2.0).lower AS lower
FROM bars(:'symbol', :'timeframe')
ORDER BY ts DESC
LIMIT 200;

-- @table What is stored
SELECT symbol, timeframe, rows, first_ts, last_ts FROM datasets() ORDER BY symbol, timeframe;

-- @chart line x=ts y=day_close Daily closes, made from the bars
SELECT ts, close AS day_close FROM resample(bars(:'symbol', :'timeframe'), '1d') ORDER BY ts;

-- @section Indicators
-- @text Indicators are window functions. Over a series in time order `OVER` may be left out, also in conditions.

-- @chart line x=ts y=rsi_14,rsi_50 Relative strength over two periods
SELECT ts, rsi(close, 14) AS rsi_14, rsi(close, 50) AS rsi_50 FROM bars(:'symbol', :'timeframe') ORDER BY ts DESC LIMIT 500;

-- @table rows=5 The last crossings of two averages
SELECT ts, close FROM bars(:'symbol', :'timeframe') WHERE crosses_above(ema(close, 5), ema(close, 20)) ORDER BY ts DESC LIMIT 5;

-- @chart bars x=family y=indicators How many indicators there are, by family
SELECT family, count(*) AS indicators FROM indicators() GROUP BY family ORDER BY indicators DESC, family;

-- @section Backtests
-- @text A backtest is one row of metrics. Its trades, orders and equity are tables too.

-- @figures
SELECT trades, win_rate, total_return, sharpe, max_drawdown, fees FROM backtest(:'symbol', :'timeframe', sma_cross(fast => 10, slow => 30));

-- @assert A backtest is one row
SELECT count(*) = 1 FROM backtest(:'symbol', :'timeframe', sma_cross());

-- @chart equity
SELECT ts, equity, drawdown FROM equity(:'symbol', :'timeframe', sma_cross(fast => 10, slow => 30)) ORDER BY ts;

-- @table rows=5 Trades
SELECT entry_ts, direction, entry_price, exit_ts, exit_price, pnl, exit_reason
FROM trades(:'symbol', :'timeframe', sma_cross(fast => 10, slow => 30))
ORDER BY entry_ts;

-- @table rows=5 Orders
SELECT ts, side, direction, qty, price, fee, status, reason FROM orders(:'symbol', :'timeframe', sma_cross()) ORDER BY ts LIMIT 5;

-- @section One backtest for each row of anything
-- @text `LATERAL` runs a function for every row before it: here the same strategy under four fees.

-- @chart bars x=fee y=total_return What costs do
SELECT f.fee_bps || ' bp' AS fee, b.total_return
FROM (VALUES (0), (5), (10), (20)) AS f(fee_bps), LATERAL backtest(:'symbol', :'timeframe', sma_cross(), fee_bps => f.fee_bps) AS b
ORDER BY f.fee_bps;

-- @section Sweeps
-- @text A list instead of a value makes a grid. Each distinct expression is computed once, however many combinations share it.

-- @chart heatmap x=fast y=slow value=total_return Total return over two parameters
SELECT fast, slow, total_return FROM sweep(:'symbol', :'timeframe', sma_cross(fast => [5, 10, 15, 20], slow => [30, 40, 50, 60])) ORDER BY combo_id;

-- @table rows=5 Drawn points instead of a grid
SELECT combo_id, bb_period, entry_z, trades, total_return
FROM sweep(:'symbol', :'timeframe', sobol(32, bb_period => search, entry_z => uniform(1, 3), seed => 7))
ORDER BY total_return DESC, combo_id;

-- @table What the planner does
EXPLAIN SELECT fast, slow, sharpe FROM sweep(:'symbol', :'timeframe', sma_cross(fast => search, slow => search)) WHERE fast * 4 <= slow;

-- @section Metrics as aggregates

-- @chart bars x=year y=sharpe Sharpe ratio by year
SELECT extract(year FROM ts)::INT::TEXT AS year, sharpe(ret) AS sharpe
FROM equity(:'symbol', :'timeframe', buy_and_hold())
GROUP BY 1
ORDER BY 1;

-- @section The engine describes itself

-- @table Table functions
SELECT name, signature, summary FROM table_functions() ORDER BY name;

-- @table Strategies
SELECT name, signature, description FROM strategies() ORDER BY name;

-- @table rows=10 Metrics
SELECT name, unit, summary, formula FROM metrics() ORDER BY name;
