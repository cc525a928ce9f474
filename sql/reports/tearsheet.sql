-- @title {strategy} on {symbol} {timeframe}
-- @text One backtest from all sides, beside buying the same series once and holding it under the same costs. Orders fill at
-- the next open, stops inside the bar; fees and slippage are paid at every fill.
--
-- @param symbol TEXT DEFAULT 'DEMO' Symbol of the series
-- @param timeframe TEXT DEFAULT '1h' Length of a bar
-- @param strategy STRATEGY DEFAULT sma_cross(fast => 10, slow => 30) The strategy with its parameters
-- @param fee_bps DOUBLE DEFAULT 10 CHECK (fee_bps >= 0 AND fee_bps <= 5000) Fee per fill, basis points
-- @param slippage_bps DOUBLE DEFAULT 5 CHECK (slippage_bps >= 0 AND slippage_bps <= 5000) Slippage per fill, basis points
-- @param since TIMESTAMP DEFAULT '1970-01-01' Trading starts at the first bar from here on
-- @param until TIMESTAMP DEFAULT '2200-01-01' Trading ends before this time
-- @param rolling INT DEFAULT 500 CHECK (rolling >= 2) Bars of the rolling Sharpe ratio

-- @hidden
CREATE OR REPLACE TABLE result AS
SELECT * FROM backtest(:'symbol', :'timeframe', :strategy, fee_bps => :fee_bps, slippage_bps => :slippage_bps,
                       since => :'since', until => :'until');

-- @hidden
CREATE OR REPLACE TABLE benchmark AS
SELECT * FROM backtest(:'symbol', :'timeframe', buy_and_hold(), fee_bps => :fee_bps, slippage_bps => :slippage_bps,
                       since => :'since', until => :'until');

-- @hidden
CREATE OR REPLACE TABLE account AS
SELECT s.ts, s.close, s.equity, s.drawdown, s.ret, s.direction,
       b.equity AS benchmark_equity, b.drawdown AS benchmark_drawdown, b.ret AS benchmark_ret
FROM equity(:'symbol', :'timeframe', :strategy, fee_bps => :fee_bps, slippage_bps => :slippage_bps,
            since => :'since', until => :'until') AS s
JOIN equity(:'symbol', :'timeframe', buy_and_hold(), fee_bps => :fee_bps, slippage_bps => :slippage_bps,
            since => :'since', until => :'until') AS b ON b.ts = s.ts;

-- @hidden
CREATE OR REPLACE TABLE round_trips AS
SELECT * FROM trades(:'symbol', :'timeframe', :strategy, fee_bps => :fee_bps, slippage_bps => :slippage_bps,
                     since => :'since', until => :'until');

-- @section Key figures

-- @figures
SELECT total_return, cagr, sharpe, sortino, calmar, volatility, max_drawdown, max_drawdown_bars, trades, win_rate,
       profit_factor, expectancy, avg_bars_held, time_in_market, turnover, fees
FROM result;

-- @assert The last equity agrees with the total return
SELECT abs(r.final_equity - a.equity) <= 1e-6 * abs(r.final_equity)
FROM result AS r, (SELECT equity FROM account ORDER BY ts DESC LIMIT 1) AS a;

-- @section Against buy and hold

-- @table
SELECT 'strategy' AS run, total_return, cagr, volatility, sharpe, sortino, calmar, max_drawdown, time_in_market, fees
FROM result
UNION ALL
SELECT 'buy and hold', total_return, cagr, volatility, sharpe, sortino, calmar, max_drawdown, time_in_market, fees
FROM benchmark
ORDER BY run DESC;

-- @figures Relation of the bar returns
-- @format alpha=percent tracking_error=percent
SELECT corr(ret, benchmark_ret) AS correlation,
       regr_slope(ret, benchmark_ret) AS beta,
       regr_intercept(ret, benchmark_ret) * first_value(b.periods_per_year) AS alpha,
       stddev(ret - benchmark_ret) * sqrt(first_value(b.periods_per_year)) AS tracking_error,
       avg(ret - benchmark_ret) / nullif(stddev(ret - benchmark_ret), 0) * sqrt(first_value(b.periods_per_year))
           AS information_ratio
FROM account CROSS JOIN (SELECT periods_per_year FROM benchmark) AS b;

-- @chart line x=ts y=strategy,buy_and_hold Growth of the account
SELECT ts, equity AS strategy, benchmark_equity AS buy_and_hold FROM account ORDER BY ts;

-- @section Equity and drawdown

-- @chart equity Equity and drawdown of the strategy
SELECT ts, equity, drawdown FROM account ORDER BY ts;

-- @hidden
CREATE OR REPLACE TABLE peaks AS
SELECT ts, drawdown, max(equity) OVER (ORDER BY ts) AS peak FROM account;

-- @table The five deepest drawdowns
-- @format began=date deepest=date recovered=date
SELECT began, deepest, recovered, drawdown, bars
FROM (SELECT peak, min(ts) AS began, first_value(ts ORDER BY drawdown, ts) AS deepest, min(drawdown) AS drawdown,
             count(*) - 1 AS bars, lead(min(ts)) OVER (ORDER BY peak) AS recovered
      FROM peaks
      GROUP BY peak)
WHERE drawdown < 0
ORDER BY drawdown, began
LIMIT 5;

-- @chart line x=ts y=rolling_sharpe Sharpe ratio of the last {rolling} bars, annualised
SELECT ts, rolling_sharpe(equity, :rolling) OVER (ORDER BY ts) * sqrt(periods_per_year) AS rolling_sharpe
FROM account CROSS JOIN (SELECT periods_per_year FROM result) AS r
ORDER BY ts;

-- @section Price with trades

-- @chart candles x=ts Price, entries and exits
SELECT b.ts, b.open, b.high, b.low, b.close, i.entry_price, i.direction AS entry_direction,
       o.exit_price, o.direction AS exit_direction
FROM bars(:'symbol', :'timeframe', since => :'since', until => :'until') AS b
LEFT JOIN round_trips AS i ON i.entry_ts = b.ts
LEFT JOIN round_trips AS o ON o.exit_ts = b.ts
ORDER BY b.ts;

-- @section Returns

-- @chart heatmap x=month y=year value=month_return Return by month
SELECT extract(year FROM ts)::INT AS year, extract(month FROM ts)::INT AS month, exp(sum(ln(1 + ret))) - 1 AS month_return
FROM account
WHERE ret > -1
GROUP BY 1, 2
ORDER BY 1, 2;

-- @chart bars x=year y=strategy_return,benchmark_return Return by year
SELECT extract(year FROM ts)::INT::TEXT AS year, exp(sum(ln(1 + ret))) - 1 AS strategy_return,
       exp(sum(ln(1 + benchmark_ret))) - 1 AS benchmark_return
FROM account
WHERE ret > -1
GROUP BY 1
ORDER BY 1;

-- @chart histogram y=day_return Distribution of daily returns
SELECT exp(sum(ln(1 + ret))) - 1 AS day_return
FROM account
WHERE ret > -1
GROUP BY date_trunc('day', ts)
ORDER BY date_trunc('day', ts);

-- @figures Daily returns
SELECT count(*) AS days, avg(r) AS average_return, median(r) AS median_return, min(r) AS worst_return, max(r) AS best_return,
       approx_percentile_cont(r, 0.05) AS value_at_risk_5_return, avg(CASE WHEN r > 0 THEN 1.0 ELSE 0.0 END) AS rising_share
FROM (SELECT exp(sum(ln(1 + ret))) - 1 AS r FROM account WHERE ret > -1 GROUP BY date_trunc('day', ts));

-- @section Trades

-- @chart scatter x=bars_held y=return color=direction Return of each trade over the bars it was held
SELECT bars_held, "return", direction FROM round_trips ORDER BY entry_ts;

-- @chart scatter x=mae y=return color=direction Return over the worst excursion on the way
SELECT mae, "return", direction FROM round_trips ORDER BY entry_ts;

-- @table By direction and reason of the exit
SELECT direction, exit_reason, count(*) AS trades, avg(CASE WHEN pnl > 0 THEN 1.0 ELSE 0.0 END) AS win_rate,
       sum(pnl) AS total_pnl, avg("return") AS average_return, avg(bars_held) AS average_bars_held
FROM round_trips
GROUP BY direction, exit_reason
ORDER BY total_pnl DESC;

-- @table rows=100 Trades, the largest profits and losses first
SELECT trade_id, direction, entry_ts, entry_price, exit_ts, exit_price, pnl, "return", bars_held, mae, mfe, exit_reason
FROM round_trips
ORDER BY abs(pnl) DESC, trade_id;
