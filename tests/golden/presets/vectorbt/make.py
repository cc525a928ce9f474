"""Writes ../bars.csv and, beside this file, cases.csv, signals.csv, trades.csv, equity.csv.

pip install vectorbt==1.2.0 ; python make.py
Bars and signals come from a 32-bit LCG (x = 1664525 x + 1013904223 mod 2^32, u = x / 2^32); everything else is what
`vectorbt.Portfolio.from_signals` returns. Set `smooth`: seed 42, open = previous close. Set `gappy`: seed 7, gaps between
bars, prices rounded to 0.25, so that stops are touched exactly and gapped through.
signals.csv: `mask` = 1 enter_long + 2 exit_long + 4 enter_short + 8 exit_short; bars without a signal are absent.
"""
import csv, os, warnings
warnings.filterwarnings('ignore')
import numpy as np, pandas as pd, vectorbt as vbt
HERE = os.path.dirname(os.path.abspath(__file__)); N = 300

class Lcg:
    def __init__(self, seed): self.x = seed
    def u(self):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return self.x / 2**32

def bars(seed, gap, tick):
    r = Lcg(seed); price = 100.0; out = []
    for _ in range(N):
        u1, u2, u3, u4 = r.u(), r.u(), r.u(), r.u()
        o = price * (1.0 + (r.u() - 0.5) * gap) if gap else price
        c = o * (1.0 + (u1 - 0.5) * 0.02); h = max(o, c) * (1.0 + u2 * 0.004); l = min(o, c) * (1.0 - u3 * 0.004)
        if tick: o, h, l, c = [round(v / tick) * tick for v in (o, h, l, c)]
        out.append((o, h, l, c)); price = c
    return np.array(out).T

SETS = {'smooth': bars(42, 0.0, 0.0), 'gappy': bars(7, 0.02, 0.25)}
BASE = dict(init_cash=10000.0, fees=0.0, slippage=0.0, size='', size_type='', size_granularity='', sl_stop='', sl_trail='', tp_stop='',
            stop_exit_price='stoplimit', upon_opposite_entry='reversereduce', conflict='ignore', upon_dir_conflict='ignore')
# name, bars, signal seed, p(entry), p(exit), shorts, options
CASES = [
    ('long_all_cash', 'smooth', 1, .05, .05, 0, {}),
    ('long_fees_slippage', 'smooth', 2, .05, .05, 0, dict(fees=.001, slippage=.0005)),
    ('short_all_cash', 'smooth', 3, .05, .05, 2, dict(fees=.001)),
    ('both_reverse', 'smooth', 4, .05, .05, 1, dict(fees=.001, slippage=.0005)),
    ('both_reverse_gappy', 'gappy', 5, .10, .05, 1, dict(fees=.001, slippage=.001)),
    ('opposite_close', 'gappy', 6, .10, .02, 1, dict(fees=.001, upon_opposite_entry='close')),
    ('opposite_ignore', 'gappy', 7, .10, .10, 1, dict(fees=.001, upon_opposite_entry='ignore')),
    ('amount', 'smooth', 8, .08, .05, 1, dict(size=5.0, fees=.002)),
    ('value', 'smooth', 9, .08, .05, 1, dict(size=2500.0, size_type='value', fees=.002, slippage=.001)),
    ('percent', 'gappy', 10, .08, .05, 1, dict(size=.5, size_type='percent', fees=.002, slippage=.001, upon_opposite_entry='close')),
    ('whole_units', 'gappy', 11, .08, .05, 1, dict(size_granularity=1.0, fees=.001)),
    ('stop_loss', 'gappy', 12, .15, .02, 1, dict(sl_stop=.01, fees=.001, slippage=.001)),
    ('take_profit', 'gappy', 13, .15, .02, 1, dict(tp_stop=.015, fees=.001, slippage=.001)),
    ('stop_and_target', 'gappy', 14, .15, .02, 1, dict(sl_stop=.01, tp_stop=.01, fees=.001)),
    ('stop_and_target_smooth', 'smooth', 15, .15, .02, 1, dict(sl_stop=.01, tp_stop=.015, fees=.001)),
    ('trailing', 'smooth', 16, .15, .02, 1, dict(sl_stop=.02, sl_trail=True, fees=.001)),
    ('trailing_and_target', 'gappy', 17, .15, .02, 1, dict(sl_stop=.02, sl_trail=True, tp_stop=.03, fees=.001)),
    ('stop_market', 'gappy', 18, .15, .02, 1, dict(sl_stop=.01, tp_stop=.02, stop_exit_price='stopmarket', fees=.001, slippage=.002)),
    ('conflict_entry_long', 'gappy', 19, .20, .20, 1, dict(conflict='entry', upon_dir_conflict='long', fees=.001)),
    ('conflict_exit_short', 'gappy', 20, .20, .20, 1, dict(conflict='exit', upon_dir_conflict='short', fees=.001)),
    ('conflict_adjacent', 'gappy', 21, .20, .20, 1, dict(conflict='adjacent', upon_dir_conflict='adjacent', fees=.001)),
    ('conflict_opposite', 'gappy', 22, .20, .20, 1, dict(conflict='opposite', upon_dir_conflict='opposite', fees=.001)),
]

def signals(seed, pe, px, shorts):
    r = Lcg(seed * 7919); rows = np.array([[r.u() < pe, r.u() < px, r.u() < pe, r.u() < px] for _ in range(N)]).T
    el, xl, es, xs = rows; no = np.zeros(N, bool)
    if shorts == 0: es = xs = no
    if shorts == 2: el = xl = no
    return el, xl, es, xs

def run(bar_set, sig, opt):
    o, h, l, c = SETS[bar_set]; ix = pd.date_range('2024-12-01', periods=N, freq='15min', tz='UTC')
    s = lambda v: pd.Series(v, index=ix)
    kw = {k: v for k, v in opt.items() if v != '' and k != 'conflict'}
    kw['upon_long_conflict'] = kw['upon_short_conflict'] = opt['conflict']
    return vbt.Portfolio.from_signals(s(c), entries=s(sig[0]), exits=s(sig[1]), short_entries=s(sig[2]), short_exits=s(sig[3]),
                                      open=s(o), high=s(h), low=s(l), freq='15min', **kw)

def main():
    def w(name, head):
        f = open(os.path.join(HERE, name), 'w', newline=''); c = csv.writer(f, lineterminator='\n'); c.writerow(head); return c
    b = w('../bars.csv', 'set bar open high low close'.split())
    for name, v in SETS.items():
        for i in range(N): b.writerow([name, i] + [repr(float(x)) for x in v[:, i]])
    cs = w('cases.csv', ['case', 'bars'] + list(BASE) + ['orders', 'trades', 'final_value'])
    sg = w('signals.csv', 'case bar mask'.split())
    tr = w('trades.csv', 'case entry_bar exit_bar direction qty entry_price exit_price fees pnl open'.split())
    eq = w('equity.csv', 'case bar equity'.split())
    for name, bar_set, seed, pe, px, shorts, opt in CASES:
        o = dict(BASE); o.update(opt); sig = signals(seed, pe, px, shorts); pf = run(bar_set, sig, o)
        rec, t, v = pf.orders.values, pf.trades.values, pf.value().values
        cs.writerow([name, bar_set] + list(o.values()) + [len(rec), len(t), repr(float(v[-1]))])
        for i in range(N):
            if any(x[i] for x in sig): sg.writerow([name, i, sum(int(x[i]) << k for k, x in enumerate(sig))])
        for x in t: tr.writerow([name, x['entry_idx'], x['exit_idx'], 'long' if x['direction'] == 0 else 'short'] +
                                [repr(float(x[k])) for k in ('size', 'entry_price', 'exit_price')] +
                                [repr(float(x['entry_fees'] + x['exit_fees'])), repr(float(x['pnl'])), int(x['status'] == 0)])
        for i in list(range(24, N, 25)): eq.writerow([name, i, repr(float(v[i]))])
        print(name, len(rec), len(t), float(v[-1]), float(v.min()))

if __name__ == '__main__': main()
