-- Enters when the close leaves a channel of `atr_mult` average true ranges around a moving average, leaves at the average.
CREATE STRATEGY atr_channel (
    atr_window INT    DEFAULT 14    CHECK (atr_window >= 2)            SEARCH (7, 21, 1)
        COMMENT 'bars of the moving average and of the average true range',
    atr_mult   DOUBLE DEFAULT 2.0   CHECK (atr_mult > 0)               SEARCH (1.0, 3.0, 0.25)
        COMMENT 'half width of the channel, in average true ranges',
    ma_type    TEXT   DEFAULT 'ema' CHECK (ma_type IN ('sma', 'ema'))  SEARCH ['sma', 'ema']
        COMMENT 'simple or exponential moving average'
) COMMENT 'Breakout from a channel of average true ranges'
AS
WITH f AS (
    SELECT *,
           CASE WHEN $ma_type = 'sma' THEN sma(close, $atr_window) ELSE ema(close, $atr_window) END AS middle,
           $atr_mult * atr(high, low, close, $atr_window) AS half_width
    FROM bars
)
SELECT *,
       close > middle + half_width AS enter_long,
       close < middle - half_width AS enter_short,
       close <= middle             AS exit_long,
       close >= middle             AS exit_short
FROM f
