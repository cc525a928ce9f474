"""Reads ../bars.csv; writes cases.csv, signals.csv, trades.csv, equity.csv beside this file.

pip install backtesting==0.6.6 ; python make.py
Signals come from a 32-bit LCG; everything else is what `backtesting.Backtest` (or `FractionalBacktest`) returns.
At each close, in this order: a position with its exit signal is closed; an entry signal is sent when there is no position
or it is being closed, long before short; with `exclusive` an entry signal against the position is sent as well (the package
closes the position itself). `sl` and `tp` are fractions of the signal bar's close. The first signal read is that of bar 1,
the last that of bar n-2. signals.csv: `mask` = 1 enter_long + 2 exit_long + 4 enter_short + 8 exit_short.
trades.csv: trades that are closed; an open one shows in equity.csv only.
"""
import csv, os, warnings
os.environ.setdefault('TQDM_DISABLE', '1'); warnings.filterwarnings('ignore')
import numpy as np, pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import FractionalBacktest
HERE = os.path.dirname(os.path.abspath(__file__))

class Lcg:
    def __init__(self, seed): self.x = seed
    def u(self):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return self.x / 2**32

BASE = dict(cash=10000.0, spread=0.0, commission=0.0, fee_fixed=0.0, margin=1.0, trade_on_close=0, exclusive=0, finalize=1, fractional=0,
            size='', qty='', sl='', tp='')
# name, bars, signal seed, p(entry), p(exit), shorts, options
CASES = [
    ('zero_cost', 'smooth', 101, .05, .05, 1, {}),
    ('zero_cost_not_finalized', 'smooth', 101, .05, .05, 1, dict(finalize=0)),
    ('spread', 'smooth', 102, .05, .05, 1, dict(spread=.001)),
    ('commission', 'smooth', 103, .05, .05, 1, dict(commission=.002)),
    ('spread_and_commission', 'gappy', 104, .05, .05, 1, dict(spread=.001, commission=.002, cash=100000.0)),
    ('fixed_commission', 'gappy', 105, .05, .05, 1, dict(fee_fixed=5.0, commission=.001)),
    ('rebate', 'gappy', 106, .05, .05, 1, dict(commission=-.0002, cash=100000.0)),
    ('margin', 'smooth', 107, .05, .50, 1, dict(margin=.1, commission=.0002)),
    ('margin_ruin', 'smooth', 108, .10, .02, 1, dict(margin=.01, finalize=0)),
    ('stop', 'gappy', 109, .15, .02, 1, dict(sl=.01, commission=.001)),
    ('target', 'gappy', 110, .15, .02, 1, dict(tp=.015, commission=.001)),
    ('stop_and_target', 'gappy', 111, .15, .02, 1, dict(sl=.01, tp=.01, commission=.001)),
    ('stop_and_target_smooth', 'smooth', 112, .15, .02, 1, dict(sl=.005, tp=.008)),
    ('stop_and_target_margin', 'gappy', 113, .15, .02, 1, dict(sl=.01, tp=.02, margin=.1, commission=.0002)),
    ('on_close', 'gappy', 114, .05, .05, 1, dict(trade_on_close=1, commission=.001)),
    ('on_close_stop_and_target', 'gappy', 115, .15, .02, 1, dict(trade_on_close=1, sl=.01, tp=.02, commission=.001)),
    ('exclusive', 'gappy', 116, .08, .02, 1, dict(exclusive=1, commission=.001)),
    ('exclusive_on_close', 'gappy', 117, .08, .02, 1, dict(exclusive=1, trade_on_close=1, spread=.0005)),
    ('size', 'gappy', 118, .08, .05, 1, dict(size=.5, commission=.001)),
    ('qty', 'smooth', 119, .08, .05, 1, dict(qty=98, commission=.001)),
    ('fractional', 'gappy', 120, .08, .05, 1, dict(fractional=1, commission=.001, cash=1000.0)),
]

def signals(n, seed, pe, px, shorts):
    r = Lcg(seed * 7919); el, xl, es, xs = np.array([[r.u() < pe, r.u() < px, r.u() < pe, r.u() < px] for _ in range(n)]).T
    return el, xl, es, xs

def run(o, h, l, c, sig, q):
    n = len(c); el, xl, es, xs = sig; unit = 1e-8 if q['fractional'] else 1.0
    class Signals(Strategy):
        def init(self): pass
        def next(self):
            i = len(self.data) - 1
            if i >= n - 1: return
            d = self.position.size; out = (d > 0 and xl[i]) or (d < 0 and xs[i])
            side = 1 if el[i] else -1 if es[i] else 0
            if d and not out and not (q['exclusive'] and side * d < 0): side = 0
            if out: self.position.close()
            if side:
                kw = {}
                if q['size'] != '': kw['size'] = q['size']
                if q['qty'] != '': kw['size'] = q['qty']
                if q['sl'] != '': kw['sl'] = c[i] * (1 - side * q['sl'])
                if q['tp'] != '': kw['tp'] = c[i] * (1 + side * q['tp'])
                (self.buy if side > 0 else self.sell)(**kw)
    df = pd.DataFrame(dict(Open=o, High=h, Low=l, Close=c, Volume=np.ones(n)), index=pd.date_range('2024-12-01', periods=n, freq='15min'))
    commission = (q['fee_fixed'], q['commission']) if q['fee_fixed'] else q['commission']
    r = (FractionalBacktest if q['fractional'] else Backtest)(df, Signals, cash=q['cash'], spread=q['spread'], commission=commission, margin=q['margin'],
        trade_on_close=bool(q['trade_on_close']), exclusive_orders=bool(q['exclusive']), finalize_trades=bool(q['finalize'])).run()
    return r._trades.sort_values(['EntryBar', 'ExitBar'], kind='stable'), r._equity_curve.Equity.to_numpy()

def main():
    bars = {}
    for r in csv.DictReader(open(os.path.join(HERE, '..', 'bars.csv'))): bars.setdefault(r['set'], []).append([float(r[k]) for k in ('open', 'high', 'low', 'close')])
    def w(name, head):
        f = open(os.path.join(HERE, name), 'w', newline=''); c = csv.writer(f, lineterminator='\n'); c.writerow(head); return c
    cs = w('cases.csv', ['case', 'bars'] + list(BASE) + ['trades', 'final_equity'])
    sg = w('signals.csv', 'case bar mask'.split())
    tr = w('trades.csv', 'case entry_bar exit_bar qty entry_price exit_price fees pnl'.split())
    eq = w('equity.csv', 'case bar equity'.split())
    for name, bar_set, seed, pe, px, shorts, opt in CASES:
        q = dict(BASE); q.update(opt); o, h, l, c = np.array(bars[bar_set]).T; n = len(c); sig = signals(n, seed, pe, px, shorts)
        t, e = run(o, h, l, c, sig, q)
        cs.writerow([name, bar_set] + list(q.values()) + [len(t), repr(float(e[-1]))])
        for i in range(n):
            if any(x[i] for x in sig): sg.writerow([name, i, sum(int(x[i]) << k for k, x in enumerate(sig))])
        for a in t[['EntryBar', 'ExitBar', 'Size', 'EntryPrice', 'ExitPrice', 'Commission', 'PnL']].values.tolist():
            tr.writerow([name, int(a[0]), int(a[1])] + [repr(float(x)) for x in a[2:]])
        for i in sorted(set(range(24, n, 25)) | {n - 2}): eq.writerow([name, i, repr(float(e[i]))])
        print(name, len(t), float(e[-1]), float(e.min()))

if __name__ == '__main__': main()
