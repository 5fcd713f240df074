import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe has against the page as it is shown now. */
export async function violations(panel: Frame): Promise<string[]> {
  if (!(await panel.evaluate<boolean>("'axe' in window"))) await panel.evaluate(axeSource);
  const result = await panel.evaluate<{
    passes: unknown[];
    violations: { id: string; nodes: { html: string }[] }[];
  }>("axe.run({ rules: { 'target-size': { enabled: true } } })");
  if (result.passes.length === 0) return ['nothing was looked at'];
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
