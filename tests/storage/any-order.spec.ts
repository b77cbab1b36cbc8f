/**
 * Stored rows of a camera depend on its pictures, their times and a person's entries, and on nothing else: the order in
 * which they came, batches, kills between them, and entries taken back leave no trace. The real IndexedDB, in a page
 * served by Vite; `npm run endurance` tries 200 orders.
 */
import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

const ORDERS = process.env['PORTHOLE_ENDURANCE'] ? 200 : 2;
const SEED = 20_261;

test('every order of snapshots and of what a person enters stores the same, to the last bit', async ({
  page,
}) => {
  test.setTimeout(60_000 + ORDERS * 20_000);
  for (let run = 0; run < ORDERS; run++) {
    // Workers end with their page.
    if (run % 20 === 0) await page.goto(BLANK);
    const seed = SEED + run;
    const differences = await page.evaluate(async (seed) => {
      const { Orders } = await import('/tests/storage/orders.ts');
      return (await Orders.open()).compare(seed);
    }, seed);
    expect(differences, `seed ${String(seed)}`).toEqual([]);
  }
});

test('a long history stores the same in any order too, though it is read in parts @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto(BLANK);
  const differences = await page.evaluate(async (seed) => {
    const { Orders } = await import('/tests/storage/orders.ts');
    return (await Orders.open()).compareLong(seed);
  }, SEED);
  expect(differences).toEqual([]);
});

test('cycles have the same references and verdicts in any order of pictures and cleanings', async ({
  page,
}) => {
  test.setTimeout(60_000 + ORDERS * 60_000);
  await page.goto(BLANK);
  for (let run = 0; run < Math.ceil(ORDERS / 2); run++) {
    const seed = SEED + run;
    const { differences, cycles } = await page.evaluate(async (seed) => {
      const { CycleOrders } = await import('/tests/storage/cycle-orders.ts');
      return new CycleOrders().compare(seed);
    }, seed);
    expect(differences, `seed ${String(seed)}`).toEqual([]);
    expect(cycles).toBeGreaterThan(1);
  }
});

test('a camera that no longer renews its reference is judged by its first one, and as before when it does again @long', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto(BLANK);
  const { differences, meanwhile } = await page.evaluate(async () => {
    const { CycleOrders } = await import('/tests/storage/cycle-orders.ts');
    return new CycleOrders().keepFirst();
  });
  expect(meanwhile).toEqual(['timeline {[[{"at":0,"referenceId":"given"}],"given"]']);
  expect(differences).toEqual([]);
});
