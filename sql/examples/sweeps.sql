-- A sweep is a relation: rank it, filter it, join it.

SELECT bb_period, entry_z, trades, sharpe, max_drawdown
FROM sweep('DEMO', '1h', grid(bb_period => range(10, 60, 5), entry_z => [1.0, 1.5, 2.0]))
WHERE trades >= 10
ORDER BY sharpe DESC
LIMIT 5;

-- Conditions on parameters prune the grid before anything runs; EXPLAIN shows how many combinations are left.
EXPLAIN
SELECT fast, slow, sharpe FROM sweep('DEMO', '1h', sma_cross(fast => search, slow => search)) WHERE fast * 4 <= slow;

-- A peak among bad neighbours is luck: rank by the mean of the neighbourhood.
SELECT bb_period, entry_z, total_return, neighbourhood
FROM (SELECT bb_period, entry_z, total_return,
             avg(total_return) OVER (PARTITION BY entry_z ORDER BY bb_period ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)
             AS neighbourhood
      FROM sweep('DEMO', '1h', grid(bb_period => range(10, 60, 2), entry_z => [1.0, 1.5, 2.0])))
ORDER BY neighbourhood DESC
LIMIT 5;

-- What costs do: the same strategy under several fees.
SELECT f.fee_bps, b.trades, b.total_return, b.fees
FROM (VALUES (0), (2), (5), (10)) AS f(fee_bps), LATERAL backtest('DEMO', '1h', bb_atr(), fee_bps => f.fee_bps) AS b
ORDER BY f.fee_bps;

-- Too many combinations for a grid: draw some. A Sobol sequence fills the space evenly, the seed makes it repeatable.
SELECT combo_id, bb_period, entry_z, atr_multiplier, trades, total_return
FROM sweep('DEMO', '1h', sobol(64, bb_period => search, entry_z => uniform(1, 3), atr_multiplier => log_uniform(0.5, 5),
                               entry_logic => ['AND', 'OR'], seed => 7))
ORDER BY total_return DESC
LIMIT 5;

-- A random search under a condition between parameters, which prunes the points before anything runs.
SELECT fast, slow, sharpe
FROM sweep('DEMO', '1h', random(200, strategy => 'sma_cross', fast => integer(2, 60), slow => integer(10, 200)))
WHERE fast * 3 <= slow
ORDER BY sharpe DESC
LIMIT 5;
