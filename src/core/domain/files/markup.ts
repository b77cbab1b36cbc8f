/** Text that is markup already: everything else that goes into a page is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = Markup | string | number | null | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
// Characters that no HTML file may hold: control characters but tab and line feed, halves of characters, noncharacters.
const FORBIDDEN = /(?![\t\n])\p{Cc}|[\uFFFE\uFFFF\p{Surrogate}]/gu;
/** Embeddings, overrides and isolates: they turn around what stands after them. */
const DIRECTIONS = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * Markup with values in it, each escaped for text and quoted attributes; null leaves nothing, lists are joined. The
 * indentation of the template is left out.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  const parts = strings.map((part) => part.replace(/\s*\n\s*/g, '\n'));
  return new Markup(parts.reduce((text, part, i) => text + write(values[i - 1] ?? null) + part));
}

/** A person's text between tags: it can't turn around the text about it. */
export function bdi(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

/** A person's text for attributes and titles, where no element can isolate it. */
export function plain(text: string): string {
  return text.replace(DIRECTIONS, '');
}

/** At most so many characters, so that no text makes a report long. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function write(value: Piece): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(write).join('');
  return String(value)
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
