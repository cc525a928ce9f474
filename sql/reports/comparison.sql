-- @title Strategies on {symbol} {timeframe}
-- @text Three strategies and buy and hold over the same bars under the same costs.
--
-- @param symbol TEXT DEFAULT 'DEMO' Symbol of the series
-- @param timeframe TEXT DEFAULT '1h' Length of a bar
-- @param first STRATEGY DEFAULT sma_cross(fast => 10, slow => 30) The first strategy
-- @param second STRATEGY DEFAULT rsi_reversion(rsi_period => 14) The second strategy
-- @param third STRATEGY DEFAULT donchian_breakout(entry_period => 20) The third strategy
-- @param fee_bps DOUBLE DEFAULT 10 CHECK (fee_bps >= 0 AND fee_bps <= 5000) Fee per fill, basis points
-- @param slippage_bps DOUBLE DEFAULT 5 CHECK (slippage_bps >= 0 AND slippage_bps <= 5000) Slippage per fill, basis points
-- @param since TIMESTAMP DEFAULT '1970-01-01' Trading starts at the first bar from here on
-- @param until TIMESTAMP DEFAULT '2200-01-01' Trading ends before this time

-- @hidden
CREATE OR REPLACE TABLE results AS
SELECT 1 AS place, 'first' AS run, * FROM backtest(:'symbol', :'timeframe', :first, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 2, 'second', * FROM backtest(:'symbol', :'timeframe', :second, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 3, 'third', * FROM backtest(:'symbol', :'timeframe', :third, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 4, 'buy and hold', * FROM backtest(:'symbol', :'timeframe', buy_and_hold(), fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until');

-- @hidden
CREATE OR REPLACE TABLE accounts AS
SELECT 1 AS place, 'first' AS run, ts, equity, drawdown, ret FROM equity(:'symbol', :'timeframe', :first, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 2, 'second', ts, equity, drawdown, ret FROM equity(:'symbol', :'timeframe', :second, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 3, 'third', ts, equity, drawdown, ret FROM equity(:'symbol', :'timeframe', :third, fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until')
UNION ALL
SELECT 4, 'buy and hold', ts, equity, drawdown, ret FROM equity(:'symbol', :'timeframe', buy_and_hold(), fee_bps => :fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until');

-- @section Figures

-- @table
SELECT run, strategy, params, total_return, cagr, sharpe, sortino, max_drawdown, volatility, trades, win_rate, profit_factor,
       time_in_market, fees
FROM results
ORDER BY place;

-- @assert All four ran over the same bars
SELECT min(bars) = max(bars) FROM results;

-- @section Accounts

-- @chart equity x=ts y=equity color=run Equity and drawdown
SELECT ts, run, equity FROM accounts ORDER BY place, ts;

-- @chart bars x=metric y=value color=run Return and risk side by side
-- @format value=percent
SELECT m.metric, r.run, CASE m.metric WHEN 'total_return' THEN r.total_return WHEN 'max_drawdown' THEN r.max_drawdown
                                      ELSE r.volatility END AS value
FROM results AS r CROSS JOIN (VALUES ('total_return'), ('max_drawdown'), ('volatility')) AS m(metric)
ORDER BY m.metric, r.place;

-- @section By year

-- @chart bars x=year y=year_return color=run Return by year
SELECT extract(year FROM ts)::INT::TEXT AS year, run, exp(sum(ln(1 + ret))) - 1 AS year_return
FROM accounts
WHERE ret > -1
GROUP BY 1, run, place
ORDER BY 1, place;

-- @section How alike they are
-- @text Correlation of the returns per bar. Strategies that move alike do not diversify each other.

-- @chart heatmap x=other y=run value=correlation Correlation of returns
SELECT a.run, b.run AS other, corr(a.ret, b.ret) AS correlation
FROM accounts AS a JOIN accounts AS b ON a.ts = b.ts
GROUP BY a.run, b.run, a.place, b.place
ORDER BY a.place, b.place;

-- @section Costs
-- @text The same strategies under other fees: what is left of each at 0, 5, 10 and 20 basis points per fill.

-- @table
SELECT f.fee_bps, a.total_return AS first_return, b.total_return AS second_return, c.total_return AS third_return
FROM (VALUES (0), (5), (10), (20)) AS f(fee_bps),
     LATERAL backtest(:'symbol', :'timeframe', :first, fee_bps => f.fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until') AS a,
     LATERAL backtest(:'symbol', :'timeframe', :second, fee_bps => f.fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until') AS b,
     LATERAL backtest(:'symbol', :'timeframe', :third, fee_bps => f.fee_bps, slippage_bps => :slippage_bps, since => :'since', until => :'until') AS c
ORDER BY f.fee_bps;
