/** Writes a file as an export does, in a process of its own: `slowExport.ts TARGET NOTES [for ever]`. */
import { writeAtomically } from '../../../src/contacts/export/csvFile.ts';
import { UnfinishedExports } from '../../../src/contacts/export/unfinishedExports.ts';

const [target = '', notes = '', isEndless] = process.argv.slice(2);
const pieces = isEndless === undefined ? 100 : Infinity;

async function* content(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < pieces; piece++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield Buffer.alloc(10_000, 'x');
  }
}

try {
  await writeAtomically(target, content(), new UnfinishedExports(notes));
} catch (error) {
  process.stdout.write(String((error as NodeJS.ErrnoException).code));
}
