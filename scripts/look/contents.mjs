/** The page on which the screenshots are looked at. */

/**
 * @param {readonly { name: string, shots: readonly { file: string, size: string, theme: string }[] }[]} rows
 * @returns {string} HTML
 */
export function contentsOf(rows) {
  const heads = rows[0].shots.map(({ size, theme }) => `<th>${size}<br>${theme}</th>`).join('');
  const lines = rows.map(({ name, shots }) => {
    const cells = shots.map(
      ({ file }) =>
        `<td><a href="${file}"><img src="${file}" alt="${file}" loading="lazy" width="160" height="200"></a></td>`,
    );
    return `<tr id="${name}"><th>${name}</th>${cells.join('')}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Screens of Porthole</title>
<style>
  body { font: 14px system-ui, sans-serif; background: #777; }
  thead th { position: sticky; top: 0; background: #777; }
  img { display: block; object-fit: cover; object-position: top; }
</style>
<table>
<thead><tr><th></th>${heads}</tr></thead>
${lines.join('\n')}
</table>
</html>
`;
}
