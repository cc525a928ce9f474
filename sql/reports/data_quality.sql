-- @title Quality of the stored bars
-- @text What is stored, and what is wrong with it. Gaps are counted around the clock, so that nights and weekends of a market
-- that closes are gaps too. A score of one is faultless.
--
-- @param symbols TEXT[] DEFAULT ['all'] Symbols, or all
-- @param min_score DOUBLE DEFAULT 0 CHECK (min_score >= 0 AND min_score <= 1) The run fails below this score

-- @hidden
CREATE OR REPLACE TABLE stored AS
SELECT * FROM datasets() WHERE array_has(:symbols, 'all') OR array_has(:symbols, symbol);

-- @hidden
CREATE OR REPLACE TABLE checks AS
SELECT q.* FROM stored AS s, LATERAL data_quality(s.symbol, s.timeframe) AS q WHERE s.error IS NULL;

-- @section Series

-- @assert Something is stored
SELECT count(*) > 0 FROM stored;

-- @figures
SELECT count(*) AS series, count(DISTINCT symbol) AS symbols, sum(rows) AS bars, min(first_ts) AS first_ts, max(last_ts) AS last_ts,
       sum(bytes) AS bytes, count(error) AS unreadable
FROM stored;

-- @table
SELECT symbol, timeframe, rows, first_ts, last_ts, bytes, format, error FROM stored ORDER BY symbol, timeframe;

-- @section Findings

-- @chart bars x=check_name y=findings Findings by check, all series together
SELECT check_name, sum(count) AS findings FROM checks GROUP BY check_name ORDER BY findings DESC, check_name;

-- @table Checks with findings
SELECT symbol, timeframe, check_name, count, share, first_ts, score, rule
FROM checks
WHERE count > 0
ORDER BY score, symbol, timeframe, check_name;

-- @assert Every check has a score of at least {min_score}
SELECT coalesce(min(score), 1) >= :min_score FROM checks;

-- @chart bars x=series y=worst_score Worst score of the forty weakest series
SELECT symbol || ' ' || timeframe AS series, min(score) AS worst_score
FROM checks
GROUP BY 1
ORDER BY worst_score, series
LIMIT 40;

-- @section Coverage

-- @chart heatmap x=month y=year value=bars Bars by month, all series together
SELECT extract(year FROM ts)::INT AS year, extract(month FROM ts)::INT AS month, count(*) AS bars
FROM ohlcv
WHERE array_has(:symbols, 'all') OR array_has(:symbols, symbol)
GROUP BY 1, 2
ORDER BY 1, 2;

-- @table rows=20 The largest moves from one bar to the next
SELECT symbol, timeframe, ts, previous_close, close, close / previous_close - 1 AS bar_return
FROM (SELECT symbol, timeframe, ts, close, lag(close) OVER (PARTITION BY symbol, timeframe ORDER BY ts) AS previous_close
      FROM ohlcv
      WHERE array_has(:symbols, 'all') OR array_has(:symbols, symbol))
WHERE previous_close > 0
ORDER BY abs(close / previous_close - 1) DESC, symbol, timeframe, ts
LIMIT 20;
