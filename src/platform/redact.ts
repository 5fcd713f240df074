/** What private data is replaced with in the log. The order matters: an earlier match may be part of a later one. */
const replacements: readonly [RegExp, string][] = [
  // Tokens of every kind (contract, section 2), and whatever is sent as one.
  [/\b(?:login_acc|acc|api|refresh)_[\w-]+/g, '‹token›'],
  [/\beyJ[\w-]+(?:\.[\w-]*)*/g, '‹token›'],
  [/\bbearer\s+\S+/gi, '‹token›'],
  [/[^\s@"'<>()[\]{},;:]+@[^\s@"'<>()[\]{},;:]+/g, '‹e-mail›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '‹id›'],
  [/\b(?:con|conv|tcu|org|not|usr|u|ch|bu|msg|file|act|cmt)_[\w‹›-]+/g, '‹id›'],
  // What has the length and the signs of a secret.
  [/[\w-]{32,}/g, '‹secret›'],
  [/(?<![\w.])\+?\d(?:[\s().-]?\d){6,}(?!\w| ms\b)/g, '‹number›'],
  // oxlint-disable-next-line no-control-regex -- they could make a line look like another
  [/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�'],
];

/** A request's id at the end of a line, in the forms that are usual and that no token has. */
const requestId = / request (?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,32})$/i;

/** A text as the log may hold it: without tokens, e-mails, phone numbers and ids. Names cannot be told from words. */
export function redacted(text: string): string {
  const kept = requestId.exec(text)?.[0] ?? '';
  const rest = text.slice(0, text.length - kept.length);
  return replacements.reduce((result, [pattern, sign]) => result.replace(pattern, sign), rest) + kept;
}
