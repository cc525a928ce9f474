// Tables are sorted by their headings; the theme follows the system until someone chooses one.

document.querySelectorAll('table.sortable').forEach((table) => {
  const body = table.tBodies[0];
  const original = [...body.rows];
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const now = heading.getAttribute('aria-sort');
      const isNumber = heading.classList.contains('number');
      const order = isNumber ? ['descending', 'ascending', 'none'] : ['ascending', 'descending', 'none'];
      const next = order[(order.indexOf(now) + 1) % 3];
      [...table.tHead.rows[0].cells].forEach((other) => other.setAttribute('aria-sort', 'none'));
      heading.setAttribute('aria-sort', next);
      body.replaceChildren(...(next === 'none' ? original : sorted(original, column, next === 'ascending' ? 1 : -1)));
    });
  });
});

// Missing values come last either way; equal ones keep their order.
function sorted(rows, column, sign) {
  const keyed = rows.map((row) => {
    const cell = row.cells[column];
    const text = cell.textContent;
    return { row, text, number: cell.dataset.v === undefined ? null : Number(cell.dataset.v), isMissing: text === '–' };
  });
  keyed.sort((a, b) => {
    if (a.isMissing || b.isMissing) return Number(a.isMissing) - Number(b.isMissing);
    if (a.number !== null && b.number !== null) return sign * (a.number - b.number);
    return sign * (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  });
  return keyed.map((one) => one.row);
}

const themes = ['auto', 'light', 'dark'];
const theme = document.getElementById('theme');
theme.hidden = false;
theme.addEventListener('click', () => {
  const next = themes[(themes.indexOf(document.documentElement.dataset.theme || 'auto') + 1) % 3];
  if (next === 'auto') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = next;
  theme.textContent = `Theme: ${next}`;
});
