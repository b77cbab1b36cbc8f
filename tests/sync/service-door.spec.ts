/** The outbox asks four things of a service, and need not know which it is; in a real page. */
import { expect } from '@playwright/test';
import { openLab, test, type Lab } from './outbox-lab';
import { audited, poll, queue, range } from './outbox-steps';

declare const lab: Lab;
declare const kept: { readonly id: string; text: string }[];

test('a service that is not DriftWatch gets each record once, though its answer to one never comes', async ({
  shared: page,
}) => {
  const baseUrl = 'https://archive.example/v1';
  const timings = { timeout: 1500, settle: 50, backoffBase: 20, backoffMost: 200 };
  const experimentId = '00000000-0000-4000-8000-000000000000';
  await openLab(page, { baseUrl, mytokenServer: baseUrl, mytoken: '', experimentId, timings });
  await queue(page, range(3));
  await page.evaluate(
    async ({ baseUrl, timings }) => {
      const { AppError } = await import('/src/core/domain/errors.ts');
      type Service = import('../../src/features/driftwatch/outbox/delivery-lane').RecordService;
      const kept: { readonly id: string; text: string }[] = [];
      const arrived = ({ id, text }: (typeof kept)[number]) => ({
        ...{ id, createdAt: Date.now() },
        says: (body: string) => body === text,
      });
      const service: Service = {
        send: async (_experiment, text) => {
          const record = { id: String(kept.length), text };
          kept.push(record);
          if (kept.length === 2) throw new AppError('no-answer');
          return arrived(record);
        },
        find: async (_experiment, jobIds) =>
          new Map(
            jobIds.map((jobId) => [jobId, kept.filter(({ text }) => text.includes(jobId)).map(arrived)]),
          ),
        replace: async (_experiment, id, text) => {
          const record = kept.find((each) => each.id === id)!;
          record.text = text;
          return arrived(record);
        },
        remove: async (_experiment, id) => {
          kept.splice(
            kept.findIndex((each) => each.id === id),
            1,
          );
        },
      };
      Object.assign(globalThis, { kept });
      lab.outbox.work({ baseUrl, service, timings });
    },
    { baseUrl, timings },
  );
  await poll(() => audited(page)).toEqual({ confirmed: 3 });
  const bodies = await page.evaluate(async () => (await lab.deliveries()).map(({ body }) => body));
  expect(await page.evaluate(() => kept.map(({ text }) => text))).toEqual(bodies);
});
