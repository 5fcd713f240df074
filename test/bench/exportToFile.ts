/**
 * node exportToFile.ts URL TOKEN FILE: exports all contacts to a file as the command does, and prints how long it
 * took and how much the process grew. It is a process of its own, so that it grows by nothing else.
 */
import { ContactService } from '../../src/api/contactService.ts';
import { CountedOutput } from '../../src/contacts/export/countedOutput.ts';
import { writeAtomically, type UnfinishedFiles } from '../../src/contacts/export/csvFile.ts';

const [url = '', token = '', file = ''] = process.argv.slice(2);
const noNotes: UnfinishedFiles = { add: () => undefined, done: () => undefined };
const service = new ContactService({ origin: url, credential: { value: token } });
// What the first request loads is not growth by the export.
await service.list({ limit: 100 });
global.gc?.();
const before = process.memoryUsage.rss();
let most = before;
const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
const started = performance.now();
await writeAtomically(
  file,
  new CountedOutput(await service.exportCsv({ sort: '-created_at' }), { isExact: false }),
  noNotes,
);
const milliseconds = performance.now() - started;
clearInterval(timer);
console.log(JSON.stringify({ milliseconds, growth: most - before }));
service.dispose();
