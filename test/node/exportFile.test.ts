import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { Contact } from '../../src/api/decode/contact.ts';
import { contactsAsCsv } from '../../src/contacts/export/contactCsv.ts';
import { CountedOutput, type OutputOptions } from '../../src/contacts/export/countedOutput.ts';
import { writeAtomically } from '../../src/contacts/export/csvFile.ts';
import { CsvGuard } from '../../src/contacts/export/csvGuard.ts';
import { withHeader } from '../../src/contacts/export/serverCsv.ts';
import { UnfinishedExports } from '../../src/contacts/export/unfinishedExports.ts';
import { unescapeFormula, escapeFormula } from '../../src/contract/formulaEscaping.ts';
import { csvColumns } from '../../src/contract/vocabulary.ts';
import { exitOf, poll } from '../harness/processes.ts';
import { temporaryDirectory } from './support/app.ts';

const exporter = fileURLToPath(new URL('support/slowExport.ts', import.meta.url));

/** Passes `csv` through a guard in pieces of these sizes, one after the other and from the first again. */
function guarded(csv: Buffer, sizes: readonly number[]): { csv: Buffer; rows: number } {
  const guard = new CsvGuard();
  const out: Buffer[] = [];
  for (let at = 0, turn = 0; at < csv.length; turn++) {
    const size = sizes[turn % sizes.length] ?? csv.length;
    out.push(...guard.push(csv.subarray(at, at + size)));
    at += size;
  }
  out.push(...guard.end());
  return { csv: Buffer.concat(out), rows: guard.rows };
}

const rowsOf = (csv: Buffer): string[][] => parse(csv, { relax_column_count: true, skip_empty_lines: true });
/** A cell as the guard leaves it: one that has an apostrophe already is safe. */
const safe = (cell: string): string => (cell.startsWith("'") ? cell : escapeFormula(cell));

const hostile = [
  '=1+1', '+1-555-1234', '+84912000345', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1', ' =1', '"=1"', '\u00a0=1', '\u3000=1',
  '＝1', '＋1', '－1', '＠x', "'=1", '=cmd|\' /C calc\'!A0', '+12', '+', '"', '""', ',', 'a,b', 'a\nb', 'a\r\nb', '',
  'Zoë', '\u202egnp.exe', '👩‍👩‍👧', '+8491200034512345', '+849x', 'İ', '王,"小"\n伟', ' \n=1', '\ufeff=1',
]; // prettier-ignore

describe('a CSV on its way to a file', () => {
  for (const text of hostile) {
    it(`has no formula of ${JSON.stringify(text)}`, () => {
      const rows = [
        ['id', 'name'],
        ['a', text],
        [text, 'b'],
        [text, text],
      ];
      for (const isQuoted of [false, true]) {
        const csv = Buffer.from(stringify(rows, { quoted: isQuoted }));
        for (const size of [1, 2, 3, 7, csv.length]) {
          const result = guarded(csv, [size]);
          assert.deepEqual(
            rowsOf(result.csv),
            rows.map((row) => row.map(safe)),
          );
          assert.equal(result.rows, rows.length - 1);
          assert.deepEqual(guarded(result.csv, [size]).csv, result.csv, 'once is enough');
        }
      }
    });
  }

  it('is the same but for such cells, whatever is in it and however it is cut', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...hostile), fc.string());
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        table,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (rows, quoted, sizes) => {
          const named = [['one', 'two', 'three'], ...rows];
          const csv = Buffer.from(stringify(named, { quoted }));
          const result = guarded(csv, sizes);
          assert.deepEqual(
            rowsOf(result.csv),
            rowsOf(csv).map((row) => row.map(safe)),
          );
          if (named.flat().every((each) => safe(each) === each)) assert.deepEqual(result.csv, csv);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('takes lines that end in CR LF, a last line without an end, and one that is cut off', () => {
    const lines = Buffer.from('a,b\r\n=1,\r\nx,=2');
    assert.equal(guarded(lines, [2]).csv.toString(), 'a,b\r\n"\'=1",\r\nx,"\'=2"');
    assert.equal(guarded(lines, [100]).rows, 2);
    assert.equal(guarded(Buffer.from('a\n"=1'), [1]).csv.toString(), 'a\n"\'=1"');
    assert.equal(guarded(Buffer.from('a,b\n'), [1]).rows, 0);
    assert.equal(guarded(Buffer.alloc(0), [1]).rows, 0);
  });

  it('has every field of a contact as it is, in the columns that are wanted', async () => {
    const contacts = hostile.map((text, index): Contact => ({
      ...Object.fromEntries(csvColumns.map((column) => [column, text])),
      id: `con_${index}`,
      labels: [text, 'x'],
      additional_params: {},
      other: {},
    }));
    const batches = async function* (): AsyncGenerator<Contact[]> {
      yield contacts;
    };
    for (const isExact of [true, false]) {
      const parts: Uint8Array[] = [];
      for await (const part of contactsAsCsv(batches(), ['id', 'email', 'labels'], ['ID', 'E-mail', 'Labels'], isExact))
        parts.push(part);
      const [header, ...rows] = rowsOf(Buffer.concat(parts));
      assert.deepEqual(header, ['ID', 'E-mail', 'Labels']);
      const read = isExact ? (text: string): string => text : unescapeFormula;
      assert.deepEqual(
        rows.map((row) => row.map(read)),
        hostile.map((text, index) => [`con_${index}`, text, `${text}; x`]),
      );
    }
  });
});

describe('an export', () => {
  const output = async (options: Omit<OutputOptions, 'onProgress'>, texts = ['name\n=1', '+1\n']): Promise<string> => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (const text of texts) yield Buffer.from(text);
    };
    const counted = new CountedOutput(source(), options);
    const parts: Uint8Array[] = [];
    for await (const part of counted) parts.push(part);
    const whole = Buffer.concat(parts);
    assert.deepEqual([counted.rows, counted.bytes], [1, whole.length]);
    return whole.toString();
  };

  it('is safe for spreadsheets unless it is to be exact, and marked as UTF-8 where that is wanted', async () => {
    assert.equal(await output({ isExact: false }), `name\n"'=1+1"\n`);
    assert.equal(await output({ isExact: true, hasByteOrderMark: true }), '\ufeffname\n=1+1\n');
    // The server may have written one.
    assert.equal(await output({ isExact: true, hasByteOrderMark: true }, ['\ufeffname\n1\n']), '\ufeffname\n1\n');
  });
});

describe("a server's CSV under another header", () => {
  const columns = ['id', 'email'] as const;
  let isLeft = false;
  const inPieces = async function* (csv: string, size: number): AsyncGenerator<Uint8Array> {
    isLeft = false;
    const bytes = Buffer.from(csv);
    try {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    } finally {
      isLeft = true;
    }
  };
  const read = async (csv: string, size: number): Promise<string | undefined> => {
    const result = await withHeader(inPieces(csv, size), columns, ['ID', 'E-mail, work']);
    if (result === undefined) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of result) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  it('has all rows, however it is cut', async () => {
    for (const size of [1, 3, 8, 9, 10, 100]) {
      assert.equal(await read('id,email\na,é@x\n', size), 'ID,"E-mail, work"\na,é@x\n');
      assert.equal(await read('id,email\n', size), 'ID,"E-mail, work"\n');
    }
  });

  it('is none where the server gave other columns, and the answer is left', async () => {
    for (const csv of ['', 'id', 'id,email', 'id,email,phone\na,b,c\n', 'email,id\n', 'id,emails\n', '\n']) {
      for (const size of [1, 4, 100]) {
        assert.equal(await read(csv, size), undefined, csv);
        assert.ok(isLeft);
      }
    }
  });

  it('is left when nobody reads on', async () => {
    const result = await withHeader(inPieces('id,email\na,b\nc,d\n', 4), columns, columns);
    assert.ok(result);
    for await (const part of result) if (part.length > 0) break;
    assert.ok(isLeft);
  });
});

describe('a file that is written whole or not at all', () => {
  let folder: string;
  let notes: string;
  let target: string;
  beforeEach(() => {
    folder = temporaryDirectory();
    notes = join(folder, 'notes');
    target = join(folder, 'out', 'contacts.csv');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const prepared = (): UnfinishedExports => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(target, 'as it was');
    return new UnfinishedExports(notes);
  };
  const isAsBefore = (): void => {
    assert.deepEqual(readdirSync(join(folder, 'out')), ['contacts.csv']);
    assert.equal(readFileSync(target, 'utf8'), 'as it was');
  };

  it('takes the place of what was there', async () => {
    const unfinished = prepared();
    await writeAtomically(target, pieces(3), unfinished);
    assert.equal(readFileSync(target, 'utf8').length, 3 * pieceSize);
    assert.deepEqual(readdirSync(join(folder, 'out')), ['contacts.csv']);
    assert.deepEqual(readdirSync(notes), []);
  });

  it('leaves what was there when it fails or is cancelled in the middle', async () => {
    const unfinished = prepared();
    await assert.rejects(
      writeAtomically(target, pieces(3, new Error('the server is gone')), unfinished),
      /server is gone/,
    );
    isAsBefore();
    const controller = new AbortController();
    const written = writeAtomically(target, pieces(Infinity), unfinished, controller.signal);
    await poll('a half-written file', 60_000, () => readdirSync(join(folder, 'out')).length === 2);
    controller.abort();
    await assert.rejects(written, { name: 'AbortError' });
    isAsBefore();
    assert.deepEqual(readdirSync(notes), []);
  });

  it('leaves what was there when the disk fills up', async () => {
    prepared();
    // A limit for one process is a disk that is full for it.
    const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`;
    const child = spawn('sh', ['-c', limited, process.execPath, exporter, target, notes], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    await exitOf(child);
    assert.match(said, /EFBIG|ENOSPC/);
    isAsBefore();
    assert.deepEqual(readdirSync(notes), []);
  });

  it('leaves what was there when it is killed, and nothing else once another has looked', async () => {
    const unfinished = prepared();
    const child = spawn(process.execPath, [exporter, target, notes, 'for ever'], { stdio: 'ignore' });
    await poll('a half-written file', 60_000, () => readdirSync(join(folder, 'out')).length === 2);
    unfinished.sweep();
    assert.equal(readdirSync(join(folder, 'out')).length, 2, 'it is still being written');
    child.kill('SIGKILL');
    await exitOf(child);
    assert.equal(readFileSync(target, 'utf8'), 'as it was');
    unfinished.sweep();
    isAsBefore();
    assert.deepEqual(readdirSync(notes), []);
  });

  it('removes no file that a note names without being one of ours', async () => {
    const unfinished = prepared();
    unfinished.sweep();
    unfinished.add(target);
    const [note = ''] = readdirSync(notes);
    writeFileSync(join(notes, note), JSON.stringify({ path: target, process: 2 ** 30 }));
    writeFileSync(join(notes, 'broken.json'), '{');
    unfinished.sweep();
    assert.ok(existsSync(target));
    assert.deepEqual(readdirSync(notes), []);
  });
});

const pieceSize = 10_000;

async function* pieces(count: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < count; piece++) {
    await new Promise((resolve) => setImmediate(resolve));
    yield Buffer.alloc(pieceSize, 'x');
  }
  if (failure !== undefined) throw failure;
}
