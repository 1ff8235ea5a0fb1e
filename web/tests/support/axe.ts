// axe-core on the page as it stands.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const kSource = readFileSync(
  createRequire(join(process.cwd(), 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8',
);

interface AxeResults {
  violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[];
}
declare const axe: { run(): Promise<AxeResults> };

/** One line for each element that breaks a rule. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(kSource);
  const results = await page.evaluate(() => axe.run());
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`),
  );
}
