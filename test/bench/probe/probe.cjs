const { appendFileSync, mkdirSync, readFileSync, renameSync, watch, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const vscode = require('vscode');

const ours = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === 'contact-lookup');
const watched = [ours.id, 'vscode.git', 'vscode.npm'];

/** Closing a panel goes on for a while after it is closed. */
const settleMs = 300;

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
  context.subscriptions.push({ dispose: () => clearInterval(timer) }, openOnDemand(folder), answerQuestions(folder));
};

/** Answers what is written to `question.json`, in `answer.json`. */
function answerQuestions(folder) {
  const path = join(folder, 'question.json');
  const answers = {
    panels: ({ ids }) => measurePanels(ids),
    heap: () => ({ bytes: heapUsed() }),
    growth: ({ command, times }) => measureGrowth(command, times),
    command: ({ command }) => runCommand(command),
    setting: ({ name, value }) => vscode.workspace.getConfiguration().update(name, value, true),
  };
  const watcher = watch(folder, async (_event, name) => {
    if (name !== 'question.json') return;
    const text = readFileSync(path, 'utf8');
    if (text === '') return;
    writeFileSync(path, '');
    const question = JSON.parse(text);
    const answer = await answers[question.kind](question);
    writeFileSync(join(folder, 'answer.part'), JSON.stringify(answer ?? {}));
    renameSync(join(folder, 'answer.part'), join(folder, 'answer.json'));
  });
  return { dispose: () => watcher.close() };
}

function heapUsed() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  for (let round = 0; round < 4; round++) collect();
  return process.memoryUsage().heapUsed;
}

/** What is left in the heap by opening and closing a panel for each of `ids`. */
async function measurePanels(ids) {
  const openAndClose = async (some) => {
    for (const contactId of some) {
      await vscode.commands.executeCommand('contactLookup.openContact', { contactId });
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    }
  };
  // What is loaded with the first panels stays, however many follow.
  await openAndClose(ids.slice(0, 20));
  const before = heapUsed();
  await openAndClose(ids.slice(20));
  return { opened: ids.length - 20, growth: heapUsed() - before };
}

/** What is left in the heap by running a command again and again. */
async function measureGrowth(command, times) {
  const before = heapUsed();
  for (let run = 0; run < times; run++) await vscode.commands.executeCommand(command);
  // VS Code draws a tree a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return { growth: heapUsed() - before };
}

async function runCommand(command) {
  const startedAt = performance.timeOrigin + performance.now();
  await vscode.commands.executeCommand(command);
  return { startedAt };
}

async function openAlone(folder, contactId) {
  // What is still open is closed first; the panel would only be shown again.
  const { tabGroups } = vscode.window;
  await tabGroups.close(tabGroups.all.flatMap((group) => group.tabs));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const startedAt = performance.timeOrigin + performance.now();
  await vscode.commands.executeCommand('contactLookup.openContact', { contactId });
  writeFileSync(join(folder, 'opened'), String(startedAt));
}

/** Opens the contact whose id is written to `open`, and notes in `opened` when it began to. */
function openOnDemand(folder) {
  const watcher = watch(folder, (_event, name) => {
    if (name !== 'open') return;
    const contactId = readFileSync(join(folder, 'open'), 'utf8');
    if (contactId === '') return;
    writeFileSync(join(folder, 'open'), '');
    void openAlone(folder, contactId);
  });
  return { dispose: () => watcher.close() };
}
