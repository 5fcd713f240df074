/** What runs on this machine; Linux only, as are those who ask. */
import { readdirSync, readFileSync } from 'node:fs';

/** The processes whose command line holds every one of `texts`. */
export const processesWith = (...texts: string[]): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return texts.every((text) => commandLine.includes(text));
      } catch {
        return false;
      }
    });

export const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
