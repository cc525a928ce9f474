-- Buys at the first opportunity and holds to the end: the benchmark for everything else.
CREATE STRATEGY buy_and_hold () COMMENT 'Buys once and holds to the end'
AS SELECT *, true AS enter_long FROM bars
