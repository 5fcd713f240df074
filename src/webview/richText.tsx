import type { ComponentChild } from 'preact';
import './richText.css';
import type { TextBlock, TextRun } from '../protocol/contactViews.ts';
import { usePage } from './pageContext.ts';

/** Text with its paragraphs, lists, code and links. It is made of elements, never of HTML. */
export const RichText = ({ blocks }: { blocks: readonly TextBlock[] }) => (
  <div class="rich-text">
    {blocks.map((block, index) => (
      // oxlint-disable-next-line react/no-array-index-key -- a text is drawn anew as a whole
      <Block key={index} {...block} />
    ))}
  </div>
);

function Block({ kind, depth, isQuoted, marker, runs }: TextBlock) {
  // A style attribute would be refused by the page's policy.
  const place = `depth-${depth}${isQuoted ? ' quoted' : ''}`;
  // oxlint-disable-next-line react/no-array-index-key -- a text is drawn anew as a whole
  const content = runs.map((run, index) => <Run key={index} {...run} />);
  if (kind === 'rule') return <hr class={place} />;
  if (kind === 'code')
    return (
      <pre class={place}>
        {marker !== '' && <span class="code-name">{marker}</span>}
        {content}
      </pre>
    );
  if (kind === 'heading') return <p class={`${place} heading`}>{content}</p>;
  return (
    <p class={place}>
      {marker !== '' && <span class="marker">{marker} </span>}
      {content}
    </p>
  );
}

function Run({ text, isStrong, isEmphasized, isStruck, isCode, link }: TextRun) {
  let shown: ComponentChild = text;
  if (isCode) shown = <code>{shown}</code>;
  if (isStruck) shown = <s>{shown}</s>;
  if (isEmphasized) shown = <em>{shown}</em>;
  if (isStrong) shown = <strong>{shown}</strong>;
  return link === '' ? <>{shown}</> : <Link address={link} text={text} shown={shown} />;
}

/** Says where it leads, whatever its text says. VS Code asks before it opens what it does not know. */
function Link({ address, text, shown }: { address: string; text: string; shown: ComponentChild }) {
  const { strings } = usePage();
  const { hostname, pathname } = new URL(address);
  const place = hostname || pathname;
  return (
    <>
      <a href={address} title={strings.openLink.replace('{0}', address)}>
        {shown}
      </a>
      {placeIn(text) !== place && <span class="link-place"> ({place})</span>}
    </>
  );
}

/** The place that a text names by itself; another than the true one is a lie. */
const placeIn = (text: string): string | undefined =>
  text
    .replace(/^(?:https?:\/\/|mailto:)/i, '')
    .split(/[/?#]/)[0]
    ?.toLowerCase();
