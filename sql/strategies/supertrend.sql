-- On the side of the supertrend line: long while the close is above it, short while it is below; changes sides where it turns.
CREATE STRATEGY supertrend (
    period INT    DEFAULT 10  CHECK (period >= 2) SEARCH (7, 21, 1)       COMMENT 'bars of the average true range',
    width  DOUBLE DEFAULT 3.0 CHECK (width > 0)   SEARCH (1.5, 5.0, 0.5)  COMMENT 'distance of the line, in average true ranges'
) COMMENT 'On the side of the supertrend line'
AS
WITH f AS (
    SELECT *,
           supertrend(high, low, close, $period, $width).line  AS line,
           supertrend(high, low, close, $period, $width).trend AS trend
    FROM bars
)
SELECT *,
       crosses_above(trend, 0.0) AS enter_long,
       crosses_below(trend, 0.0) AS exit_long,
       crosses_below(trend, 0.0) AS enter_short,
       crosses_above(trend, 0.0) AS exit_short
FROM f
