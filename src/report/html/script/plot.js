// What is drawn. A view knows the data of one chart: it draws itself, finds what is under the pointer, and tells it in words.

const SVG = 'http://www.w3.org/2000/svg';

function node(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (parent) parent.appendChild(made);
  return made;
}

function words(parent, x, y, text, attributes) {
  const made = node('text', { x, y, ...attributes }, parent);
  made.textContent = text;
  return made;
}

const tone = (index) => `var(--s${index % 8})`;
const round = (number) => Math.round(number * 10) / 10;
let clips = 0;

// Charts with a horizontal axis. `marks` are what is drawn in a pane, each with the names of the legend.
class Cartesian {
  constructor(data) {
    this.data = data;
    this.zoomable = true;
    this.names = [];
    this.x = data.x;
    this[data.kind]();
    let room = this.isIndexed || this.low === this.high ? 0.5 : 0;
    if (data.kind === 'scatter') room = (this.high - this.low) * 0.03 || Math.abs(this.high) * 0.05 || 1;
    this.extent = this.stops.length ? [this.low - room, this.high + room] : [0, 1];
  }

  line() { this.curves(); }
  equity() { this.curves(); }
  scatter() { this.curves(); }

  // Lines, areas and points; series of one name in several panes have one colour.
  curves() {
    const found = new Set();
    this.panes = this.data.panes.map((pane, at) => {
      const marks = pane.series.map((series) => ({ kind: pane.mark, name: series.name, tone: this.toneOf(series.name), x: series.x, y: series.y }));
      marks.forEach((mark) => mark.x.forEach((x) => found.add(x)));
      return { label: pane.label || (at ? '' : this.data.y.label), percent: pane.percent, weight: at ? 0.4 : 1, hasZero: pane.mark === 'area', marks };
    });
    this.stops = Float64Array.from(found).sort();
    this.low = this.stops[0];
    this.high = this.stops[this.stops.length - 1];
  }

  histogram() {
    const { edges, counts } = this.data;
    this.stops = Float64Array.from(counts, (_, at) => (edges[at] + edges[at + 1]) / 2);
    this.low = edges[0];
    this.high = edges[edges.length - 1];
    this.isCounted = true;
    this.panes = [{ label: this.data.y.label, percent: false, weight: 1, hasZero: true,
      marks: [{ kind: 'columns', name: 'rows', tone: tone(0), x: this.stops, y: counts, edges }] }];
  }

  bars() {
    const { names, series, percent } = this.data;
    this.isIndexed = true;
    this.zoomable = false;
    this.stops = Float64Array.from(names, (_, at) => at);
    this.low = 0;
    this.high = names.length - 1;
    const marks = series.map((one, at) => ({ kind: 'group', name: one.name, tone: this.toneOf(one.name), x: this.stops, y: one.y, at, of: series.length }));
    this.panes = [{ label: this.data.y.label, percent, weight: 1, hasZero: true, marks }];
    this.nameOf = (at) => names[at] ?? '';
  }

  candles() {
    const { ts, open, high, low, close, markers, lines } = this.data;
    this.isIndexed = true;
    this.stops = Float64Array.from(ts, (_, at) => at);
    this.low = 0;
    this.high = ts.length - 1;
    this.nameOf = (at) => (ts[at] === undefined ? '' : timeText(ts[at]));
    const marks = [{ kind: 'candles', name: 'price', tone: 'var(--up)', x: this.stops, y: close, open, high, low, close }];
    // The first two colours are those of the candles.
    lines.forEach((line, at) => marks.push({ kind: 'line', name: line.name, tone: this.toneOf(line.name, tone(at + 3)), x: this.stops, y: line.y }));
    if (markers.length) {
      marks.push({ kind: 'markers', name: 'trades', tone: this.toneOf('trades', 'var(--ink)'), x: markers.map((m) => m[0]), y: markers.map((m) => m[1]), markers });
    }
    this.panes = [{ label: this.data.y.label, percent: false, weight: 1, marks }];
  }

  toneOf(name, own) {
    let at = this.names.findIndex((known) => known.name === name);
    if (at < 0) at = this.names.push({ name, tone: own || tone(this.names.length) }) - 1;
    return this.names[at].tone;
  }

  textAt(x) {
    if (this.nameOf) return this.nameOf(x);
    return this.x.scale === 'time' ? timeText(x) : `${this.x.label} ${valueText(x, this.x.percent)}`.trim();
  }

  draw(svg, width, height, state) {
    const isNamed = this.x.label && this.x.scale !== 'time' && this.data.kind !== 'bars';
    const left = 56, right = 10, top = this.panes.length > 1 ? 20 : 8, bottom = isNamed ? 42 : 26;
    const gap = 28;
    const inner = height - top - bottom - gap * (this.panes.length - 1);
    const weights = this.panes.reduce((sum, pane) => sum + pane.weight, 0);
    this.left = left;
    this.width = width - left - right;
    this.top = top;
    this.bottom = height - bottom;
    this.state = state;
    this.px = (x) => left + ((x - state.from) / (state.to - state.from || 1)) * this.width;
    this.xOf = (px) => state.from + ((px - left) / this.width) * (state.to - state.from);
    let y = top;
    for (const pane of this.panes) {
      pane.top = y;
      pane.height = (inner * pane.weight) / weights;
      y += pane.height + gap;
      this.pane(svg, pane, state);
    }
    this.axis(svg, height);
  }

  pane(svg, pane, state) {
    const shown = pane.marks.filter((mark) => !state.hidden.has(mark.name));
    const [low, high] = this.range(shown, pane, state);
    pane.low = low;
    pane.high = high;
    pane.py = (y) => pane.top + pane.height - ((y - low) / (high - low)) * pane.height;
    const { ticks, step } = numberTicks(low, high, Math.max(2, Math.floor(pane.height / 45)));
    for (const tick of ticks) {
      const at = round(pane.py(tick));
      node('line', { class: tick === 0 ? 'zero' : 'grid', x1: this.left, x2: this.left + this.width, y1: at, y2: at }, svg);
      words(svg, this.left - 6, at + 4, tickText(tick, step, pane.percent), { 'text-anchor': 'end' });
    }
    if (pane.label && this.panes.length > 1) words(svg, this.left, pane.top - 6, pane.label, {});
    clips += 1;
    const clip = node('clipPath', { id: `clip-${clips}` }, svg);
    node('rect', { x: this.left, y: pane.top - 4, width: Math.max(0, this.width), height: pane.height + 8 }, clip);
    const group = node('g', { 'clip-path': `url(#clip-${clips})` }, svg);
    for (const mark of shown) this[`draw_${mark.kind}`](group, mark, pane, state);
  }

  // The values that can be seen, with a little room.
  range(marks, pane, state) {
    let low = Infinity, high = -Infinity;
    const take = (value) => {
      if (value === null || !Number.isFinite(value)) return;
      if (value < low) low = value;
      if (value > high) high = value;
    };
    for (const mark of marks) {
      const [from, to] = this.visible(mark, state);
      for (let at = from; at < to; at += 1) {
        if (mark.kind === 'candles') { take(mark.low[at]); take(mark.high[at]); } else take(mark.y[at]);
      }
    }
    if (pane.hasZero && low <= high) { low = Math.min(low, 0); high = Math.max(high, 0); }
    if (low > high) return [0, 1];
    if (low === high) { const room = Math.abs(low) * 0.05 || 1; return [low - room, high + room]; }
    const room = (high - low) * 0.04;
    return [pane.hasZero && low === 0 ? 0 : low - room, pane.hasZero && high === 0 ? 0 : high + room];
  }

  // Positions of a mark inside the visible part, and one on each side of it; points come in any order.
  visible(mark, state) {
    if (mark.kind === 'points' || mark.kind === 'columns' || mark.kind === 'group') return [0, mark.y.length];
    const from = firstFrom(mark.x, state.from), to = firstFrom(mark.x, state.to + 1e-9);
    return [Math.max(0, from - 1), Math.min(mark.x.length, to + 1)];
  }

  path(mark, pane, state) {
    const [from, to] = this.visible(mark, state);
    let path = '', isOpen = false;
    for (let at = from; at < to; at += 1) {
      const y = mark.y[at];
      if (y === null) { isOpen = false; continue; }
      path += `${isOpen ? 'L' : 'M'}${round(this.px(mark.x[at]))} ${round(pane.py(y))}`;
      isOpen = true;
    }
    return path;
  }

  draw_line(group, mark, pane, state) {
    node('path', { class: 'curve', d: this.path(mark, pane, state), style: `stroke:${mark.tone}` }, group);
  }

  draw_area(group, mark, pane, state) {
    const [from, to] = this.visible(mark, state);
    const zero = round(pane.py(0));
    let path = '', last = null;
    for (let at = from; at < to; at += 1) {
      const y = mark.y[at];
      if (y === null) { if (last !== null) path += `L${last} ${zero}Z`; last = null; continue; }
      const x = round(this.px(mark.x[at]));
      path += last === null ? `M${x} ${zero}L${x} ${round(pane.py(y))}` : `L${x} ${round(pane.py(y))}`;
      last = x;
    }
    if (last !== null) path += `L${last} ${zero}Z`;
    node('path', { class: 'area', d: path, style: `fill:${mark.tone}` }, group);
    this.draw_line(group, mark, pane, state);
  }

  draw_points(group, mark, pane, state) {
    let path = '';
    for (let at = 0; at < mark.x.length; at += 1) {
      const x = mark.x[at];
      if (mark.y[at] === null || x < state.from || x > state.to) continue;
      path += `M${round(this.px(x))} ${round(pane.py(mark.y[at]))}h0`;
    }
    const size = mark.x.length > 1500 ? 4 : 6;
    node('path', { d: path, style: `stroke:${mark.tone};stroke-width:${size};stroke-linecap:round;opacity:.7` }, group);
  }

  draw_columns(group, mark, pane) {
    const zero = pane.py(0);
    for (let at = 0; at < mark.y.length; at += 1) {
      const from = this.px(mark.edges[at]), to = this.px(mark.edges[at + 1]);
      const top = pane.py(mark.y[at]);
      node('rect', { x: round(from), y: round(top), width: Math.max(1, round(to - from - 1)), height: Math.max(0, round(zero - top)), style: `fill:${mark.tone}` }, group);
    }
  }

  draw_group(group, mark, pane) {
    const zero = pane.py(0);
    const step = this.px(1) - this.px(0);
    const width = Math.min(48, (step * 0.8) / mark.of);
    for (let at = 0; at < mark.y.length; at += 1) {
      if (mark.y[at] === null) continue;
      const y = pane.py(mark.y[at]);
      const x = this.px(at) + (mark.at - mark.of / 2) * width;
      node('rect', { x: round(x), y: round(Math.min(y, zero)), width: Math.max(1, round(width - 1)), height: Math.max(1, round(Math.abs(zero - y))), style: `fill:${mark.tone}` }, group);
    }
  }

  draw_candles(group, mark, pane, state) {
    const [from, to] = this.visible(mark, state);
    const width = Math.max(1, Math.min(14, (this.px(1) - this.px(0)) * 0.7));
    const paths = { up: ['', ''], down: ['', ''] };
    for (let at = from; at < to; at += 1) {
      if (mark.close[at] === null || mark.open[at] === null) continue;
      const side = paths[mark.close[at] >= mark.open[at] ? 'up' : 'down'];
      const x = round(this.px(at));
      side[0] += `M${x} ${round(pane.py(mark.high[at]))}V${round(pane.py(mark.low[at]))}`;
      const top = pane.py(Math.max(mark.open[at], mark.close[at])), end = pane.py(Math.min(mark.open[at], mark.close[at]));
      if (width > 1.5) side[1] += `M${round(x - width / 2)} ${round(top)}h${round(width)}v${Math.max(1, round(end - top))}h${round(-width)}Z`;
    }
    for (const side of ['up', 'down']) {
      node('path', { d: paths[side][0], style: `stroke:var(--${side});stroke-width:1` }, group);
      node('path', { d: paths[side][1], style: `fill:var(--${side})` }, group);
    }
  }

  // Entries point the way the position gains, exits are crosses.
  draw_markers(group, mark, pane, state) {
    let up = '', down = '', cross = '';
    for (const [bar, price, isEntry, direction] of mark.markers) {
      if (bar < state.from || bar > state.to) continue;
      const x = round(this.px(bar)), y = round(pane.py(price));
      if (!isEntry) cross += `M${x - 4} ${y - 4}l8 8m0-8l-8 8`;
      else if (direction < 0) down += `M${x} ${y}l-5 -9h10Z`;
      else up += `M${x} ${y}l-5 9h10Z`;
    }
    const edge = 'stroke:var(--paper);stroke-width:1';
    node('path', { d: up, style: `fill:var(--s2);${edge}` }, group);
    node('path', { d: down, style: `fill:var(--s5);${edge}` }, group);
    node('path', { d: cross, style: 'stroke:var(--ink);stroke-width:1.8;fill:none' }, group);
  }

  axis(svg, height) {
    const { from, to } = this.state;
    const most = Math.max(2, Math.floor(this.width / 90));
    const line = this.bottom + 16;
    let ticks;
    if (this.data.kind === 'candles') {
      const ends = [Math.max(0, Math.ceil(from)), Math.min(this.data.ts.length - 1, Math.floor(to))];
      const step = Math.max(1, Math.ceil((ends[1] - ends[0]) / most));
      const span = this.data.ts[ends[1]] - this.data.ts[ends[0]];
      ticks = [];
      for (let at = ends[0] + Math.floor(step / 2); at <= ends[1]; at += step) ticks.push({ x: at, text: timeTickText(this.data.ts[at], span / most) });
    } else if (this.isIndexed) {
      ticks = this.names_axis();
    } else if (this.x.scale === 'time') {
      const found = timeTicks(from, to, most);
      ticks = found.ticks.map((x) => ({ x, text: timeTickText(x, found.step) }));
    } else {
      const found = numberTicks(from, to, most);
      ticks = found.ticks.map((x) => ({ x, text: tickText(x, found.step, this.x.percent) }));
    }
    for (const { x, text } of ticks) {
      const at = round(this.px(x));
      if (!this.isIndexed) node('line', { class: 'grid', x1: at, x2: at, y1: this.top, y2: this.bottom }, svg);
      const label = words(svg, at, line, text, { 'text-anchor': 'middle' });
      // A label at the edge keeps inside.
      const half = text.length * 3.2;
      if (at + half > this.left + this.width + 10) label.setAttribute('text-anchor', 'end');
      else if (at - half < 0) label.setAttribute('text-anchor', 'start');
    }
    if (line + 18 < height) words(svg, this.left + this.width / 2, line + 17, this.x.label, { 'text-anchor': 'middle' });
  }

  // Names that fit: cut, and every second or third one where there are many.
  names_axis() {
    const count = this.data.names.length;
    const room = this.width / Math.max(1, count);
    const every = Math.max(1, Math.ceil(34 / room));
    const most = Math.max(3, Math.floor((room * every) / 6.5));
    return this.data.names.map((name, x) => ({ x, text: name.length > most ? `${name.slice(0, most - 1)}…` : name })).filter((tick) => tick.x % every === 0);
  }

  // The stop at a place of the drawing.
  locate(px, py) {
    if (this.data.kind === 'scatter') return this.nearestPoint(px, py);
    const at = nearest(this.stops, this.xOf(px));
    return at >= 0 && this.stops[at] >= this.state.from && this.stops[at] <= this.state.to ? at : -1;
  }

  nearestPoint(px, py) {
    let best = -1, least = 40 * 40;
    this.point = null;
    for (const mark of this.panes[0].marks.filter((one) => !this.state.hidden.has(one.name))) {
      for (let at = 0; at < mark.x.length; at += 1) {
        if (mark.y[at] === null || mark.x[at] < this.state.from || mark.x[at] > this.state.to) continue;
        const distance = (this.px(mark.x[at]) - px) ** 2 + (this.panes[0].py(mark.y[at]) - py) ** 2;
        if (distance < least) { least = distance; best = firstFrom(this.stops, mark.x[at]); this.point = { mark, at }; }
      }
    }
    return best;
  }

  // The next stop inside the visible part.
  move(stop, dx) {
    const first = firstFrom(this.stops, this.state.from), last = firstFrom(this.stops, this.state.to + 1e-9) - 1;
    this.point = null;
    if (stop < 0) return dx > 0 ? first : last;
    return clamp(stop + dx, first, last);
  }

  // What is at a stop: position, lines of text, and spots to mark.
  tell(stop) {
    const x = this.stops[stop];
    const lines = [this.isCounted ? `${valueText(this.data.edges[stop], this.x.percent)} to ${valueText(this.data.edges[stop + 1], this.x.percent)}` : this.textAt(x)];
    const spots = [];
    for (const pane of this.panes) {
      for (const mark of pane.marks.filter((one) => !this.state.hidden.has(one.name))) {
        if (this.point && this.point.mark !== mark) continue;
        this.tellMark(mark, pane, x, lines, spots);
      }
    }
    return { px: this.px(x), lines, spots };
  }

  tellMark(mark, pane, x, lines, spots) {
    if (mark.kind === 'candles') {
      for (const name of ['open', 'high', 'low', 'close']) lines.push(`${name} ${valueText(mark[name][x], false)}`);
      return;
    }
    if (mark.kind === 'markers') {
      for (const [bar, price, isEntry, direction] of mark.markers) {
        if (bar === x) lines.push(`${isEntry ? 'enter' : 'exit'}${direction > 0 ? ' long' : direction < 0 ? ' short' : ''} at ${valueText(price, false)}`);
      }
      return;
    }
    if (mark.kind === 'points') {
      mark.x.forEach((at, index) => {
        if (at !== x || mark.y[index] === null || (this.point && this.point.at !== index)) return;
        if (spots.length < 6) lines.push(`${mark.name} ${valueText(mark.y[index], pane.percent)}`);
        spots.push({ px: this.px(at), py: pane.py(mark.y[index]), tone: mark.tone });
      });
      return;
    }
    // A down-sampled line may have its point nearby, but not before its first or behind its last.
    const at = nearest(mark.x, x);
    const far = (this.extent[1] - this.extent[0]) / 500;
    if (at < 0 || mark.y[at] === null || x < mark.x[0] - far || x > mark.x[mark.x.length - 1] + far) return;
    const label = this.panes.length > 1 && pane !== this.panes[0] ? `${mark.name} ${pane.label}` : mark.name;
    lines.push(`${label} ${valueText(mark.y[at], pane.percent)}`);
    if (mark.kind === 'line' || mark.kind === 'area') spots.push({ px: this.px(mark.x[at]), py: pane.py(mark.y[at]), tone: mark.tone });
  }

  // The data as a table.
  rows() {
    const head = [this.isCounted ? `${this.x.label} from` : this.x.label || 'x'];
    if (this.isCounted) return { head: [...head, 'to', 'rows'], rows: this.data.counts.map((count, at) => [valueText(this.data.edges[at], this.x.percent), valueText(this.data.edges[at + 1], this.x.percent), String(count)]) };
    if (this.data.kind === 'candles') {
      const names = ['open', 'high', 'low', 'close'];
      return { head: ['ts', ...names, ...this.data.lines.map((line) => line.name)],
        rows: this.data.ts.map((ts, at) => [timeText(ts), ...names.map((name) => valueText(this.data[name][at], false)), ...this.data.lines.map((line) => valueText(line.y[at], false))]) };
    }
    if (this.data.kind === 'scatter') {
      const marks = this.panes[0].marks;
      return { head: ['series', ...head, this.data.y.label || 'y'], rows: marks.flatMap((mark) => Array.from(mark.x, (x, at) => [mark.name, this.x.scale === 'time' ? timeText(x) : valueText(x, this.x.percent), valueText(mark.y[at], this.panes[0].percent)])) };
    }
    const columns = this.panes.flatMap((pane, at) => pane.marks.map((mark) => ({ pane, mark, name: at ? `${mark.name} ${pane.label}` : mark.name, values: new Map(Array.from(mark.x, (x, i) => [x, mark.y[i]])) })));
    return { head: [...head, ...columns.map((column) => column.name)],
      rows: Array.from(this.stops, (x) => [this.nameOf || this.x.scale === 'time' ? this.textAt(x) : valueText(x, this.x.percent), ...columns.map((column) => valueText(column.values.get(x), column.pane.percent))]) };
  }
}

// A value for each pair of two parameters. Colours: below zero one hue, above another; without a change of sign one hue.
class Heat {
  constructor(data) {
    this.data = data;
    this.zoomable = false;
    this.names = [];
    this.extent = [0, 1];
    const known = data.values.filter((value) => value !== null);
    this.low = Math.min(...known);
    this.high = Math.max(...known);
    this.most = Math.max(Math.abs(this.low), Math.abs(this.high)) || 1;
    this.isTwoSided = this.low < 0;
    this.decimals = known.every(Number.isInteger) || this.most >= 1000 ? 0 : this.most >= 10 ? 1 : this.most >= 0.1 ? 2 : 4;
  }

  draw(svg, width, height) {
    const { columns, rows, values, percent } = this.data;
    const widest = Math.max(...rows.map((row) => row.length), 3);
    const left = Math.min(134, 14 + widest * 7.5), top = 8, bottom = 40;
    this.cellWidth = (width - left - 8) / columns.length;
    this.cellHeight = (height - top - bottom) / rows.length;
    this.left = left;
    this.top = top;
    this.bottom = height - bottom;
    const hasText = this.cellWidth >= (percent ? 44 : 40) && this.cellHeight >= 14;
    const every = Math.max(1, Math.ceil(34 / this.cellWidth)), everyRow = Math.max(1, Math.ceil(13 / this.cellHeight));
    values.forEach((value, at) => {
      const x = left + (at % columns.length) * this.cellWidth, y = this.rowTop(Math.floor(at / columns.length));
      if (value === null) return;
      const share = this.isTwoSided ? Math.abs(value) / this.most : (value - this.low) / (this.high - this.low || 1);
      const hue = value < 0 ? 'var(--down)' : 'var(--up)';
      node('rect', { x: round(x), y: round(y), width: round(Math.max(1, this.cellWidth - 1)), height: round(Math.max(1, this.cellHeight - 1)), style: `fill:${hue};fill-opacity:${(0.04 + 0.46 * share).toFixed(3)}` }, svg);
      if (hasText) words(svg, round(x + this.cellWidth / 2), round(y + this.cellHeight / 2 + 4), this.short(value), { class: 'cell', 'text-anchor': 'middle' });
    });
    const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
    columns.forEach((name, at) => {
      if (at % every === 0) words(svg, round(left + (at + 0.5) * this.cellWidth), this.bottom + 14, cut(name, Math.max(3, Math.floor((this.cellWidth * every) / 6))), { 'text-anchor': 'middle' });
    });
    rows.forEach((name, at) => {
      if (at % everyRow === 0) words(svg, left - 6, round(this.rowTop(at) + this.cellHeight / 2 + 4), cut(name, 17), { 'text-anchor': 'end' });
    });
    words(svg, left, height - 8, `${this.data.y.label} ↓  ${this.data.x.label} →`, {});
  }

  // The first row is at the top where rows are names or years, as in a calendar.
  rowTop(row) { return this.top + row * this.cellHeight; }

  short(value) {
    const text = this.data.percent ? `${grouped(value * 100, 1, 1)}%` : grouped(value, this.decimals, this.decimals);
    return /[1-9]/.test(text) ? text : text.replace('-', '');
  }

  locate(px, py) {
    const column = Math.floor((px - this.left) / this.cellWidth), row = Math.floor((py - this.top) / this.cellHeight);
    const isInside = column >= 0 && row >= 0 && column < this.data.columns.length && row < this.data.rows.length;
    return isInside ? row * this.data.columns.length + column : -1;
  }

  move(stop, dx, dy) {
    const width = this.data.columns.length, height = this.data.rows.length;
    if (stop < 0) return 0;
    return clamp(Math.floor(stop / width) + dy, 0, height - 1) * width + clamp((stop % width) + dx, 0, width - 1);
  }

  tell(stop) {
    const width = this.data.columns.length;
    const column = stop % width, row = Math.floor(stop / width);
    const lines = [`${this.data.x.label} ${this.data.columns[column]}, ${this.data.y.label} ${this.data.rows[row]}`, `${this.data.label} ${valueText(this.data.values[stop], this.data.percent)}`];
    const frame = { x: this.left + column * this.cellWidth, y: this.rowTop(row), width: this.cellWidth - 1, height: this.cellHeight - 1 };
    return { px: frame.x + this.cellWidth / 2, lines, spots: [], frame };
  }

  rows() {
    const { columns, rows, values, percent } = this.data;
    return { head: [this.data.y.label, ...columns], rows: rows.map((name, at) => [name, ...columns.map((_, column) => valueText(values[at * columns.length + column], percent))]) };
  }
}
