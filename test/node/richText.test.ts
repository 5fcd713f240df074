import assert from 'node:assert/strict';
import fc from 'fast-check';
import { richText } from '../../src/contacts/panel/richText.ts';
import type { TextBlock, TextRun } from '../../src/protocol/contactViews.ts';

/** A run as it would be written in HTML, for comparison only. */
const marked = ({ text, isStrong, isEmphasized, isStruck, isCode, link }: TextRun): string => {
  const tags = [isStrong && 'b', isEmphasized && 'i', isStruck && 's', isCode && 'code', link && `a ${link}`];
  return tags.filter(Boolean).reduce<string>((inner, tag) => `<${String(tag)}>${inner}</>`, text);
};
const shown = (text: string): string[] =>
  richText(text).map(
    ({ kind, depth, isQuoted, marker, runs }) =>
      `${kind}${depth > 0 ? depth : ''}${isQuoted ? '>' : ''}${marker && ` ${marker}`}: ${runs.map(marked).join('')}`,
  );
const words = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
const said = (blocks: readonly TextBlock[]): string =>
  blocks.map(({ marker, runs }) => [marker, ...runs.map(({ text }) => text)].join('')).join(' ');

const table: readonly (readonly [string, readonly string[]])[] = [
  ['called back\nnobody there', ['paragraph: called back\nnobody there']],
  ['**strong**, *soft*, ~~gone~~, `a*b*`', ['paragraph: <b>strong</>, <i>soft</>, <s>gone</>, <code>a*b*</>']],
  ['# Head\n\ntext', ['heading: Head', 'paragraph: text']],
  ['- one\n- two\n  - in\n\n3. three', ['item1 •: one', 'item1 •: two', 'item2 •: in', 'item1 3.: three']],
  ['> said\n\nanswer', ['paragraph1>: said', 'paragraph: answer']],
  ['```js\n<b> & \\*\n```\n---', ['code js: <b> & \\*', 'rule: ']],
  ['see https://a.example/x?y=1 or a@b.example', [
    'paragraph: see <a https://a.example/x?y=1>https://a.example/x?y=1</> or <a mailto:a@b.example>a@b.example</>',
  ]],
  ['[name](https://a.example)', ['paragraph: <a https://a.example/>name</>']],
  ['[](https://a.example/x)', ['paragraph: <a https://a.example/x>https://a.example/x</>']],
  // What is not to be opened is text, with its address to be seen.
  ['[x](javascript:alert(1))', ['paragraph: [x](javascript:alert(1))']],
  ['[x](command:workbench.action.quit)', ['paragraph: [x](command:workbench.action.quit)']],
  ['[x](/etc/passwd) [y](file:///etc/passwd)', ['paragraph: [x](/etc/passwd) [y](file:///etc/passwd)']],
  ['<img src=x onerror=alert(1)> <b>not bold</b>', ['paragraph: <img src=x onerror=alert(1)> <b>not bold</b>']],
  ['<script>\nalert(1)\n</script>', ['paragraph: <script>\nalert(1)\n</script>']],
  ['![picture](https://t.example/pixel.png)', ['paragraph: ![picture](https://t.example/pixel.png)']],
  ['[a][b]\n\n[b]: https://c.example "t"', ['paragraph: [a][b]', 'paragraph: [b]: https://c.example "t"']],
  ['evil\u202etxt.exe', ['paragraph: evil⟨202E⟩txt.exe']],
  ['中文 **粗体** và *Tiếng Việt*', ['paragraph: 中文 <b>粗体</> và <i>Tiếng Việt</>']],
  [`${'-'.repeat(40)}\n**An** at x.example`, ['rule: ', 'paragraph: <b>An</> at x.example']],
  ['', []],
]; // prettier-ignore

describe('a comment as its Markdown means it', () => {
  for (const [text, expected] of table) {
    it(JSON.stringify(text), () => assert.deepEqual(shown(text), expected));
  }

  it('loses no word, whatever is written', () => {
    const part = fc.constantFrom(
      '\n', '\n\n', ' ', '> ', '- ', '1. ', '# ', '**', '*', '_', '~~', '`', '```', '[', '](', ')', '<', '>', '</b>',
      '!', '|', '---', '    ', '\\', '[b]: ', 'https://x.example/', 'word', 'từ', '字',
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const kept = words(said(richText(text)));
        for (const word of words(text).split(' ')) assert.ok(kept.includes(word), `${word} of ${JSON.stringify(text)}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not kept busy by text that is made for that', () => {
    for (const piece of ['> ', '- ', '[', '![', '**a', '`', '<', '&', 'a@', '[](', '\\', '_a ', 'www.']) {
      const started = process.cpuUsage();
      richText(piece.repeat(20_000 / piece.length));
      const { user } = process.cpuUsage(started);
      assert.ok(user < 5_000_000, `${piece}: ${user} µs of work`);
    }
  });
});
