import { expect, test } from '@playwright/test';
import { openGraph } from '../../../scripts/open-graph.mjs';

/** Names and contents of the tags. */
function tagsOf(homepage?: string): Record<string, string> {
  const { transformIndexHtml } = openGraph(homepage) as unknown as {
    transformIndexHtml: () => { attrs: Record<string, string> }[];
  };
  return Object.fromEntries(
    transformIndexHtml().map(({ attrs }) => [attrs['property'] ?? attrs['name'], attrs['content']]),
  );
}

test('a link shows a picture by the full address of a page that knows its own', () => {
  for (const homepage of ['https://example.org/lens', 'https://example.org/lens/']) {
    expect(tagsOf(homepage)).toMatchObject({
      'og:url': 'https://example.org/lens/',
      'og:image': 'https://example.org/lens/social.jpg',
      'twitter:card': 'summary_large_image',
    });
  }
  expect(tagsOf()).toMatchObject({ 'og:image': './social.jpg' });
  expect(tagsOf()).not.toHaveProperty(['og:url']);
});
