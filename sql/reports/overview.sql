-- @title Overview of the series of {timeframe}
-- @text What the stored symbols did, how they move together, and how one strategy fares on each of them. With `all` every
-- symbol is taken of which bars of this length are stored or can be made.
--
-- @param symbols TEXT[] DEFAULT ['all'] Symbols, or all
-- @param timeframe TEXT DEFAULT '1h' Length of a bar
-- @param strategy STRATEGY DEFAULT sma_cross(fast => 10, slow => 30) The strategy that is tried on each
-- @param fee_bps DOUBLE DEFAULT 10 CHECK (fee_bps >= 0 AND fee_bps <= 5000) Fee per fill, basis points

-- @hidden
CREATE OR REPLACE TABLE minutes AS
SELECT * FROM (VALUES ('1m', 1), ('3m', 3), ('5m', 5), ('15m', 15), ('30m', 30), ('45m', 45), ('1h', 60), ('2h', 120),
    ('4h', 240), ('6h', 360), ('8h', 480), ('12h', 720), ('1d', 1440), ('1w', 10080)) AS m(timeframe, minutes);

-- @hidden
CREATE OR REPLACE TABLE chosen AS
SELECT DISTINCT d.symbol
FROM datasets() AS d JOIN minutes AS s ON s.timeframe = d.timeframe JOIN minutes AS w ON w.timeframe = :'timeframe'
WHERE w.minutes % s.minutes = 0 AND d.error IS NULL
  AND (array_has(:symbols, 'all') OR array_has(:symbols, d.symbol));

-- @assert At least one symbol has bars of {timeframe}
SELECT count(*) > 0 FROM chosen;

-- @hidden
CREATE OR REPLACE TABLE closes AS
SELECT symbol, ts, close, ret
FROM equity((SELECT symbol FROM chosen), :'timeframe', buy_and_hold(), fee_bps => 0, slippage_bps => 0);

-- @section Series

-- @table
SELECT symbol, count(*) AS bars, min(ts) AS first_ts, max(ts) AS last_ts, first_value(close ORDER BY ts) AS first_close,
       last_value(close ORDER BY ts) AS last_close,
       last_value(close ORDER BY ts) / first_value(close ORDER BY ts) - 1 AS total_return,
       max_drawdown(close ORDER BY ts) AS max_drawdown
FROM closes
GROUP BY symbol
ORDER BY symbol;

-- @text The chart holds the eight series with the most bars. Each begins at 1.

-- @chart line x=ts y=growth color=symbol Growth of one unit
WITH longest AS (
    SELECT symbol, first_value(close ORDER BY ts) AS first_close FROM closes GROUP BY symbol ORDER BY count(*) DESC, symbol LIMIT 8
)
SELECT c.ts, c.symbol, c.close / l.first_close AS growth FROM closes AS c JOIN longest AS l ON l.symbol = c.symbol ORDER BY c.symbol, c.ts;

-- @section Together
-- @text Correlation of the returns per bar, over the bars that two series share.

-- @chart heatmap x=other y=symbol value=correlation Correlation of returns
SELECT a.symbol, b.symbol AS other, corr(a.ret, b.ret) AS correlation
FROM closes AS a JOIN closes AS b ON a.ts = b.ts
GROUP BY a.symbol, b.symbol
ORDER BY a.symbol, other;

-- @section {strategy} on each

-- @table
SELECT symbol, total_return, cagr, sharpe, max_drawdown, trades, win_rate, profit_factor, time_in_market, fees
FROM backtest((SELECT symbol FROM chosen), :'timeframe', :strategy, fee_bps => :fee_bps)
ORDER BY sharpe DESC, symbol;

-- @chart bars x=symbol y=strategy_return,buy_and_hold_return Total return beside buy and hold
SELECT s.symbol, s.total_return AS strategy_return, b.total_return AS buy_and_hold_return
FROM backtest((SELECT symbol FROM chosen), :'timeframe', :strategy, fee_bps => :fee_bps) AS s
JOIN backtest((SELECT symbol FROM chosen), :'timeframe', buy_and_hold(), fee_bps => :fee_bps) AS b ON b.symbol = s.symbol
ORDER BY s.total_return DESC, s.symbol
LIMIT 40;

-- @chart equity x=ts All in equal parts: the mean of the accounts
WITH returns AS (
    SELECT ts, avg(ret) AS ret
    FROM equity((SELECT symbol FROM chosen), :'timeframe', :strategy, fee_bps => :fee_bps)
    WHERE ret > -1
    GROUP BY ts
)
SELECT ts, 10000 * exp(sum(ln(1 + ret)) OVER (ORDER BY ts)) AS equity FROM returns ORDER BY ts;
