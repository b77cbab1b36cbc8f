import { demo, openWithDemo, storedIn, writeStored, inDatabase, test } from './support';
import { openPlace } from '../open-place';
test('look', async ({ page }) => {
  test.setTimeout(400_000);
  await openWithDemo(page);
  const [camera] = await storedIn<any>(page, 'cameras');
  const references = await storedIn<any>(page, 'references');
  console.log(JSON.stringify({ ...camera, configToml: 0 }), references.map((r: any) => [r.id, r.version, r.beganAt, r.embeddings.length]));
  const DAY = 86_400_000;
  const jobs = await storedIn<any>(page, 'jobs');
  const job = jobs.filter((j: any) => j.jobStatus === 'Completed')[20];
  const first = Math.min(...references[0].capturedAt);
  const start = first - 130 * DAY;
  await inDatabase(page, async (db, { start, DAY, job, cameraId, refId }) => {
    const get = (s: string, k: any) => new Promise<any>((r) => { const q = db.transaction(s).objectStore(s).get(k); q.onsuccess = () => r(q.result); });
    const base = await get('references', refId);
    const thumbs: any[] = [];
    for (let i = 0; i < base.embeddings.length; i++) thumbs.push(await get('thumbnails', [refId, i]));
    const tx = db.transaction(['references', 'thumbnails', 'events', 'jobs', 'cameras'], 'readwrite');
    const cam = await new Promise<any>((r) => { const q = tx.objectStore('cameras').get(cameraId); q.onsuccess = () => r(q.result); });
    const cycles = [[0, 29, 22], [29, 55, 24], [55, 95, 31], [95, 128, null]] as const;
    const timeline: any[] = [];
    for (const [i, [b, e, dirty]] of cycles.entries()) {
      const beganAt = start + b * DAY;
      const id = `cycle${i}`;
      const capturedAt = base.embeddings.map((_: any, k: number) => beganAt + k * DAY / 8);
      if (i !== 2) {
        tx.objectStore('references').put({ ...base, id, capturedAt, createdAt: beganAt + 5 * DAY, ...(i > 0 && { beganAt }) });
        thumbs.forEach((t, k) => t && tx.objectStore('thumbnails').put(t, [id, k]));
        timeline.push({ at: i === 0 ? 0 : beganAt + 5 * DAY, referenceId: id });
      }
      if (i > 0) tx.objectStore('events').put({ id: `e${i}`, cameraId, kind: i === 2 ? 'clean' : 'cleaned', at: beganAt, note: '' });
      for (let d = b; d < e; d += 0.25) {
        const isDirty = dirty !== null && d - b >= dirty;
        tx.objectStore('jobs').put({ ...job, id: `j${d}`, contentSha256: `c${d}`, imageName: `p${d}.jpg`, capturedAt: start + d * DAY, glass: undefined, distance: isDirty ? 0.3 : 0.01, driftStatus: isDirty ? 'drift' : 'normal' });
      }
    }
    tx.objectStore('cameras').put({ ...cam, cyclesFrom: 0, timeline: [...timeline, ...(cam.timeline ?? []).filter((t: any) => t.at > 0), { at: start + 129 * DAY, referenceId: refId }].sort((a: any, b: any) => a.at - b.at) });
    await new Promise((r) => (tx.oncomplete = r));
  }, { start, DAY, job, cameraId: camera.id, refId: references[0].id });
  await page.reload();
  await openPlace(page, 'Camera');
  await page.waitForTimeout(2500);
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((t) => { document.documentElement.dataset['theme'] = t; }, theme);
    for (const width of [1280, 820, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/cyclespage-${theme}-${width}.png`, fullPage: width === 390 ? false : false });
    }
  }
});
