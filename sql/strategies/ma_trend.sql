-- Holds a long position after every close above the moving average, and nothing otherwise.
CREATE STRATEGY ma_trend (
    period INT DEFAULT 20 CHECK (period >= 1) SEARCH (5, 50, 1) COMMENT 'bars of the moving average'
) COMMENT 'Long above the moving average'
AS
WITH f AS (SELECT *, sma(close, $period) AS moving_average FROM bars)
SELECT *, CASE WHEN close > moving_average THEN 1.0 WHEN close <= moving_average THEN 0.0 END AS "position" FROM f
