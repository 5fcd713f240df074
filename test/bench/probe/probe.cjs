const { appendFileSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');

const watched = ['contact-lookup.contact-lookup', 'vscode.git', 'vscode.npm'];

// For the bench only: once all that is watched is active, writes what VS Code has measured of it.
exports.activate = (context) => {
  const folder = context.globalStorageUri.fsPath;
  mkdirSync(folder, { recursive: true });
  const timer = setInterval(() => {
    const marks = new Map(globalThis.MonacoPerformanceMarks.getMarks().map((mark) => [mark.name, mark.startTime]));
    const between = (start, end, id) =>
      marks.get(`code/extHost/${end}/${id}`) - marks.get(`code/extHost/${start}/${id}`);
    const times = watched.map((id) => [
      id,
      between('willLoadExtensionCode', 'didLoadExtensionCode', id),
      between('willActivateExtension', 'didActivateExtension', id),
    ]);
    if (times.some(([, load, activate]) => Number.isNaN(load + activate))) return;
    clearInterval(timer);
    appendFileSync(join(folder, 'marks.jsonl'), `${JSON.stringify(times)}\n`);
  }, 200);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
};
