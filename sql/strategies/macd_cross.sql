-- Long while the MACD line is above its signal line, short while it is below; changes sides at the crossing.
CREATE STRATEGY macd_cross (
    fast   INT DEFAULT 12 CHECK (fast >= 2)   SEARCH (8, 15, 1)  COMMENT 'bars of the fast average',
    slow   INT DEFAULT 26 CHECK (slow >= 3)   SEARCH (20, 35, 1) COMMENT 'bars of the slow average',
    signal INT DEFAULT 9  CHECK (signal >= 1) SEARCH (6, 12, 1)  COMMENT 'bars of the signal line',
    CHECK (fast < slow)
) COMMENT 'Crossing of the MACD and its signal line'
AS
WITH f AS (SELECT *, macd(close, $fast, $slow, $signal).histogram AS histogram FROM bars)
SELECT *,
       crosses_above(histogram, 0.0) AS enter_long,
       crosses_below(histogram, 0.0) AS exit_long,
       crosses_below(histogram, 0.0) AS enter_short,
       crosses_above(histogram, 0.0) AS exit_short
FROM f
