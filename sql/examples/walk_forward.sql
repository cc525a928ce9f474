-- Chosen on one part of the history, judged on the next: a sweep per fold, and the best combination on the bars after it.

WITH folds AS (
    SELECT fold,
           to_timestamp_seconds(first + (fold - 1) * width) AS train_from,
           to_timestamp_seconds(first + (fold + 1) * width) AS test_from,
           to_timestamp_seconds(first + (fold + 2) * width) AS test_until
    FROM generate_series(1, 4) AS s(fold)
    CROSS JOIN (SELECT extract(epoch FROM min(ts))::BIGINT AS first,
                       extract(epoch FROM max(ts) - min(ts))::BIGINT / 6 AS width
                FROM bars('DEMO', '1h'))
), ranked AS (
    SELECT f.*, s.fast, s.slow, s.total_return AS in_sample,
           row_number() OVER (PARTITION BY f.fold ORDER BY s.total_return DESC) AS place
    FROM folds AS f,
         LATERAL sweep('DEMO', '1h', sma_cross(fast => [5, 10, 20], slow => [30, 60]),
                       since => f.train_from, until => f.test_from) AS s
)
SELECT r.fold, r.test_from, r.fast, r.slow, r.in_sample, b.total_return AS out_of_sample
FROM ranked AS r, LATERAL backtest('DEMO', '1h', sma_cross(fast => r.fast, slow => r.slow),
                                   since => r.test_from, until => r.test_until) AS b
WHERE r.place = 1
ORDER BY r.fold;
