-- The system of the Turtles: enters when the close leaves the channel of `entry_period` bars, adds a unit each time the price
-- has gone another `add_n` average true ranges (N) further, and leaves on the other side of the channel of `exit_period` bars,
-- or `stop_n` N from the last unit. 20 and 10 bars are the fast system, 55 and 20 the slow one.
--
-- A breakout is traded once: after a stop, the next entry in its direction waits until the channel of the exit was crossed.
-- Where the price passes several lines of `add_n` in one bar, one unit is added. Where one N is a small part of the price, the
-- first unit takes all of the equity at a `leverage` of 1, and what is added is refused.
CREATE STRATEGY turtle (
    entry_period INT    DEFAULT 20   CHECK (entry_period >= 2)  SEARCH [20, 55]          COMMENT 'bars of the entry channel',
    exit_period  INT    DEFAULT 10   CHECK (exit_period >= 1)   SEARCH [10, 20]          COMMENT 'bars of the exit channel',
    n_period     INT    DEFAULT 20   CHECK (n_period >= 1)      SEARCH (10, 30, 10)      COMMENT 'bars of the average that is N',
    stop_n       DOUBLE DEFAULT 2.0  CHECK (stop_n > 0)         SEARCH (1.0, 4.0, 0.5)   COMMENT 'distance of the stop, in N',
    add_n        DOUBLE DEFAULT 0.5  CHECK (add_n > 0)          SEARCH (0.25, 1.0, 0.25) COMMENT 'distance between units, in N',
    max_units    INT    DEFAULT 4    CHECK (max_units BETWEEN 1 AND 20) SEARCH (1, 4, 1) COMMENT 'largest number of units',
    unit_risk    DOUBLE DEFAULT 0.01 CHECK (unit_risk > 0 AND unit_risk <= 1) SEARCH (0.005, 0.02, 0.005)
        COMMENT 'fraction of equity that one N is worth to a unit',
    leverage     DOUBLE DEFAULT 1.0  CHECK (leverage > 0)       SEARCH (1.0, 5.0, 1.0)   COMMENT 'cap on notional / equity',
    CHECK (exit_period <= entry_period),
    CHECK (unit_risk * stop_n <= 1)
) COMMENT 'Channel breakout that adds up to four units'
AS
WITH f AS (
    SELECT *,
           previous(highest(high, $entry_period)) AS upper,
           previous(lowest(low, $entry_period))   AS lower,
           previous(highest(high, $exit_period))  AS upper_exit,
           previous(lowest(low, $exit_period))    AS lower_exit,
           atr(high, low, close, $n_period)       AS n
    FROM bars
), e AS (
    SELECT *,
           -- Without N the stop is unknown: a breakout is one that can be traded.
           first_true_since(close > upper AND n > 0, close < lower_exit) AS enter_long,
           first_true_since(close < lower AND n > 0, close > upper_exit) AS enter_short
    FROM f
), u AS (
    SELECT *,
           floor((close - value_when(enter_long, close)) / ($add_n * value_when(enter_long, n)))   AS steps_up,
           floor((value_when(enter_short, close) - close) / ($add_n * value_when(enter_short, n))) AS steps_down
    FROM e
)
SELECT *,
       close < lower_exit                                                                   AS exit_long,
       close > upper_exit                                                                   AS exit_short,
       $stop_n * n                                                                          AS stop_distance,
       $unit_risk * $stop_n                                                                 AS risk,
       $leverage                                                                            AS leverage,
       CASE WHEN $max_units > 1 THEN steps_up > previous(highest_since(enter_long, steps_up)) ELSE false END     AS add_long,
       CASE WHEN $max_units > 1 THEN steps_down > previous(highest_since(enter_short, steps_down)) ELSE false END AS add_short,
       $max_units - 1                                                                       AS max_adds
FROM u
