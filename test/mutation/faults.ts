/** Faults that can be put into a source file, by its lines: the formatter has given all of them the same shape. */

export type FaultKind = 'condition turned' | 'line left out' | 'error swallowed';

export interface Fault {
  kind: FaultKind;
  /** From 1. */
  line: number;
  /** The source with the fault in it. */
  source: string;
}

const condition = /^\s*(?:\} else )?(?:if|while) \(/;
const thrown = /^\s+(?:if \(.+\) )?throw .+;$/;
const statement = /^\s+(?:await |void )?[\w.]+(?:\(.*\)|\[.+\] = .+| [-+|?&]*= .+);$/;
/** What no test is to notice: words for the log, and fields that are only set once. */
const unnoticed = /\blog\.|^\s+this\.(\w+) = \1;$|^\s+super\(|^\s+clearTimeout\(/;
const ofBefore = /[;{}]$/;

export function faultsIn(source: string): Fault[] {
  const lines = source.split('\n');
  return lines.flatMap((text, index): Fault[] => {
    const become = (kind: FaultKind, changed: string): Fault => ({
      kind,
      line: index + 1,
      source: lines.with(index, changed).join('\n'),
    });
    if (thrown.test(text)) return [become('error swallowed', '')];
    const start = condition.exec(text)?.[0].length;
    const end = start === undefined ? undefined : closing(text, start);
    if (start !== undefined && end !== undefined) {
      return [become('condition turned', `${text.slice(0, start)}!(${text.slice(start, end)})${text.slice(end)}`)];
    }
    const isStatement = statement.test(text) && ofBefore.test(lines[index - 1] ?? '') && !unnoticed.test(text);
    return isStatement ? [become('line left out', '')] : [];
  });
}

/** Where the parenthesis that was opened before `start` is closed; `undefined` where that is on another line. */
function closing(text: string, start: number): number | undefined {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++;
    if (text[index] === ')' && --depth === 0) return index;
  }
  return undefined;
}
