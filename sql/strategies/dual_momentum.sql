-- Absolute momentum: at the first close of each month (week, day) it holds the series if that gained more than `hurdle` over
-- the last `lookback` bars, and nothing otherwise. Relative momentum, the choice of the strongest among several series, comes
-- from the column `momentum` and an account over all of them:
--
--   SELECT * FROM portfolio(['SPY', 'EFA', 'AGG'], '1d', dual_momentum(), max_positions => 1, rank_by => 'momentum', rotate => true)
CREATE STRATEGY dual_momentum (
    lookback INT    DEFAULT 252     CHECK (lookback >= 1)                     SEARCH (63, 252, 63)
        COMMENT 'bars over which the gain is measured',
    hurdle   DOUBLE DEFAULT 0.0     CHECK (hurdle > -1)                       SEARCH (0.0, 0.1, 0.05)
        COMMENT 'gain that must be exceeded, a fraction: what cash would have earned',
    every    TEXT   DEFAULT 'month' CHECK (every IN ('day', 'week', 'month')) SEARCH ['day', 'week', 'month']
        COMMENT 'how often it decides'
) COMMENT 'Holds what gained more than cash'
AS
WITH f AS (
    SELECT *, pct_change(close, $lookback) AS momentum, bars_since_session_start(ts, $every) = 0 AS is_first FROM bars
)
SELECT *,
       CASE WHEN is_first AND momentum > $hurdle  THEN 1.0
            WHEN is_first AND momentum <= $hurdle THEN 0.0 END AS "position"
FROM f
