/** Comments as their Markdown means them, for a page that makes elements of nothing but these. */
import type { Nodes, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { textLimits, visibleText } from '../../platform/displayText.ts';
import type { TextBlock, TextRun } from '../../protocol/contactViews.ts';

/** Deeper than anybody quotes; what is deeper stands at this depth. */
const maxDepth = 6;
/** The parser's work grows with the square of these. */
const marks = /[*_~[\]`<&]/g;
const maxMarks = 600;
/** What is nested so deep may be deeper than the parser can go: a line with more marks of quotations and lists than anybody writes. */
const tooDeep = /^(?:[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])){30}/m;
const linkSchemes = new Set(['http:', 'https:', 'mailto:']);
const parsing = {
  extensions: [gfmAutolinkLiteral(), gfmStrikethrough({ singleTilde: false })],
  mdastExtensions: [gfmAutolinkLiteralFromMarkdown(), gfmStrikethroughFromMarkdown()],
};
const plain: Omit<TextRun, 'text'> = {
  isStrong: false,
  isEmphasized: false,
  isStruck: false,
  isCode: false,
  link: '',
};

/** Where a block stands. */
type Place = Pick<TextBlock, 'depth' | 'isQuoted'>;

/** Nothing of the text is left out: what is neither text nor a link here is shown as it was written. */
export function richText(text: string): TextBlock[] {
  const source = visibleText(text, textLimits.document);
  const place: Place = { depth: 0, isQuoted: false };
  if (tooDeep.test(source) || (source.match(marks) ?? []).length > maxMarks)
    return [block('paragraph', place, [{ ...plain, text: source }])];
  return fromMarkdown(source, parsing).children.flatMap((node) => blocksOf(node, place, source));
}

function blocksOf(node: RootContent, place: Place, source: string): TextBlock[] {
  switch (node.type) {
    case 'paragraph':
      return [block('paragraph', place, runsOf(node.children, plain, source))];
    case 'heading':
      return [block('heading', place, runsOf(node.children, plain, source))];
    case 'code':
      return [block('code', place, [{ ...plain, text: node.value }], [node.lang, node.meta].filter(Boolean).join(' '))];
    case 'thematicBreak':
      return [block('rule', place, [])];
    case 'blockquote':
      return node.children.flatMap((child) => blocksOf(child, { ...deeper(place), isQuoted: true }, source));
    case 'list':
      return node.children.flatMap((item, index) => {
        const marker = node.ordered === true ? `${(node.start ?? 1) + index}.` : '•';
        const inItem = deeper(place);
        const [first, ...others] = item.children;
        const isText = first?.type === 'paragraph';
        const beginning = block('item', inItem, isText ? runsOf(first.children, plain, source) : [], marker);
        return [beginning, ...(isText ? others : item.children).flatMap((child) => blocksOf(child, inItem, source))];
      });
    default:
      return [block('paragraph', place, [{ ...plain, text: written(node, source) }])];
  }
}

const block = (kind: TextBlock['kind'], place: Place, runs: TextRun[], marker = ''): TextBlock => ({
  kind,
  ...place,
  marker,
  runs,
});

const deeper = ({ depth, isQuoted }: Place): Place => ({ depth: Math.min(depth + 1, maxDepth), isQuoted });

const runsOf = (nodes: readonly PhrasingContent[], look: Omit<TextRun, 'text'>, source: string): TextRun[] =>
  nodes.flatMap((node): TextRun[] => {
    switch (node.type) {
      case 'text':
        return [{ ...look, text: node.value }];
      case 'strong':
        return runsOf(node.children, { ...look, isStrong: true }, source);
      case 'emphasis':
        return runsOf(node.children, { ...look, isEmphasized: true }, source);
      case 'delete':
        return runsOf(node.children, { ...look, isStruck: true }, source);
      case 'inlineCode':
        return [{ ...look, isCode: true, text: node.value }];
      case 'break':
        return [{ ...look, text: '\n' }];
      case 'link': {
        const link = linkTo(node.url);
        if (link === '') return [{ ...look, text: written(node, source) }];
        const runs = runsOf(node.children, { ...look, link }, source);
        // Without a text of its own, its address is what there is to see.
        return runs.some(({ text }) => text.trim() !== '') ? runs : [{ ...look, link, text: node.url }];
      }
      default:
        return [{ ...look, text: written(node, source) }];
    }
  });

/** The address as it will be opened; empty for one that is not to be opened. */
function linkTo(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && linkSchemes.has(url.protocol) ? url.href : '';
}

const written = ({ position }: Nodes, source: string): string =>
  source.slice(position?.start.offset, position?.end.offset);
