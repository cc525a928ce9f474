-- @title RSI and return correlation with {reference}
-- @text Which symbols move with {reference}: the correlation of their relative strength index, and of their returns, with those
-- of the reference over the bars that both have. The RSI of neighbouring bars shares most of its input, so that {rsi_period}
-- bars count as about one independent observation; `effective_n` says how many there are.
--
-- Market capitalisation is not in the bars. Size is the traded value instead, the mean of close times volume, and `low_size`
-- marks the lowest {low_percentile} percent of the symbols.
--
-- @param reference TEXT DEFAULT 'DEMO' The symbol that the others are compared with
-- @param symbols TEXT[] DEFAULT ['all'] Symbols, or all
-- @param timeframe TEXT DEFAULT '1d' Length of a bar
-- @param weeks INT DEFAULT 50 CHECK (weeks > 0) Weeks before the last bar of the reference
-- @param rsi_period INT DEFAULT 14 CHECK (rsi_period > 1) Bars of the RSI
-- @param threshold DOUBLE DEFAULT 0.7 CHECK (threshold >= 0 AND threshold <= 1) Smallest absolute correlation of the ranking
-- @param min_overlap INT DEFAULT 30 CHECK (min_overlap > 2) Fewest bars that both have
-- @param low_percentile DOUBLE DEFAULT 25 CHECK (low_percentile >= 0 AND low_percentile <= 100) Share of symbols that count as low in size
-- @param low_size_only BOOLEAN DEFAULT false Rank only symbols that are low in size

-- @hidden
CREATE OR REPLACE TABLE minutes AS
SELECT * FROM (VALUES ('1m', 1), ('3m', 3), ('5m', 5), ('15m', 15), ('30m', 30), ('45m', 45), ('1h', 60), ('2h', 120),
    ('4h', 240), ('6h', 360), ('8h', 480), ('12h', 720), ('1d', 1440), ('1w', 10080)) AS m(timeframe, minutes);

-- @hidden
CREATE OR REPLACE TABLE candidates AS
SELECT d.symbol, bool_or(w.minutes % s.minutes = 0 AND d.error IS NULL) AS has_bars, count(d.error) > 0 AS is_damaged
FROM datasets() AS d LEFT JOIN minutes AS s ON s.timeframe = d.timeframe CROSS JOIN (SELECT minutes FROM minutes WHERE timeframe = :'timeframe') AS w
WHERE array_has(:symbols, 'all') OR array_has(:symbols, d.symbol) OR d.symbol = :'reference'
GROUP BY d.symbol;

-- @assert The reference {reference} has bars of {timeframe}
SELECT count(*) = 1 FROM candidates WHERE symbol = :'reference' AND has_bars;

-- @hidden
CREATE OR REPLACE TABLE series AS
SELECT symbol, ts, close, volume, rsi, ret
FROM (SELECT b.symbol, b.ts, b.close, b.volume,
             rsi(b.close, :rsi_period) OVER (PARTITION BY b.symbol ORDER BY b.ts) AS rsi,
             b.close / lag(b.close) OVER (PARTITION BY b.symbol ORDER BY b.ts) - 1 AS ret
      FROM candidates AS c, LATERAL bars(c.symbol, :'timeframe') AS b
      WHERE c.has_bars);

-- @hidden
CREATE OR REPLACE TABLE recent AS
SELECT s.*
FROM series AS s CROSS JOIN (SELECT max(ts) AS last_ts FROM series WHERE symbol = :'reference') AS r
WHERE s.ts > r.last_ts - CAST(:weeks * 7 || ' days' AS INTERVAL) AND s.ts <= r.last_ts;

-- @hidden
CREATE OR REPLACE TABLE pairs AS
SELECT s.symbol, count(*) AS n, corr(s.rsi, r.rsi) AS rsi_correlation, corr(s.ret, r.ret) AS return_correlation,
       avg(s.close * s.volume) AS size
FROM recent AS s JOIN recent AS r ON r.symbol = :'reference' AND r.ts = s.ts
WHERE s.symbol <> :'reference' AND s.rsi IS NOT NULL AND r.rsi IS NOT NULL
GROUP BY s.symbol;

-- @hidden
CREATE OR REPLACE TABLE ranked AS
SELECT p.*, p.size <= q.bound AS low_size
FROM pairs AS p CROSS JOIN (SELECT percentile_cont(:low_percentile / 100.0) WITHIN GROUP (ORDER BY size) AS bound FROM pairs WHERE size > 0) AS q
WHERE p.n >= :min_overlap;

-- @section Ranking

-- @figures
SELECT (SELECT count(*) FROM candidates) AS symbols, (SELECT count(*) FROM ranked) AS compared,
       (SELECT count(*) FROM ranked WHERE abs(rsi_correlation) >= :threshold) AS above_threshold,
       (SELECT avg(rsi_correlation) FROM ranked) AS average_rsi_correlation,
       (SELECT avg(return_correlation) FROM ranked) AS average_return_correlation;

-- @table Symbols with an RSI correlation of at least {threshold}, in absolute value
-- @format rsi_correlation=number:3 return_correlation=number:3 size=money:0
SELECT row_number() OVER (ORDER BY abs(rsi_correlation) DESC, size, symbol) AS rank, symbol, rsi_correlation, return_correlation,
       n, n / :rsi_period AS effective_n, size, low_size
FROM ranked
WHERE abs(rsi_correlation) >= :threshold AND (low_size OR NOT :low_size_only)
ORDER BY rank;

-- @chart bars x=symbol y=rsi_correlation,return_correlation The forty strongest, whatever the threshold
SELECT symbol, rsi_correlation, return_correlation FROM ranked ORDER BY abs(rsi_correlation) DESC, symbol LIMIT 40;

-- @chart scatter x=return_correlation y=rsi_correlation RSI correlation over return correlation
SELECT return_correlation, rsi_correlation FROM ranked ORDER BY symbol;

-- @section Every pair

-- @chart heatmap x=other y=symbol value=correlation Correlation of the RSI
SELECT a.symbol, b.symbol AS other, corr(a.rsi, b.rsi) AS correlation
FROM recent AS a JOIN recent AS b ON a.ts = b.ts
WHERE a.rsi IS NOT NULL AND b.rsi IS NOT NULL
GROUP BY a.symbol, b.symbol
HAVING count(*) >= :min_overlap
ORDER BY a.symbol, other;

-- @chart heatmap x=other y=symbol value=correlation Correlation of the returns
SELECT a.symbol, b.symbol AS other, corr(a.ret, b.ret) AS correlation
FROM recent AS a JOIN recent AS b ON a.ts = b.ts
WHERE a.ret IS NOT NULL AND b.ret IS NOT NULL
GROUP BY a.symbol, b.symbol
HAVING count(*) >= :min_overlap
ORDER BY a.symbol, other;

-- @section Over time

-- @chart line x=ts y=rsi color=symbol RSI of the reference and of the strongest five
SELECT r.ts, r.symbol, r.rsi
FROM recent AS r
WHERE r.rsi IS NOT NULL AND (r.symbol = :'reference'
      OR r.symbol IN (SELECT symbol FROM ranked ORDER BY abs(rsi_correlation) DESC, symbol LIMIT 5))
ORDER BY r.symbol, r.ts;

-- @chart line x=ts y=rolling_correlation color=symbol Correlation of the RSI over the last {min_overlap} bars
SELECT s.ts, s.symbol, rolling_corr(s.rsi, r.rsi, :min_overlap) OVER (PARTITION BY s.symbol ORDER BY s.ts) AS rolling_correlation
FROM recent AS s JOIN recent AS r ON r.symbol = :'reference' AND r.ts = s.ts
WHERE s.rsi IS NOT NULL AND r.rsi IS NOT NULL
  AND s.symbol IN (SELECT symbol FROM ranked ORDER BY abs(rsi_correlation) DESC, symbol LIMIT 5)
ORDER BY s.symbol, s.ts;

-- @section Left out

-- @table Symbols that were not ranked, and why
SELECT c.symbol, CASE WHEN c.is_damaged AND NOT c.has_bars THEN 'its files cannot be read'
                      WHEN NOT coalesce(c.has_bars, false) THEN 'no bars of this length, and none to make them from'
                      WHEN p.n IS NULL THEN 'no bars at the same time as the reference'
                      WHEN p.n < :min_overlap THEN 'only ' || p.n || ' bars in common'
                      WHEN p.rsi_correlation IS NULL THEN 'its RSI does not move'
                      ELSE 'below the threshold' END AS reason
FROM candidates AS c LEFT JOIN pairs AS p ON p.symbol = c.symbol
WHERE c.symbol <> :'reference' AND c.symbol NOT IN (SELECT symbol FROM ranked WHERE abs(rsi_correlation) >= :threshold)
ORDER BY c.symbol;
