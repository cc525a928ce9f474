// Numbers and times: ticks, and how they are written. Times are milliseconds, UTC.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const TIME_STEPS = [1e3, 5e3, 15e3, 30e3, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number) => String(number).padStart(2, '0');

// Position of the first value that is not below `wanted`.
function firstFrom(sorted, wanted) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < wanted) low = middle + 1; else high = middle;
  }
  return low;
}

// Position of the value nearest to `wanted`; -1 in an empty list.
function nearest(sorted, wanted) {
  const at = firstFrom(sorted, wanted);
  if (at === 0) return sorted.length ? 0 : -1;
  if (at === sorted.length) return at - 1;
  return wanted - sorted[at - 1] <= sorted[at] - wanted ? at - 1 : at;
}

function niceStep(span, count) {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => raw <= step * 1.0000001) || 10 * power;
}

function numberTicks(low, high, count) {
  if (!(high > low)) return { ticks: [low], step: Math.abs(low) || 1 };
  const step = niceStep(high - low, count);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) ticks.push(at * step);
  return { ticks, step };
}

function timeTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const step = TIME_STEPS.find((known) => raw <= known);
  const ticks = [];
  if (step) {
    // Weeks begin on Monday; 1970 began on a Thursday.
    const shift = step >= 7 * DAY ? 4 * DAY : 0;
    for (let at = Math.ceil((low - shift) / step) * step + shift; at <= high; at += step) ticks.push(at);
    return { ticks, step };
  }
  const months = MONTH_STEPS.find((known) => raw <= known * 30.5 * DAY) || 480;
  const start = new Date(low);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (;;) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > high) return { ticks, step: months * 30 * DAY };
    if (at >= low) ticks.push(at);
    month += months;
  }
}

function timeTickText(time, step) {
  const date = new Date(time);
  if (step >= 360 * DAY) return String(date.getUTCFullYear());
  if (step >= 28 * DAY) return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  if (step >= DAY || time % DAY === 0) return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return step < MINUTE ? `${clock}:${two(date.getUTCSeconds())}` : clock;
}

function timeText(time) {
  const date = new Date(time);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  if (time % DAY === 0) return day;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return time % MINUTE === 0 ? `${day} ${clock}` : `${day} ${clock}:${two(date.getUTCSeconds())}`;
}

const grouped = (value, least, most) =>
  value.toLocaleString('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });

function tickText(value, step, percent) {
  if (percent) return `${tickText(value * 100, step * 100, false)}%`;
  if (Math.abs(value) >= 1e7 || (value !== 0 && Math.abs(value) < 1e-5)) return value.toExponential(1);
  const decimals = clamp(Math.ceil(-Math.log10(step) - 1e-9 + (/^2\.?5/.test(String(step / 10 ** Math.floor(Math.log10(step)))) ? 1 : 0)), 0, 8);
  return grouped(Object.is(value, -0) ? 0 : value, decimals, decimals);
}

function valueText(value, percent) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (percent) return `${grouped(value * 100, 2, 2)}%`;
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-4)) return value.toExponential(3);
  if (Number.isInteger(value)) return grouped(value, 0, 0);
  return size >= 1000 ? grouped(value, 2, 2) : grouped(value, 2, size >= 1 ? 4 : 6);
}
