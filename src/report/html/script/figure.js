// One chart of the page: size, zoom, pointer, keyboard, legend and the table of its data.

const WHEEL = 1.2;
const MOST_TABLE_ROWS = 5000;

class Figure {
  constructor(element) {
    this.element = element;
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    this.view = data.kind === 'heatmap' ? new Heat(data) : new Cartesian(data);
    this.plot = element.querySelector('.plot');
    this.stop = -1;
    this.state = { from: this.view.extent[0], to: this.view.extent[1], hidden: new Set() };
    this.makeTools();
    this.tip = this.plot.appendChild(document.createElement('div'));
    this.tip.className = 'tip';
    this.tip.hidden = true;
    this.spoken = element.appendChild(document.createElement('p'));
    this.spoken.className = 'quiet';
    this.spoken.setAttribute('aria-live', 'polite');
    this.listen();
    this.makeTable();
    this.draw();
    new ResizeObserver(() => { if (this.plot.clientWidth !== this.drawnWidth) this.draw(); }).observe(this.plot);
  }

  draw() {
    const width = Math.max(240, this.plot.clientWidth || 640);
    this.drawnWidth = this.plot.clientWidth;
    const height = this.height(width);
    const svg = node('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', focusable: 'false' });
    this.view.draw(svg, width, height, this.state);
    this.over = node('g', {}, svg);
    if (this.svg) this.svg.replaceWith(svg); else this.plot.prepend(svg);
    this.svg = svg;
    this.size = [width, height];
    this.show(this.stop);
  }

  height(width) {
    const kind = this.view.data.kind;
    if (kind === 'heatmap') return 48 + clamp(this.view.data.rows.length * 26, 90, 420);
    const base = width < 480 ? 260 : 320;
    return kind === 'equity' || kind === 'candles' ? base + 80 : base;
  }

  button(text, label, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    if (label) made.setAttribute('aria-label', label);
    made.addEventListener('click', act);
    return made;
  }

  makeTools() {
    const tools = document.createElement('div');
    tools.className = 'tools';
    const title = this.element.querySelector('figcaption').textContent;
    if (this.view.names.length > 1 || this.view.data.kind === 'candles') {
      for (const { name, tone: color } of this.view.names) {
        const toggle = this.button(name, '', () => {
          const isHidden = this.state.hidden.delete(name) ? false : Boolean(this.state.hidden.add(name));
          toggle.setAttribute('aria-pressed', String(!isHidden));
          this.draw();
        });
        toggle.className = 'legend';
        toggle.setAttribute('aria-pressed', 'true');
        toggle.style.setProperty('--tone', color);
        tools.appendChild(toggle);
      }
    }
    if (this.view.data.markers && this.view.data.markers.length) {
      const key = tools.appendChild(document.createElement('span'));
      key.className = 'mark';
      key.textContent = '▲ long entry  ▼ short entry  × exit';
    }
    if (this.view.zoomable) {
      tools.append(this.button('+', `Zoom in: ${title}`, () => this.zoom(2)), this.button('−', `Zoom out: ${title}`, () => this.zoom(0.5)), this.button('Reset', `Reset zoom: ${title}`, () => this.reset()));
      const keys = tools.appendChild(document.createElement('span'));
      keys.className = 'keys';
      keys.textContent = 'drag to zoom, arrow keys to read';
    }
    if (tools.childElementCount) this.plot.before(tools);
  }

  // The table is made when it is asked for.
  makeTable() {
    const details = this.element.appendChild(document.createElement('details'));
    details.className = 'data';
    details.appendChild(document.createElement('summary')).textContent = 'Data';
    details.addEventListener('toggle', () => {
      if (!details.open || details.querySelector('table')) return;
      const { head, rows } = this.view.rows();
      const scroll = details.appendChild(document.createElement('div'));
      scroll.className = 'scroll';
      scroll.tabIndex = 0;
      const table = scroll.appendChild(document.createElement('table'));
      table.createCaption().textContent = this.element.querySelector('figcaption').textContent;
      table.caption.className = 'quiet';
      const top = table.createTHead().insertRow();
      for (const name of head) {
        const cell = top.appendChild(document.createElement('th'));
        cell.scope = 'col';
        cell.textContent = name;
      }
      const body = table.createTBody();
      for (const row of rows.slice(0, MOST_TABLE_ROWS)) {
        const line = body.insertRow();
        for (const text of row) line.insertCell().textContent = text;
      }
    });
  }

  listen() {
    const place = (event) => {
      const box = this.svg.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * this.size[0], ((event.clientY - box.top) / box.height) * this.size[1]];
    };
    const pointers = new Map();
    let start = null, apart = null;
    this.plot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      const at = place(event);
      pointers.set(event.pointerId, at);
      this.plot.setPointerCapture(event.pointerId);
      start = pointers.size === 1 ? at : null;
      apart = null;
    });
    this.plot.addEventListener('pointermove', (event) => {
      const at = place(event);
      if (pointers.has(event.pointerId)) pointers.set(event.pointerId, at);
      if (pointers.size === 2) {
        const [one, other] = [...pointers.values()];
        const now = Math.max(20, Math.abs(one[0] - other[0]));
        if (apart) this.zoom(now / apart, (one[0] + other[0]) / 2);
        apart = now;
        return;
      }
      const isTouch = event.pointerType === 'touch';
      this.brush(!isTouch && start && this.view.zoomable ? [start[0], at[0]] : null);
      this.show(this.view.locate(...at), at);
    });
    const end = (event) => {
      const at = place(event);
      if (event.type === 'pointerup' && start && pointers.size === 1 && event.pointerType !== 'touch' && this.view.zoomable && Math.abs(at[0] - start[0]) > 6) {
        const [from, to] = [start[0], at[0]].map((px) => this.view.xOf(px)).sort((a, b) => a - b);
        this.setRange(from, to);
      }
      pointers.delete(event.pointerId);
      start = null;
      this.brush(null);
    };
    this.plot.addEventListener('pointerup', end);
    this.plot.addEventListener('pointercancel', end);
    this.plot.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse' && !pointers.size) this.show(-1); });
    this.plot.addEventListener('dblclick', () => this.reset());
    this.plot.addEventListener('blur', () => this.show(-1));
    // The page scrolls until the chart has the focus.
    this.plot.addEventListener('wheel', (event) => {
      if (!this.view.zoomable || !(event.ctrlKey || event.metaKey || document.activeElement === this.plot)) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? WHEEL : 1 / WHEEL, place(event)[0]);
    }, { passive: false });
    this.plot.addEventListener('keydown', (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far], Home: [-1e9, 0], End: [1e9, 0] };
    const isFlat = this.view instanceof Cartesian && /^Arrow(Up|Down)$/.test(event.key);
    if (moves[event.key] && !isFlat) {
      this.show(this.view.move(this.stop, ...moves[event.key]));
      this.spoken.textContent = this.told ? this.told.join(', ') : '';
    } else if (event.key === '+' || event.key === '=') this.zoom(2, this.told ? this.at : undefined);
    else if (event.key === '-') this.zoom(0.5, this.told ? this.at : undefined);
    else if (event.key === '0') this.reset();
    else if (event.key === 'Escape') this.show(-1);
    else return;
    event.preventDefault();
  }

  zoom(factor, px) {
    if (!this.view.zoomable) return;
    const { from, to } = this.state;
    const middle = px === undefined ? (from + to) / 2 : this.view.xOf(px);
    this.setRange(middle - (middle - from) / factor, middle + (to - middle) / factor);
  }

  setRange(from, to) {
    const [low, high] = this.view.extent;
    // Not nearer than a few points.
    const least = ((high - low) / Math.max(1, this.view.stops.length)) * 4;
    if (to - from < least) { const middle = (from + to) / 2; from = middle - least / 2; to = middle + least / 2; }
    this.state.from = Math.max(low, from);
    this.state.to = Math.min(high, to);
    if (!(this.state.to > this.state.from)) [this.state.from, this.state.to] = [low, high];
    this.draw();
  }

  reset() {
    [this.state.from, this.state.to] = this.view.extent;
    this.draw();
  }

  brush(ends) {
    if (this.band) this.band.remove();
    this.band = null;
    if (!ends || Math.abs(ends[0] - ends[1]) < 4) return;
    const from = Math.min(...ends), width = Math.abs(ends[0] - ends[1]);
    this.band = node('rect', { class: 'brush', x: from, width, y: this.view.top, height: this.view.bottom - this.view.top }, this.svg);
  }

  // Shows what is at a stop; nothing at -1.
  show(stop, pointer) {
    this.stop = stop;
    this.over.replaceChildren();
    this.told = null;
    this.tip.hidden = true;
    if (stop < 0) return;
    const { px, lines, spots, frame } = this.view.tell(stop);
    if (!Number.isFinite(px) || px < this.view.left - 1 || px > this.size[0]) return;
    this.told = lines;
    this.at = px;
    if (frame) node('rect', { class: 'frame', ...frame }, this.over);
    else node('line', { class: 'cross', x1: px, x2: px, y1: this.view.top, y2: this.view.bottom }, this.over);
    for (const spot of spots.slice(0, 40)) node('circle', { class: 'spot', cx: spot.px, cy: spot.py, r: 4, style: `fill:${spot.tone}` }, this.over);
    this.tip.textContent = lines.join('\n');
    this.tip.hidden = false;
    const scale = this.plot.clientWidth / this.size[0];
    const box = this.tip.getBoundingClientRect();
    const x = px * scale, beside = x + 12 + box.width > this.plot.clientWidth ? x - 12 - box.width : x + 12;
    const y = frame ? (frame.y + frame.height) * scale + 4 : (pointer ? pointer[1] * scale : this.view.top + 8) - 10;
    this.tip.style.left = `${clamp(beside, 0, Math.max(0, this.plot.clientWidth - box.width))}px`;
    this.tip.style.top = `${clamp(y, 0, Math.max(0, this.size[1] * scale - box.height))}px`;
  }
}

document.querySelectorAll('figure.chart').forEach((element) => new Figure(element));
