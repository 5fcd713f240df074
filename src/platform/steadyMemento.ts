import type * as vscode from 'vscode';

const maxAttempts = 3;

/**
 * State that reads as it was last written here. VS Code tells every window what has been stored, also the one that
 * stored it, and what it tells of one write would undo the next, which is just on its way.
 */
export function steadyMemento(memento: vscode.Memento): vscode.Memento {
  const onTheirWay = new Map<string, { value: unknown }>();
  return {
    keys: () => memento.keys(),
    get: <T>(key: string, fallback?: T) => {
      const written = onTheirWay.get(key);
      return written === undefined ? memento.get(key, fallback) : ((written.value as T | undefined) ?? fallback);
    },
    update: async (key, value: unknown) => {
      const written = { value };
      onTheirWay.set(key, written);
      try {
        for (let attempt = 0; attempt < maxAttempts && onTheirWay.get(key) === written; attempt++) {
          await memento.update(key, value);
          if (JSON.stringify(memento.get(key)) === JSON.stringify(value)) break;
        }
      } finally {
        if (onTheirWay.get(key) === written) onTheirWay.delete(key);
      }
    },
  };
}
