-- @title Sweep of {strategy} on {symbol} {timeframe}
-- @text Every combination of the grid, and whether the best one is more than luck: a peak among bad neighbours is luck, a
-- parameter without importance does not matter.
--
-- @param symbol TEXT DEFAULT 'DEMO' Symbol of the series
-- @param timeframe TEXT DEFAULT '1h' Length of a bar
-- @param strategy STRATEGY DEFAULT sma_cross(fast => range(4, 20, 2), slow => range(24, 84, 6)) The strategy, with lists or samplers
-- @param x NAME DEFAULT fast First parameter of the heatmaps
-- @param y NAME DEFAULT slow Second parameter of the heatmaps
-- @param objective NAME DEFAULT sharpe The metric that ranks
-- @param fee_bps DOUBLE DEFAULT 10 CHECK (fee_bps >= 0 AND fee_bps <= 5000) Fee per fill, basis points

-- @hidden
CREATE OR REPLACE TABLE runs AS
SELECT *, :objective AS score_value FROM sweep(:'symbol', :'timeframe', :strategy, fee_bps => :fee_bps);

-- @hidden
CREATE OR REPLACE TABLE points AS
SELECT combo_id, :x AS x, :y AS y, dense_rank() OVER (ORDER BY :x) AS xi, dense_rank() OVER (ORDER BY :y) AS yi, score_value
FROM runs;

-- @hidden
CREATE OR REPLACE TABLE neighbours AS
SELECT a.combo_id, a.x, a.y, a.score_value AS own, avg(b.score_value) AS neighbours, count(b.score_value) AS count
FROM points AS a
LEFT JOIN points AS b ON abs(a.xi::BIGINT - b.xi::BIGINT) <= 1 AND abs(a.yi::BIGINT - b.yi::BIGINT) <= 1
                     AND a.combo_id <> b.combo_id
GROUP BY a.combo_id, a.x, a.y, a.score_value;

-- @section Overview

-- @figures
-- @format profitable=percent:1
SELECT count(*) AS combinations, count(score_value) AS ranked, max(score_value) AS best, median(score_value) AS median,
       min(score_value) AS worst, avg(CASE WHEN total_return > 0 THEN 1.0 ELSE 0.0 END) AS profitable,
       max(total_return) AS best_total_return, median(total_return) AS median_total_return, sum(trades) AS trades
FROM runs;

-- @assert The sweep has combinations
SELECT count(*) > 0 FROM runs;

-- @table rows=20 The best by {objective}
SELECT :x, :y, score_value AS score_by_objective, total_return, sharpe, max_drawdown, trades, win_rate, profit_factor, fees
FROM runs
ORDER BY score_value DESC, combo_id;

-- @section Distribution

-- @chart histogram y=score_value How {objective} is spread over the combinations
SELECT score_value FROM runs ORDER BY combo_id;

-- @chart scatter x=max_drawdown y=total_return Return over drawdown, one point per combination
SELECT max_drawdown, total_return FROM runs ORDER BY combo_id;

-- @section Over the parameters

-- @chart heatmap x={x} y={y} value=score_value {objective}
SELECT :x, :y, score_value FROM runs ORDER BY combo_id;

-- @chart heatmap x={x} y={y} value=total_return Total return
SELECT :x, :y, total_return FROM runs ORDER BY combo_id;

-- @chart heatmap x={x} y={y} value=max_drawdown Deepest drawdown
SELECT :x, :y, max_drawdown FROM runs ORDER BY combo_id;

-- @chart heatmap x={x} y={y} value=trades Number of trades
SELECT :x, :y, trades FROM runs ORDER BY combo_id;

-- @section Importance
-- @text The share of the variance of {objective} that a parameter explains on its own. Shares that add up to less than one
-- leave the rest to the parameters together.

-- @chart bars x=parameter y=share Explained variance
WITH whole AS (SELECT avg(score_value) AS mean, var_pop(score_value) * count(score_value) AS spread FROM points)
SELECT 'x: ' || :'x' AS parameter, sum(n * (m - mean) * (m - mean)) / nullif(first_value(spread), 0) AS share
FROM (SELECT avg(score_value) AS m, count(score_value) AS n FROM points GROUP BY x) CROSS JOIN whole
UNION ALL
SELECT 'y: ' || :'y', sum(n * (m - mean) * (m - mean)) / nullif(first_value(spread), 0)
FROM (SELECT avg(score_value) AS m, count(score_value) AS n FROM points GROUP BY y) CROSS JOIN whole
ORDER BY parameter;

-- @section Stability
-- @text Each combination beside the mean of the up to eight around it. Points near the diagonal are stable.

-- @figures
SELECT corr(own, neighbours) AS correlation_with_neighbours,
       avg(abs(own - neighbours)) AS average_difference, max(own - neighbours) AS largest_peak
FROM neighbours;

-- @chart scatter x=neighbours y=own {objective} of a combination over the mean of its neighbours
SELECT neighbours, own FROM neighbours WHERE neighbours IS NOT NULL AND own IS NOT NULL ORDER BY combo_id;

-- @table rows=20 The best neighbourhoods
SELECT x AS x_value, y AS y_value, own, neighbours, count AS neighbour_count
FROM neighbours
ORDER BY neighbours DESC, combo_id;
