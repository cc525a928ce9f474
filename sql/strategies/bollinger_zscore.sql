-- Holds a long position after a close `entry_z` or more sample standard deviations below the mean, a short one after a close as
-- far above it, and nothing in between.
CREATE STRATEGY bollinger_zscore (
    bb_period INT    DEFAULT 20  CHECK (bb_period >= 2) SEARCH (10, 50, 1)
        COMMENT 'bars of the mean',
    entry_z   DOUBLE DEFAULT 2.0 CHECK (entry_z > 0)    SEARCH (0.5, 2.5, 0.25)
        COMMENT 'distance from the mean, in standard deviations'
) COMMENT 'Long far below the mean, short far above it'
AS
WITH f AS (SELECT *, zscore(close, $bb_period, 1) AS z FROM bars)
SELECT *, CASE WHEN z <= -$entry_z THEN 1.0 WHEN z >= $entry_z THEN -1.0 ELSE 0.0 END AS "position" FROM f
