/** The outbox asks four things of a service, and need not know which it is. */
import { expect } from '@playwright/test';
import { AppError } from '../../../src/core/domain/errors';
import type { RecordService } from '../../../src/features/driftwatch/outbox/delivery-lane';
import { openLab, test } from '../outbox-lab';
import { audited, poll, range } from '../outbox-steps';

test('a service that is not DriftWatch gets each record once, though its answer to one never comes', async ({
  site,
}) => {
  const { baseUrl, timings } = site.options;
  const lab = await openLab(site.options);
  await lab.queue(range(3));
  const kept: { readonly id: string; text: string }[] = [];
  const arrived = ({ id, text }: (typeof kept)[number]) => ({
    ...{ id, createdAt: Date.now() },
    says: (body: string) => body === text,
  });
  const service: RecordService = {
    send: async (_experiment, text) => {
      const record = { id: String(kept.length), text };
      kept.push(record);
      if (kept.length === 2) throw new AppError('no-answer');
      return arrived(record);
    },
    find: async (_experiment, jobIds) =>
      new Map(jobIds.map((jobId) => [jobId, kept.filter(({ text }) => text.includes(jobId)).map(arrived)])),
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
  lab.outbox.work({ baseUrl, service, timings });
  await poll(() => audited(lab)).toEqual({ confirmed: 3 });
  expect(kept.map(({ text }) => text)).toEqual((await lab.deliveries()).map(({ body }) => body));
});
