import { offlineWords } from '../../words/offline';

/**
 * Shows, in place of the page, that it does nothing inside another page's frame, and a way out. Who frames it could lay
 * something else over it and lead a click astray.
 */
export function showFramed(target: HTMLElement): void {
  const sentence = document.createElement('p');
  sentence.textContent = offlineWords.framed.told;
  const link = document.createElement('a');
  Object.assign(link, {
    className: 'button',
    href: location.href,
    target: '_blank',
    rel: 'noopener',
    textContent: offlineWords.framed.open,
  });
  const way = document.createElement('p');
  way.append(link);
  const place = document.createElement('main');
  place.className = 'opening';
  place.append(sentence, way);
  target.replaceChildren(place);
}
