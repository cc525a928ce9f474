-- Long while the fast average is above the slow one, short while it is below; changes sides at the crossing.
CREATE STRATEGY ema_cross (
    fast INT DEFAULT 12 CHECK (fast >= 1) SEARCH (5, 25, 1)   COMMENT 'bars of the fast average',
    slow INT DEFAULT 26 CHECK (slow >= 2) SEARCH (26, 200, 6) COMMENT 'bars of the slow average',
    CHECK (fast < slow)
) COMMENT 'Crossing of two exponential moving averages'
AS
WITH f AS (SELECT *, ema(close, $fast) AS fast_average, ema(close, $slow) AS slow_average FROM bars)
SELECT *,
       crosses_above(fast_average, slow_average) AS enter_long,
       crosses_below(fast_average, slow_average) AS exit_long,
       crosses_below(fast_average, slow_average) AS enter_short,
       crosses_above(fast_average, slow_average) AS exit_short
FROM f
