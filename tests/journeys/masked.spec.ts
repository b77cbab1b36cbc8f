import { expect, type Page } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import { openPlace } from '../open-place';
import { putFleet } from './fleet';
import {
  check,
  demo,
  made,
  openWithCamera,
  read,
  storedIn,
  test,
  violations,
  writeStored,
  type MadeFile,
} from './support';

const COUNT = 13;

/** Clean snapshots of the reef, an hour apart from 1 June 2026 on, with pale points on the left of the glass. */
async function speckled(page: Page): Promise<MadeFile[]> {
  const sources = demo.reference.slice(0, COUNT).map((path) => read(path).toString('base64'));
  const drawn = await page.evaluate(async (sources) => {
    const drawn: string[] = [];
    for (const source of sources) {
      const blob = new Blob([Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0))]);
      const picture = await createImageBitmap(blob);
      const { width, height } = picture;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(picture, 0, 0);
      context.fillStyle = 'rgb(225 220 190)';
      for (let point = 1; point <= 90; point++) {
        // Spread evenly, in no row.
        const [x, y] = [(point * 0.618034) % 1, (point * 0.754878) % 1];
        context.fillRect(0.4 * x * width, y * height, width / 70, width / 70);
      }
      const jpeg = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      const bytes = new Uint8Array(await jpeg.arrayBuffer());
      drawn.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
    }
    return drawn;
  }, sources);
  return drawn.map((text, i) =>
    made(`20260601-${String(i).padStart(2, '0')}0000-DEMO.jpg`, Buffer.from(text, 'base64')),
  );
}

test('what was on the glass since the cleaning is outlined with its share before it is left out, and told beside the verdict', async ({
  page,
}) => {
  await openWithCamera(page);
  const [camera] = await storedIn<Camera>(page, 'cameras');
  const at = Date.UTC(2026, 4, 31, 23);
  // A camera that keeps its reference: another one learns what is left as its clean view.
  await writeStored(page, {
    cameras: [{ ...camera, renewsReference: false }],
    events: [{ id: 'cleaning', cameraId: camera!.id, kind: 'cleaned', at, note: '' }],
  });
  await page.reload();
  await check(page, await speckled(page));
  const glass = page.getByRole('region', { name: 'On the glass' });
  await expect(glass.getByRole('img', { name: 'The places that would be left out, outlined' })).toBeVisible();
  const offer = glass.getByText(/^This leaves the outlined places out: \d+\s% of the picture in all/);
  const share = /\d+\s%/.exec(await offer.innerText())![0];
  expect(parseInt(share)).toBeGreaterThan(10);
  expect(await violations(page)).toEqual([]);

  await glass.getByRole('button', { name: /^Accept these \d+ places as they are$/ }).click();
  await expect(glass.getByRole('status')).toContainText('The history was judged again');
  const card = page.getByRole('region', { name: 'Verdict' });
  await expect(card).toContainText(`${share} of the picture is left out.`);
  await putFleet(page, [{ name: 'Reef south', inFiles: 'SOUTH', age: 1, every: 2, jobs: 2, growth: 0.01 }]);
  await page.reload();
  await openPlace(page, 'Cameras');
  const tile = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: 'Reef', exact: true }) });
  await expect(tile).toContainText(`${share} of the picture is left out.`);
});
