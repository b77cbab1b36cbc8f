import type { Reporter, TestCase } from '@playwright/test/reporter';

/** Says at the end why each test was skipped; the list of Playwright names it alone. */
export default class SkipReporter implements Reporter {
  readonly #skipped = new Map<string, number>();

  onTestEnd({ annotations }: TestCase, { status }: { status: string }): void {
    if (status !== 'skipped') return;
    const reason = annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given';
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  onEnd(): void {
    for (const [reason, count] of this.#skipped) console.log(`${String(count)} skipped: ${reason}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
