import { expect, type Locator, type Page } from '@playwright/test';
import {
  check,
  demo,
  made,
  openDetails,
  openWithCamera,
  read,
  test,
  type MadeFile,
  violations,
} from './support';

/** Shares of the width and height: a blot on the glass, and the place of a fish in one picture. */
const BLOT = { x: 0.3, y: 0.4 };
const FISH = { x: 0.7, y: 0.4 };
const COUNT = 7;

/** Clean snapshots of the reef an hour apart from 1 June 2026, 08:00 on: a blot is on each, a fish swims through the last. */
async function blotted(page: Page): Promise<MadeFile[]> {
  const sources = demo.reference.slice(0, COUNT).map((path) => read(path).toString('base64'));
  const drawn = await page.evaluate(
    async ({ sources, blot, fish }) => {
      const drawn: string[] = [];
      for (const [i, source] of sources.entries()) {
        const blob = new Blob([Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0))]);
        const picture = await createImageBitmap(blob);
        const { width, height } = picture;
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d')!;
        context.drawImage(picture, 0, 0);
        for (const { x, y } of i === sources.length - 1 ? [blot, fish] : [blot]) {
          context.fillStyle = '#e00000';
          context.fillRect(x * width - 20, y * height - 20, 40, 40);
        }
        const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
        const bytes = new Uint8Array(await jpeg.arrayBuffer());
        drawn.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
      }
      return drawn;
    },
    { sources, blot: BLOT, fish: FISH },
  );
  return drawn.map((text, i) =>
    made(`20260601-${String(8 + i).padStart(2, '0')}0000-DEMO.jpg`, Buffer.from(text, 'base64')),
  );
}

/** Red less the other colours, at a place of a picture. */
async function redness(
  picture: Locator,
  { x, y }: { readonly x: number; readonly y: number },
): Promise<number> {
  return picture.evaluate(
    async (image: HTMLImageElement, at) => {
      await image.decode();
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.drawImage(image, -at.x * image.naturalWidth, -at.y * image.naturalHeight);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      return red! - Math.max(green!, blue!);
    },
    { x, y },
  );
}

test('what stays in the newest snapshots is a blot and not a fish, the clean picture has neither, and card and report show what stays @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await check(page, await blotted(page));
  const look = page.getByRole('region', { name: 'The lens' });
  const newest = look.getByRole('img', { name: /^Picture / });
  await expect(newest).toBeVisible();
  expect(await redness(newest, FISH)).toBeGreaterThan(100);

  const choice = look.getByRole('button', { name: 'What stays' });
  await choice.click();
  const own = look.getByRole('img', { name: /^What stays in 7 pictures up to 1 June( 2026)?, 14:00 UTC$/ });
  expect(await redness(own, BLOT)).toBeGreaterThan(100);
  expect(await redness(own, FISH)).toBeLessThan(20);
  await choice.click();
  const clean = look.getByRole('img', { name: /^Clean picture/ });
  for (const place of [BLOT, FISH]) expect(await redness(clean, place)).toBeLessThan(20);
  await choice.click();
  await expect(own).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await (await openDetails(page)).getByRole('button', { name: 'Why?' }).click();
  const card = page.getByRole('dialog');
  await card.getByText('How it was judged').click();
  expect(await redness(card.getByRole('img', { name: /^What stays in 7 pictures/ }), BLOT)).toBeGreaterThan(
    100,
  );
  const report = await page.evaluate(async () => (await globalThis.porthole.station()).report('Reef'));
  expect(report.match(/alt="What stays in 7 (clean )?pictures/g)).toHaveLength(2);
});
