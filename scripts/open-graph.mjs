/** The card that a chat or a social network shows beside a link to the page. */

/** The picture, made by `npm run pictures`; not kept on the device. */
export const SOCIAL = { path: 'social.jpg', width: 1200, height: 630 };

/**
 * Puts the tags of the Open Graph protocol (https://ogp.me) into index.html.
 *
 * @param {string} [homepage] - the page's address. Without one the picture's address is relative, which few readers follow
 * @returns {import('vite').Plugin}
 */
export function openGraph(homepage) {
  const address = (path) => (homepage ? new URL(path, homepage.replace(/\/?$/, '/')).href : `./${path}`);
  const facts = {
    type: 'website',
    title: 'Porthole: is your underwater camera’s glass still clean?',
    description: 'Drop its pictures on the page. It says if the glass is clean, and shows where it is not.',
    image: address(SOCIAL.path),
    'image:width': SOCIAL.width,
    'image:height': SOCIAL.height,
    'image:alt': 'A picture of a reef, overgrown in red over most of it, and the verdict: clean the lens.',
    ...(homepage && { url: address('') }),
  };
  return {
    name: 'open-graph',
    transformIndexHtml: () => [
      ...Object.entries(facts).map(([name, content]) =>
        meta({ property: `og:${name}`, content: `${content}` }),
      ),
      meta({ name: 'twitter:card', content: 'summary_large_image' }),
    ],
  };
}

function meta(attrs) {
  return { tag: 'meta', attrs, injectTo: 'head' };
}
