import { html, type Markup } from '../domain/files/markup';
import { staysWords } from '../../words/stays';
import type { Stays } from '../session/pictures/what-stays';

/** The same pictures in a file, beside each other; null if there is none. */
export function staysMarkup({ at, own, clean }: Stays): Markup | null {
  const picture = (src: string, alt: string, caption: string) =>
    html`<li>
      <img src="${src}" alt="${alt}" />
      <p class="soft">${caption}</p>
    </li>`;
  return (
    own &&
    html`<ul class="pictures pair">
      ${picture(own.address, staysWords.nowAlt({ count: own.count, at }), staysWords.now({ count: own.count, at }))}
      ${clean ? picture(clean.address, staysWords.cleanAlt(clean), staysWords.clean(clean)) : null}
    </ul>`
  );
}
