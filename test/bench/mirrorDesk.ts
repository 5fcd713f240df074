import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ContactService } from '../../src/api/contactService.ts';
import { startGateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { sitAt, within } from './desk.ts';
import { firstPage, search, typedQueries } from './list.ts';
import { sizeRow, type BenchRow } from './statistics.ts';

/** The busy one is only where the bench has put them. */
const queries = typedQueries.filter((query) => query !== 'busy');
const rounds = 3;
const treeRuns = 20;
const fewContacts = 500;
const maxPaintedMs = 100;
const maxTreeMs = 300;
const maxGrowthBytes = 10_000_000;

/**
 * What a user sees of many contacts on this machine whose server does not answer, and what they cost the extension host.
 * @param mirror the folder of a whole mirror, which is moved away.
 */
export async function benchMirrorDesk(mirror: string, count: number): Promise<BenchRow[]> {
  const gateway = await startGateway({ latency: 0 }, undefined, fewContacts);
  const service = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
  const [first] = (await service.list({ limit: 1 })).items;
  service.dispose();
  const desk = await sitAt(gateway.url, gateway.key, first?.display_name ?? '', 'ask');
  try {
    const { workbench, kept } = desk;
    const title = workbench.view('Contacts').locator('.pane-header');
    const heap = async (): Promise<number> => (await desk.probe<{ bytes: number }>({ kind: 'heap' })).bytes;
    const without = await heap();
    await workbench.notification.getByRole('button', { name: 'Keep Them Here' }).click();
    await poll('a few are here', 60_000, () => existsSync(kept) && readdirSync(kept).length === 1);
    await poll('all of the few', 60_000, async () => !(await title.innerText()).includes('searchable'));
    const [accountId = ''] = readdirSync(kept);
    // Its server has what it has opened; the window that is loaded now finds the others.
    renameSync(join(kept, accountId), join(desk.workspace, 'few'));
    renameSync(mirror, join(kept, accountId));
    await gateway.behave({ isUnreachable: true });
    await workbench.reload();
    await workbench.showContacts();
    await poll('the many', 120_000, async () => (await title.innerText()).includes(count.toLocaleString('en')));
    await workbench.rows('Contacts').first().waitFor();
    const painted: number[] = [];
    for (let round = 0; round < rounds; round++)
      for (const query of queries) {
        painted.push(await search(desk, query));
        console.log(query, painted.at(-1));
      }
    await workbench.page.keyboard.press('Escape');
    const tree: number[] = [];
    for (let run = 0; run < treeRuns; run++) tree.push(await firstPage(desk));
    const growth = (await heap()) - without;
    const of = `mirror of ${count.toLocaleString('en')}, unplugged`;
    return [
      within(`${of}: key press to painted results`, painted, maxPaintedMs),
      within(`${of}: command to the tree’s first page painted`, tree, maxTreeMs),
      sizeRow(`${of}: the extension host’s heap beside that without a mirror`, growth, maxGrowthBytes),
    ];
  } finally {
    await desk.leave();
    await gateway.stop();
  }
}
