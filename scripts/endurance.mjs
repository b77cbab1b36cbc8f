/** `npm run endurance`: the specs that `npm test` runs with smaller figures, with their full ones. */
process.env.PORTHOLE_ENDURANCE = '1';
process.argv.splice(
  2,
  Infinity,
  'properties/',
  'encoder/hostile-pictures',
  'sync/outbox',
  'sync/missing-records',
  'journeys/monitor',
  'journeys/kill',
  'domain/camera/clock',
  'storage/any-order',
  'station/door',
  'station/month',
  'station/unsteady-share',
  'station/hour',
);
await import('./test.mjs');
